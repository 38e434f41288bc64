"""The state of the roadmap at the end of a day, in the order of the paper to the Council.

Facts are rows: `roadmap.state.state_document()` answers from kept versions, the editions of the
Forum come from the Forum. What is said around them is in `roadmap_texts.py`.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from forum.models import Edition
from reports.builders import roadmap_texts as texts
from reports.builders import sections
from reports.builders.document import Document
from reports.builders.figures import Figures, Table
from reports.builders.sections import day, joined
from roadmap.state import state_document

FIELDS = ("as_of",)
COLUMNS = (
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
    milestones = {m["id"]: m for section in parts.values() for m in section["items"] if "progress" in m}
    tables = [
        part_table(items),
        status_table(milestones.values()),
        stated_table(parts["stocktaking"].get("figures", [])),
    ]
    figures = {"total": len(items), "at": scope.at.isoformat(), "milestones": len(milestones),
               "tables": tables}  # fmt: skip
    return figures, items


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
    rows = [*extra(part, found, scope), *rows]
    name = texts.headings_of_parts()[part]
    return [row | {"part": part, "section": name, "language": "en"} for row in rows]


def extra(part: str, found: Document, scope: Scope) -> Iterable[Document]:
    """What a section tells besides its milestones: editions, documents, bodies."""
    if part == "forum":
        years = range(FIRST_EDITION, LAST_EDITION + 1)
        rows = Edition.objects.filter(last_year__in=years).order_by("start_date", "last_year", "pk")
        return [edition_item(row) for row in rows if begun(row, scope.at)]
    if part == "stocktaking":
        return [document_item(row) for row in found.get("documents", [])]
    if part == "international":
        return [body_item(row) for row in found.get("bodies", [])]
    return []


def begun(edition: Edition, at: datetime.date) -> bool:
    """Whether the edition had begun by that day; one without a day, whether its year had ended."""
    return edition.start_date <= at if edition.start_date else edition.last_year < at.year


def item(kind: str, title: str, **more: Any) -> Document:
    blank = dict.fromkeys(("when", "status", "body", "lead", "text", "code", "link", "source"), "")
    return {"kind": kind, "title": title, "pk": 0, "source_note": "", "recorded_later": False,
            **blank, **more}  # fmt: skip


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
    issues = [joined(*parts[:2]) for parts in row.get("issues", [])]
    return item("document", row["title"], text=joined(row.get("note", ""), *issues), **recorded(row))


def body_item(row: Document) -> Document:
    return item(
        "body", joined(row["short"], row["name"]), text=row["description"], code=row["code"],
        status="; ".join(row.get("offices", [])), link=row.get("website", ""), **recorded(row),
    )  # fmt: skip


def edition_item(edition: Edition) -> Document:
    days = " – ".join(day(d) for d in (edition.start_date, edition.end_date) if d)
    figures = [f"{name}: {value}" for name, value in edition.figures()]
    return item(
        "edition", edition.title, when=days or edition.years, body=edition.venue,
        lead=edition.chair, text=edition.theme, status=joined(*figures), code=edition.slug,
        pk=edition.pk, link=edition.get_absolute_url().partition("/forum/")[2], source=edition.source,
        source_note=edition.notes,
    )  # fmt: skip
