"""The state of the roadmap at the end of a day, in the order of the paper to the Council.

Facts are rows: `roadmap.state.state_document()` answers from kept versions, the editions of the
Forum come from the Forum. What is said around them is in `roadmap_texts.py`.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.models import Change
from forum.models import Edition
from reference import vocabulary
from reports.builders import roadmap_texts as texts
from reports.builders import sections
from reports.builders.document import Document, written
from reports.builders.figures import Figures, Table
from reports.builders.sections import day, joined
from roadmap import dates
from roadmap.models import ActionLineReview, Agency, Milestone, RecordVersion
from roadmap.models.agency import office_text
from roadmap.state import state_document

FIELDS: tuple[str, ...] = ("as_of",)
COLUMNS: tuple[str, ...] = (
    "part", "section", "kind", "title", "when", "status", "body", "lead", "text", "code",
    "recorded_later", "link", "source",
)  # fmt: skip
LIST = "items"
CHARTS: tuple[tuple[str, str, int], ...] = ()
BODY = "sections.typ"
PAGE = "reports/_sections.html"
CHAPTER = ""
CHAPTERS = ""
INLINE = True
WEB = ("http://", "https://")
PEOPLE = {"edition": "chair"}
FIRST_EDITION, LAST_EDITION = 2022, 2025  # of the review, as the paper tells it


@dataclass(frozen=True)
class Scope:
    """What was public at the end of this day (UTC)."""

    at: datetime.date


def title(publication: Any) -> str:
    """“State of the WSIS+20 roadmap on 24 November 2026”."""
    return _("State of the WSIS+20 roadmap on %(day)s") % {"day": day(publication.as_of)}


def refusals(publication: Any) -> dict[str, Any]:
    return {} if publication.as_of else {"as_of": _("Choose a day.")}


def scope_of(publication: Any) -> Scope:
    return Scope(publication.as_of)


def collect(scope: Scope) -> tuple[Figures, list[Document]]:
    """Items of all sections in their order, and the tables that count them."""
    state = state_document(scope.at, get_language() or settings.LANGUAGE_CODE)
    parts = {section["key"]: section for section in state["sections"]}
    items = [item for part in texts.PARTS for item in items_of(part, parts, scope)]
    milestones = {
        m["id"]: m for section in parts.values() for m in section["items"] if "progress" in m
    }
    tables = [
        part_table(items),
        status_table(milestones.values()),
        stated_table(parts["stocktaking"].get("figures", [])),
    ]
    figures = {
        "total": len(items),
        "at": scope.at.isoformat(),
        "milestones": len(milestones),
        "recorded_later": sum(item["recorded_later"] for item in items),
        "tables": tables,
    }
    return figures, items


def row_of(code: str, label: str, *values: Any) -> Document:
    return {"code": code, "label": label, "values": list(values)}


def part_table(items: list[Document]) -> Table:
    """How many items each section lists; a milestone may stand in two sections."""
    found = Counter(item["part"] for item in items)
    names = texts.headings_of_parts()
    rows = [row_of(part, names[part], found[part]) for part in texts.PARTS if part != "purpose"]
    return {"name": "part", "kind": "partition", "columns": ["items"], "rows": rows}


def status_table(milestones: Iterable[Document]) -> Table:
    """Each milestone once, by the status that it had; one entered later claims none."""
    found = Counter(m["progress"] for m in milestones)
    rows = [row_of(code, str(name), found[code]) for code, name in Milestone.Progress.choices]
    if found[""]:
        rows.append(row_of("", _("Not stated"), found[""]))
    return {"name": "progress", "kind": "several", "columns": ["milestones"], "rows": rows}


def stated_table(figures: list[Document]) -> Table:
    """Figures as their sources wrote them, those on one subject together, the newest first."""
    order = {row["subject"]: n for n, row in enumerate(figures)}
    newest = sorted(figures, key=lambda f: dates.sort_key(f["as_of"]), reverse=True)
    found = sorted(newest, key=lambda f: order[f["subject"]])
    rows = [
        row_of(f["subject"], f["subject_label"], f["written"], f["source"], f["when"], f["note"])
        for f in found
    ]
    columns = ["value", "source", "source_date", "note"]
    return {"name": "stated", "kind": "stated", "columns": columns, "rows": rows}


def items_of(part: str, parts: dict[str, Document], scope: Scope) -> list[Document]:
    """The rows of one section, each made an item by its own kind."""
    found = parts.get(part, {"items": []})
    rows: list[Document] = []
    if part == "resolutions":
        rows = [resolution_item(row) for row in found["items"]]
    elif part == "meetings":
        rows = [meeting_item(row) for row in found["items"]]
    else:
        rows = [milestone_item(row) for row in found["items"]]
    rows = with_editions(rows, scope.at) if part == "forum" else [*extra(part, found, scope), *rows]
    name = texts.headings_of_parts()[part]
    return [row | {"part": part, "section": name} for row in rows]


def with_editions(milestones: list[Document], at: datetime.date) -> list[Document]:
    """The editions of the review first; one that is a milestone too is told once, with both."""
    years = range(FIRST_EDITION, LAST_EDITION + 1)
    rows = Edition.objects.filter(last_year__in=years).order_by("start_date", "last_year", "pk")
    editions = [edition_item(row) for row in rows if begun(row, at)]
    told = {edition["title"]: edition for edition in editions}
    for milestone in milestones:
        if edition := told.get(milestone["title"]):
            edition["status"] = joined(milestone["status"], edition["status"])
            edition["text"] = joined(edition["text"], milestone["text"])
    return [*editions, *(m for m in milestones if m["title"] not in told)]


def extra(part: str, found: Document, scope: Scope) -> Iterable[Document]:
    """What a section tells besides its milestones: documents, bodies, reviews."""
    if part == "stocktaking":
        return [document_item(row) for row in found.get("documents", [])]
    if part == "international":
        return [body_item(row) for row in found.get("bodies", [])]
    if part == "action_lines":
        return reviews(scope.at)
    return []


def reviews(at: datetime.date) -> list[Document]:
    """What facilitators had reported on action lines: milestones reached, challenges, trends."""
    names = dict(ActionLineReview.Section.choices)
    kind = ActionLineReview._meta.model_name
    stood = RecordVersion.objects.filter(record_kind=kind).as_of(at)
    found = [version for version in stood if version.kind != Change.Kind.DELETE]
    found.sort(key=lambda v: (v.content["action_line_id"], v.content["section"], v.record_id))
    agencies = dict(Agency.objects.values_list("pk", "short"))
    return [
        item(
            "review",
            joined(
                version.content["action_line_id"],
                vocabulary.label("action_line", version.content["action_line_id"]),
                names[version.content["section"]],
            ),
            lead=agencies.get(version.content["agency_id"], version.content["agency_id"]),
            when=day(version.at.date()), text=version.content["text"],
            code=version.content["action_line_id"], source=version.content["source"],
            pk=int(version.record_id), text_language=version.content["language"],
        )
        for version in found
    ]  # fmt: skip


def begun(edition: Edition, at: datetime.date) -> bool:
    """Whether the edition had begun by that day; one without a day, whether its year had ended."""
    return edition.start_date <= at if edition.start_date else edition.last_year < at.year


def item(kind: str, title: str, **more: Any) -> Document:
    """A row of the report; names are in the report's language, `text` and `title` in English
    unless `text_language` says otherwise."""
    blank = dict.fromkeys(("when", "status", "body", "lead", "text", "code", "link", "source"), "")
    return {"kind": kind, "title": title, "language": "en", "text_language": "en", "pk": 0,
            "source_note": "", "recorded_later": False, **blank, **more}  # fmt: skip


def recorded(row: Document) -> Document:
    """What every kept record says of itself."""
    return {
        "pk": int(row["id"]) if row["id"].isdigit() else 0,
        "source": row.get("source", ""),
        "recorded_later": row["recorded_later"],
    }


def milestone_item(row: Document) -> Document:
    said = [f"{p['agency_name']}: {p['completion_label']}" for p in row["positions"]]
    if row["disagreement"]:
        said.append(_("the agencies disagree"))
    said += [_("reconciliation note: %(text)s") % {"text": note["text"]} for note in row["notes"]]
    moved = _("first planned: %(when)s") % {"when": row["baseline"]} if row["moved"] else ""
    return item(
        "milestone", row["title"], when=row["when"], status=row["progress_label"],
        body=row["body_name"], lead=row["lead_name"], link=row.get("link", ""),
        text=joined(row.get("summary", ""), moved, *said),
        code=row["roadmap_name"], **recorded(row),
    )  # fmt: skip


def resolution_item(row: Document) -> Document:
    return item(
        "resolution", joined(row.get("symbol", ""), row["title"]), when=row["when"],
        body=row["body_name"], text=row.get("summary", ""), code=row["id"],
        link=row.get("link", ""), **recorded(row),
    )  # fmt: skip


def meeting_item(row: Document) -> Document:
    return item(
        "meeting", row["title"], when=row["when"], body=row["body_name"],
        text=joined(row.get("place", ""), row.get("outcome", "")), link=row.get("link", ""),
        **recorded(row),
    )  # fmt: skip


def document_item(row: Document) -> Document:
    kept = sorted(row.get("issues", []), key=lambda issue: dates.sort_key(issue[1]), reverse=True)
    issues = [joined(label, date and dates.parse(date)) for label, date, _link in kept]
    return item(
        "document", row["title"], text=joined(row.get("note", ""), *issues), **recorded(row)
    )


def body_item(row: Document) -> Document:
    return item(
        "body", joined(row["short"], row["name"]), text=row["description"], code=row["code"],
        status="; ".join(office_text(office) for office in row.get("offices", [])),
        link=row.get("website", ""), **recorded(row),
    )  # fmt: skip


def edition_item(edition: Edition) -> Document:
    days = " – ".join(day(d) for d in (edition.start_date, edition.end_date) if d)
    figures = [f"{capfirst(str(name))}: {written(value)}" for name, value in edition.figures()]
    return item(
        "edition", edition.title, when=days or edition.years, body=edition.venue,
        lead=edition.chair, text=edition.theme, status=joined(*figures), code=edition.slug,
        pk=edition.pk, source=edition.source, source_note=edition.notes,
    )  # fmt: skip


def compose(scope: Scope, figures: Figures) -> Document:
    return texts.compose(figures)


def chapter_of(entry: Document) -> str:
    return str(entry["part"])


def story(entry: Document, labels: dict[str, str]) -> Document:
    """An item ready to be read."""
    lead = entry["lead"] and f"{labels[PEOPLE.get(entry['kind'], 'lead')]}: {entry['lead']}"
    later = labels["recorded_later"] if entry["recorded_later"] else ""
    source = entry["source"] and f"{labels['source']}: {entry['source']}"
    return {
        "title": entry["title"],
        "language": entry["language"],
        "tag": "",
        "meta": joined(entry["when"], entry["status"], entry["body"], lead, later),
        "text": entry["text"],
        "text_language": entry["text_language"],
        "missing": "",
        "notes": [note for note in (source, entry["source_note"]) if note],
        "link": entry["link"] if entry["link"].startswith(WEB) else "",
    }


def document(snapshot: Any, entries: list[Document]) -> Document:
    return sections.printed(snapshot, sections.sections(snapshot, entries, story, set()))


def page(snapshot: Any, entries: list[Document]) -> Document:
    return {"sections": sections.sections(snapshot, entries, story, set())}


def machine(snapshot: Any, entries: list[Document]) -> Document:
    return {"as_of": snapshot.publication.as_of.isoformat(), "entries": entries}
