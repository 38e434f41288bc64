"""The state of the roadmap at the end of a day, in the order of the paper to the Council.

The facts are rows: `roadmap.state.document.state_document()` answers from stored versions, the
editions of the Forum come from the Forum. The words around them are in `roadmap_texts.py`.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from common.records.models import Change, RecordVersion
from common.typesetting.passages import WEB, named, passage, passages, remark
from forum.edition.models import Edition
from reference.names import vocabulary
from reports.builders import roadmap_texts as texts
from reports.builders.figures import Figures, Table
from reports.layout import sections
from reports.layout.layout import Document, written
from reports.layout.sections import day, joined
from roadmap.agency.models import Agency
from roadmap.body.models import office_text
from roadmap.milestone.models import Milestone
from roadmap.record import dates
from roadmap.review.models import ActionLineReview
from roadmap.state.document import state_document

FIELDS: tuple[str, ...] = ("as_of",)
COLUMNS: tuple[str, ...] = (
    "part",
    "section",
    "kind",
    "title",
    "when",
    "status",
    "body",
    "lead",
    "text",
    "details",
    "code",
    "recorded_later",
    "link",
    "source",
)
LIST = "items"
CHARTS: tuple[tuple[str, str, int], ...] = ()
BODY: tuple[str, ...] = ("story.typ", "sections.typ")
PAGE = "reports/document/_sections.html"
CHAPTER = ""
CHAPTERS = ""
INLINE = True
FACETS: frozenset[str] = frozenset()
PEOPLE = {"edition": "chair"}
FIRST_EDITION, LAST_EDITION = 2022, 2025  # of the review, as the paper tells it


@dataclass(frozen=True)
class Scope:
    """What was public at the end of this day (UTC)."""

    at: datetime.date


def title(publication: Any) -> str:
    """“State of the WSIS+20 roadmap on 24 November 2026”."""
    return _("State of the WSIS+20 roadmap on %(day)s") % {
        "day": day(publication.as_of)
    }


def refusals(publication: Any) -> dict[str, Any]:
    return {} if publication.as_of else {"as_of": _("Choose a day.")}


def scope_of(publication: Any) -> Scope:
    return Scope(publication.as_of)


def collect(scope: Scope) -> tuple[Figures, list[Document]]:
    """Items of all sections in their order, and the tables that count them."""
    state = state_document(scope.at, get_language() or settings.LANGUAGE_CODE)
    parts = {section["key"]: section for section in state["sections"]}
    items = [item for part in texts.PARTS for item in items_of(part, parts, scope)]
    milestones = [item for item in items if item["milestone"]]
    tables = [
        part_table(items),
        progress_table(milestones),
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
    """How many items each section lists; each item stands in one section."""
    by_part = Counter(item["part"] for item in items)
    names = texts.headings_of_parts()
    rows = [
        row_of(part, names[part], by_part[part])
        for part in texts.PARTS
        if part != "purpose"
    ]
    return {"name": "part", "kind": "partition", "columns": ["items"], "rows": rows}


def progress_table(milestones: list[Document]) -> Table:
    """Each milestone once, by the status that it had, as far as known."""
    by_progress = Counter(milestone["progress"] for milestone in milestones)
    rows = [
        row_of(code, str(name), by_progress[code])
        for code, name in Milestone.Progress.choices
    ]
    if by_progress[""]:
        rows.append(row_of("", _("Not stated"), by_progress[""]))
    return {
        "name": "progress",
        "kind": "several",
        "columns": ["milestones"],
        "rows": rows,
    }


def stated_table(figures: list[Document]) -> Table:
    """Figures as their sources wrote them, those on one subject together, newest first."""
    order = {row["subject"]: n for n, row in enumerate(figures)}
    newest = sorted(figures, key=lambda f: dates.sort_key(f["as_of"]), reverse=True)
    stated = sorted(newest, key=lambda f: order[f["subject"]])
    rows = [
        row_of(
            f["subject"],
            f["subject_label"],
            f["written"],
            f["source"],
            f["when"],
            f["note"],
        )
        for f in stated
    ]
    columns = ["value", "source", "source_date", "note"]
    return {"name": "stated", "kind": "stated", "columns": columns, "rows": rows}


def items_of(part: str, parts: dict[str, Document], scope: Scope) -> list[Document]:
    """The rows of one section as items."""
    content = parts.get(part, {"items": [], "documents": []})
    rows: list[Document] = [document_item(row) for row in content["documents"]]
    if part == "resolutions":
        rows += [resolution_item(row) for row in content["items"]]
    elif part == "meetings":
        rows += meetings(parts)
    else:
        in_annex = {row["milestone_id"] for row in parts["meetings"]["items"]}
        milestones = [
            milestone_item(r) for r in content["items"] if int(r["id"]) not in in_annex
        ]
        if part == "forum":
            milestones = with_editions(milestones, scope.at)
        rows += [*extra(part, content, scope), *milestones]
    name = texts.headings_of_parts()[part]
    return [row | {"part": part, "section": name} for row in rows]


def meetings(parts: dict[str, Document]) -> list[Document]:
    """The annex of meetings; one that is a milestone too is listed here once, with both
    contents."""
    milestones = {
        int(row["id"]): milestone_item(row)
        for key, section in parts.items()
        if key not in ("resolutions", "meetings")
        for row in section["items"]
    }
    rows = parts["meetings"]["items"]
    return [
        merged(meeting_item(row), milestones.get(row["milestone_id"])) for row in rows
    ]


def merged(row: Document, milestone: Document | None) -> Document:
    """A meeting or edition with its content as a milestone of the roadmap."""
    if milestone is None:
        return row
    told = [
        milestone[name] for name in ("title", "text") if milestone[name] != row[name]
    ]
    own = [detail(_("Milestone"), text) for text in told]
    return row | {
        "status": joined(milestone["status"], row["status"]),
        "details": [*row["details"], *details(*own), *milestone["details"]],
        "lead": row["lead"] or milestone["lead"],
        "languages": milestone["languages"] | row["languages"],
        "milestone": milestone["milestone"],
        "progress": milestone["progress"],
        "recorded_later": row["recorded_later"] or milestone["recorded_later"],
    }


def with_editions(milestones: list[Document], at: datetime.date) -> list[Document]:
    """The editions of the review first; one that is a milestone too is listed once, with both
    contents."""
    years = range(FIRST_EDITION, LAST_EDITION + 1)
    rows = Edition.objects.filter(last_year__in=years).order_by(
        "start_date", "last_year", "pk"
    )
    told = {milestone["title"]: milestone for milestone in milestones}
    editions = [
        merged(edition_item(row, at), told.pop(row.title, None))
        for row in rows
        if begun(row, at)
    ]
    return [*editions, *told.values()]


def extra(part: str, content: Document, scope: Scope) -> Iterable[Document]:
    """What a section contains besides its milestones: bodies, reviews."""
    if part == "international":
        return [body_item(row) for row in content.get("bodies", [])]
    if part == "action_lines":
        return reviews(scope.at)
    return []


def agency_names() -> dict[str, str]:
    return {
        code: named(short)["text"]
        for code, short in Agency.objects.values_list("pk", "short")
    }


def reviews(at: datetime.date) -> list[Document]:
    """What facilitators had reported on action lines: milestones reached, challenges, trends."""
    names = dict(ActionLineReview.Section.choices)
    stood = RecordVersion.objects.of_models(ActionLineReview).as_of(at)
    versions = [version for version in stood if version.kind != Change.Kind.DELETE]
    versions.sort(
        key=lambda v: (v.content["action_line_id"], v.content["section"], v.record_id)
    )
    agencies = dict(Agency.objects.values_list("pk", "short"))
    return [
        item(
            "review",
            joined(
                version.content["action_line_id"],
                vocabulary.label("action_line", version.content["action_line_id"]),
                names[version.content["section"]],
            ),
            lead=agencies.get(
                version.content["agency_id"], version.content["agency_id"]
            ),
            when=day(version.at.date()),
            text=version.content["text"],
            code=version.content["action_line_id"],
            source=version.content["source"],
            pk=int(version.record_id),
            text_language=version.content["language"],
        )
        for version in versions
    ]


def begun(edition: Edition, at: datetime.date) -> bool:
    """Whether the edition had begun by that day; for one without a day, whether its year had
    ended."""
    return (
        edition.start_date <= at if edition.start_date else edition.last_year < at.year
    )


def item(kind: str, title: str, **more: Any) -> Document:
    """A row of the report; `text` and `title` are in English unless `text_language` says
    otherwise, names in the report's language unless `languages` does. `milestone` is its
    milestone, 0 for none. `details` are `{"label", "text", "language", "link"}`."""
    blank = dict.fromkeys(
        ("when", "status", "body", "lead", "text", "code", "link", "source"), ""
    )
    return {
        "kind": kind,
        "title": title,
        "language": "en",
        "text_language": "en",
        "languages": {},
        "pk": 0,
        "milestone": 0,
        "progress": "",
        "details": [],
        "source_note": "",
        "recorded_later": False,
        **blank,
        **more,
    }


def names_of(**names: str) -> Document:
    """Official names, and the language of names without one."""
    passages = {field: named(name) for field, name in names.items() if name}
    return {
        **{field: one["text"] for field, one in passages.items()},
        "languages": {field: one["language"] for field, one in passages.items()},
    }


def detail(label: str, text: object, language: str = "en", link: str = "") -> Document:
    return {"label": label, "text": str(text), "language": language, "link": link}


def details(*rows: Document) -> list[Document]:
    """The details that are not empty."""
    return [row for row in rows if row["text"]]


def recorded(row: Document) -> Document:
    """What every stored record says about itself."""
    return {
        "pk": int(row["id"]) if row["id"].isdigit() else 0,
        "source": row.get("source", ""),
        "recorded_later": row["recorded_later"],
    }


def milestone_item(row: Document) -> Document:
    moved = [
        detail(_("Date changed: %(before)s → %(after)s") % change, change["reason"])
        for change in row["date_changes"]
    ]
    disagree = _("the agencies disagree") if row["disagreement"] else ""
    return item(
        "milestone",
        row["title"],
        when=row["when"],
        status=joined(row["progress_label"], row["completion_label"], disagree),
        link=row.get("link", ""),
        text=row.get("summary", ""),
        code=row["roadmap_name"],
        milestone=int(row["id"]),
        progress=row["progress"],
        details=details(
            detail(_("First planned"), row["baseline"] if row["moved"] else "", ""),
            *moved,
            *(
                one
                for position in row["positions"]
                for one in position_details(position)
            ),
            *(
                detail(
                    joined(_("Reconciliation note"), written_day(note["at"])),
                    note["text"],
                )
                for note in row["notes"]
            ),
        ),
        **names_of(body=row["body_name"], lead=row["lead_name"]),
        **recorded(row),
    )


def position_details(position: Document) -> list[Document]:
    """An agency's text, with its evidence."""
    agency = named(position["agency_name"])["text"]
    words = (
        agency,
        position["completion_label"],
        written_day(position["published_at"]),
    )
    expected = position["expected"] and dates.parse(position["expected"])
    return details(
        detail(joined(*words), position["text"], position["language"]),
        detail(joined(agency, _("expected or reached on")), expected, ""),
        *(
            detail(joined(agency, _("evidence")), label, "", web(address))
            for label, address in position["evidence"]
        ),
    )


def written_day(iso: str) -> str:
    return day(datetime.date.fromisoformat(iso)) if iso else ""


def web(address: str) -> str:
    """An address that a reader of the file can follow; "" for one within this site."""
    return address if address.startswith(WEB) else ""


def resolution_item(row: Document) -> Document:
    agencies = agency_names()
    paragraphs = []
    for paragraph in row.get("paragraphs", []):
        addressed = ", ".join(agencies.get(code, code) for code in paragraph["asked"])
        label = _("Paragraph %(number)s") % {"number": paragraph["number"]}
        paragraphs.append(
            detail(
                f"{label} ({addressed})" if addressed else label, paragraph["summary"]
            )
        )
    return item(
        "resolution",
        joined(row.get("symbol", ""), row["title"]),
        when=row["when"],
        text=row.get("summary", ""),
        code=row["id"],
        link=row.get("link", ""),
        details=paragraphs,
        **names_of(body=row["body_name"]),
        **recorded(row),
    )


def meeting_item(row: Document) -> Document:
    meeting = item(
        "meeting",
        row["title"],
        when=row["when"],
        text=row.get("outcome", ""),
        link=row.get("link", ""),
        details=details(
            detail(_("Participants"), row.get("participants", "")),
            *(
                detail(label, row.get(name, ""), "en", web(row.get(name, "")))
                for name, label in (
                    ("agenda", pgettext("meeting", "Agenda")),
                    ("minutes", _("Minutes")),
                    ("outcome_link", pgettext("meeting", "Outcome")),
                )
            ),
        ),
        **names_of(body=row["body_name"], place=row.get("place", "")),
        **recorded(row),
    )
    return meeting | {"when": joined(meeting["when"], meeting.pop("place", ""))}


def document_item(row: Document) -> Document:
    kept = sorted(
        row.get("issues", []), key=lambda issue: dates.sort_key(issue[1]), reverse=True
    )
    return item(
        "document",
        row["title"],
        text=row.get("note", ""),
        details=[
            detail(
                str(dates.parse(date)) if date else _("Version"), label, "en", web(link)
            )
            for label, date, link in kept
        ],
        **recorded(row),
    )


def body_item(row: Document) -> Document:
    return item(
        "body",
        joined(row["short"], row["name"]),
        text=row["description"],
        code=row["code"],
        status="; ".join(office_text(office) for office in row.get("offices", [])),
        link=row.get("website", ""),
        **recorded(row),
    )


def edition_item(edition: Edition, at: datetime.date) -> Document:
    days = " – ".join(day(d) for d in (edition.start_date, edition.end_date) if d)
    figures = [
        f"{capfirst(str(name))}: {written(value)}" for name, value in edition.figures()
    ]
    return item(
        "edition",
        edition.title,
        when=days or edition.years,
        text=edition.theme,
        status=joined(*figures),
        code=edition.slug,
        pk=edition.pk,
        source=edition.source,
        source_note=edition.notes,
        recorded_later=edition.updated_at.date() > at,
        **names_of(body=edition.venue, lead=edition.chair),
    )


def compose(scope: Scope, figures: Figures) -> Document:
    return texts.compose(figures)


def chapter_of(entry: Document) -> str:
    return str(entry["part"])


def story(entry: Document, labels: dict[str, str]) -> Document:
    """An item ready for display."""
    languages = entry["languages"]
    lead = (
        entry["lead"]
        and f"{labels[PEOPLE.get(entry['kind'], 'lead')]}: {entry['lead']}"
    )
    return {
        "title": passage(entry["title"], entry["language"], web(entry["link"])),
        "tag": "",
        "meta": passages(
            entry["when"],
            entry["status"],
            passage(entry["body"], languages.get("body", "")),
            lead,
            labels["recorded_later"] if entry["recorded_later"] else "",
        ),
        "text": passage(entry["text"], entry["text_language"]),
        "missing": "",
        "details": [
            remark(one["label"], one["text"], one["language"], one["link"])
            for one in entry["details"]
        ],
        "notes": [
            remark(labels[name], entry[field], "en")
            for name, field in (("source", "source"), ("note", "source_note"))
            if entry[field]
        ],
    }


def document(snapshot: object, entries: list[Document]) -> Document:
    return sections.printed(snapshot, sections.sections(snapshot, entries, story))


def page(snapshot: object, entries: list[Document]) -> Document:
    return {"sections": sections.sections(snapshot, entries, story)}


def live(publication: Any, figures: Figures, **narrowed: str) -> str:
    return f"{reverse('roadmap:state')}?at={publication.as_of.isoformat()}"


def machine(snapshot: Any) -> Document:
    return {
        "as_of": snapshot.publication.as_of.isoformat(),
        "entries": snapshot.entries,
    }
