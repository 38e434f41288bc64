"""What the global and the regional report share: published projects, counted and listed.

`global_report.py` and `regional.py` say how they differ; reports/builders/series.py explains each
name.
"""

from typing import Any

from django.utils import timezone

from reports.builders import texts
from reports.builders.figures import Figures, collect_figures, table_named
from reports.builders.projects import Content, collect_entries
from reports.builders.scope import Scope
from reports.layout.layout import Document, document, tables
from stocktaking.project.fields import REPORTED

# What readers sort by comes first; all else that a report lists follows.
FIRST = (
    "number",
    "title",
    "language",
    "organization",
    "stakeholder_type",
    "country",
    "region",
    "coverage",
    "activity_type",
    "year",
    "main_action_line",
    "other_action_lines",
    "sdgs",
)
COLUMNS: tuple[str, ...] = (*FIRST, *(name for name in REPORTED if name not in FIRST))
LIST = "projects"
CHARTS: tuple[tuple[str, str, int], ...] = (
    ("stakeholder_type", "stakeholder_type", 0),
    ("region", "region", 0),
    ("action_line", "action_line", 0),
    ("action_line_all", "action_line", 1),
    ("sdg", "sdg", 0),
    ("coverage", "coverage", 0),
    ("year", "year", 0),
)
BODY = "stocktaking.typ"
PAGE = "reports/builders/_report.html"
CHAPTER = "reports/builders/_project.html"
CHAPTERS = "action_line"
INLINE = False

compose = texts.compose
__all__ = [
    "BODY",
    "CHAPTER",
    "CHAPTERS",
    "CHARTS",
    "COLUMNS",
    "INLINE",
    "LIST",
    "PAGE",
    "chapter_of",
    "collect",
    "compose",
    "document",
    "machine",
    "page",
    "refusals",
    "scope_of",
    "years_of",
]


def years_of(publication: Any) -> str:
    """The years in a title: those of the period, or the year of the edition."""
    first, last = publication.from_year, publication.to_year
    if first and last and first != last:
        return f"{first}–{last}"
    return str(last or timezone.now().year)


def refusals(publication: Any) -> dict[str, Any]:
    """Nothing is refused: a scope without projects makes a report that says so."""
    return {}


def scope_of(publication: Any) -> Scope:
    return Scope(publication.region_id, publication.from_year, publication.to_year)


def collect(scope: Scope) -> tuple[Figures, list[Content]]:
    return collect_figures(scope), list(collect_entries(scope))


def chapter_of(entry: Content) -> str:
    return str(entry["main_action_line"])


def page(snapshot: Any, entries: list[Content]) -> Document:
    language = snapshot.publication.language
    return {
        "sections": [
            table
            | {"charts": [c for c in snapshot.charts if c["table"] == table["name"]]}
            for table in tables(snapshot, language)
        ],
        "chapters": table_named(snapshot.figures, CHAPTERS)["rows"],
    }


def machine(snapshot: object, entries: list[Content]) -> Document:
    """The projects are in the CSV, and in the API."""
    return {}
