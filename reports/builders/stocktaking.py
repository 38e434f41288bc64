"""What all stocktaking reports share: published projects, counted and listed.

`registered.py` says how the series differ; reports/builders/series.py explains each name.
"""

from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from reports.builders import texts
from reports.builders.figures import Figures, collect_figures, table_named
from reports.builders.projects import Content, collect_entries
from reports.builders.scope import Scope
from reports.layout.layout import Document, tables
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
# The tables that editors may show by themselves.
TABLES: tuple[str, ...] = (
    "stakeholder_type",
    "region",
    "action_line",
    "sdg",
    "coverage",
    "year",
    "country",
)
BODY: tuple[str, ...] = ("stocktaking.typ", "body.typ")
PAGE = "reports/builders/_report.html"
CHAPTER = "reports/builders/_project.html"
CHAPTERS = "action_line"
INLINE = False
FACETS = frozenset(
    {"action_line", "sdg", "region", "country", "stakeholder_type", "year"}
)

compose = texts.compose


def years_of(publication: Any) -> str:
    """The years in a title: those of the period, or the year of the edition."""
    first, last = publication.from_year, publication.to_year
    if first and last and first != last:
        return f"{first}–{last}"
    return str(last or timezone.now().year)


def scope_of(publication: Any) -> Scope:
    return Scope(
        publication.region_id,
        publication.from_year,
        publication.to_year,
        publication.query,
    )


def collect(scope: Scope) -> tuple[Figures, list[Content]]:
    return collect_figures(scope), collect_entries(scope)


def chapter_of(entry: Content) -> str:
    return str(entry["main_action_line"])


def page(snapshot: Any, entries: list[Content]) -> Document:
    language = snapshot.publication.language
    return {
        "countries": next(
            one for one in tables(snapshot, language) if one["name"] == "country"
        ),
        "sections": [
            table
            | {"charts": [c for c in snapshot.charts if c["table"] == table["name"]]}
            for table in tables(snapshot, language)
        ],
        "added": tables(snapshot, language, "added"),
        "chapters": table_named(snapshot.figures, CHAPTERS)["rows"],
    }


def live(publication: Any, figures: Figures, **narrowed: str) -> str:
    """The projects of the same scope: the search names each year of a period."""
    scope = scope_of(publication)
    query: dict[str, Any] = {}
    if scope.region:
        query["region"] = scope.region
    if scope.from_year or scope.to_year:
        first = scope.from_year or figures["first_year"] or scope.to_year or 0
        last = scope.to_year or figures["last_year"] or scope.from_year or 0
        query["year"] = list(range(first, last + 1))
    if scope.query:
        query = dict(QueryDict(scope.query).lists())
    question = urlencode(query | narrowed, doseq=True)
    return reverse("stocktaking:projects") + (f"?{question}" if question else "")


def machine(snapshot: Any) -> Document:
    """What was written and counted; the projects are in the CSV, and in the API."""
    return {"body": snapshot.body}
