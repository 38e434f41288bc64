"""The figures of a stocktaking report, counted by the database over the projects in scope.

A table is `{"name", "kind", "columns", "rows"}`; a row is `{"code", "label", "values"}` with one
whole number per column. `kind` says how its sums behave: in a "partition" every project is counted
once, so that the column adds up to the total, in "each" every column adds up; in "several" a
project may count in many rows; a "part" adds up to less than the total; "stated" holds figures of
other sources as texts, which are not added up. Rows with an empty code hold the projects without
a value.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Count, Max, Min, QuerySet
from django.utils.translation import gettext as _

from reference.action_line.models import SDG, ActionLine
from reference.country.models import Country, Region
from reference.term.models import CoverageLevel, StakeholderType
from reports.builders.scope import INTERNATIONAL, Scope
from stocktaking.project.models import Project

Table = dict[str, Any]


Figures = dict[str, Any]


def counts(projects: QuerySet[Project], field: str) -> dict[str, int]:
    """Projects per value of one field; "" counts those without one."""
    rows = projects.order_by().values_list(field).annotate(n=Count("pk", distinct=True))
    return {("" if value is None else str(value)): n for value, n in rows}


def row(code: str, label: str, *values: int) -> dict[str, Any]:
    return {"code": code, "label": label, "values": list(values)}


def partition(name: str, terms: Iterable[Any], numbers: dict[str, int]) -> Table:
    """A table in which each project counts once; "not stated" is a row of its own."""
    rows = [row(term.code, term.name, numbers.get(term.code, 0)) for term in terms]
    if numbers.get(""):
        rows.append(row("", _("Not stated"), numbers[""]))
    return {"name": name, "kind": "partition", "columns": ["projects"], "rows": rows}


def action_line_table(projects: QuerySet[Project]) -> Table:
    """Main line (adds up to the total) beside all lines, where a project may count often.

    A project counts once per line even if its main line is repeated among the others.
    """
    main = counts(projects, "main_action_line")
    others: dict[str, set[int]] = {}
    pairs = projects.order_by().filter(other_action_lines__isnull=False)
    for pk, own, other in pairs.values_list(
        "pk", "main_action_line", "other_action_lines"
    ):
        if own != other:
            others.setdefault(other, set()).add(pk)
    rows = [
        row(
            line.code,
            line.name,
            main.get(line.code, 0),
            main.get(line.code, 0) + len(others.get(line.code, ())),
        )
        for line in ActionLine.objects.filter(number__isnull=False)
    ]
    if main.get(""):
        rows.append(row("", _("Not stated"), main[""], main[""]))
    return {
        "name": "action_line",
        "kind": "main_and_all",
        "columns": ["main", "all"],
        "rows": rows,
    }


def sdg_table(projects: QuerySet[Project]) -> Table:
    by_goal = counts(projects.filter(sdgs__isnull=False), "sdgs")
    rows = [
        row(goal.code, goal.name, by_goal.get(goal.code, 0))
        for goal in SDG.objects.all()
    ]
    if none := projects.filter(sdgs=None).count():
        rows.append(row("", _("Not stated"), none))
    return {"name": "sdg", "kind": "several", "columns": ["projects"], "rows": rows}


def region_table(projects: QuerySet[Project]) -> Table:
    return partition(
        "region", Region.objects.all(), counts(projects, "country__region")
    )


def stakeholder_table(projects: QuerySet[Project]) -> Table:
    terms = StakeholderType.objects.all()
    return partition("stakeholder_type", terms, counts(projects, "stakeholder_type"))


def coverage_table(projects: QuerySet[Project]) -> Table:
    return partition(
        "coverage", CoverageLevel.objects.all(), counts(projects, "coverage")
    )


def country_table(projects: QuerySet[Project]) -> Table:
    """Countries with projects, in the order of their names."""
    by_country = counts(projects, "country")
    return partition(
        "country",
        Country.objects.filter(code__in=[c for c in by_country if c]),
        by_country,
    )


def year_table(projects: QuerySet[Project]) -> Table:
    """All years from the first to the last one, including those without a project."""
    by_year = {int(year): n for year, n in counts(projects, "year").items()}
    years = range(min(by_year), max(by_year) + 1) if by_year else ()
    rows = [row(str(year), str(year), by_year.get(year, 0)) for year in years]
    return {"name": "year", "kind": "partition", "columns": ["projects"], "rows": rows}


TABLES: tuple[Callable[[QuerySet[Project]], Table], ...] = (
    stakeholder_table,
    region_table,
    action_line_table,
    sdg_table,
    coverage_table,
    year_table,
    country_table,
)


def collect_figures(scope: Scope) -> Figures:
    """All figures in the active language; call inside one snapshot of the database."""
    projects = scope.projects()
    years = projects.aggregate(first=Min("year"), last=Max("year"))
    countries = projects.filter(country__isnull=False).exclude(country=INTERNATIONAL)
    return {
        "total": projects.count(),
        "countries": countries.order_by().values("country").distinct().count(),
        "organizations": projects.order_by().count_organizations(),
        "with_text": projects.exclude(summary="").count(),
        "first_year": years["first"],
        "last_year": years["last"],
        "tables": [table(projects) for table in TABLES],
    }


def every_table(figures: Figures) -> list[Table]:
    """Those of each report, and those that a block asked for (reports/builders/added.py)."""
    return [*figures["tables"], *figures.get("added", [])]


def table_named(figures: Figures, name: str) -> Table:
    return next(table for table in every_table(figures) if table["name"] == name)
