"""What the portal knows of an action line, beside the text that somebody writes about it."""

from typing import Any, NamedTuple

from django.db.models import Count

from reference.names import vocabulary
from reports.living.counting import Counter, Filters, projects_with
from reports.report.models import Section

YEARS_SHOWN = 5


class Fact(NamedTuple):
    label: Any
    number: int
    address: str  # the list of exactly these projects


class Facts(NamedTuple):
    total: Fact
    years: list[Fact]
    regions: list[Fact]


def facts_of(section: Section) -> Facts | None:
    """Projects of the line in the scope of the report; None for a section of no line."""
    if section.action_line is None:
        return None
    counter = Counter(section.report.scope)
    filters = filters_of(section)
    total = Fact("", counter.count(filters), counter.address(filters))
    return Facts(
        total,
        years_of(counter, filters),
        [] if "region" in filters else regions_of(counter, filters),
    )


def filters_of(section: Section) -> Filters:
    scope = section.report.scope
    filters = {
        "line": section.action_line_id,
        "region": scope.region,
        "from": scope.from_year,
        "to": scope.to_year,
    }
    return {name: str(value) for name, value in filters.items() if value}


def years_of(counter: Counter, filters: Filters) -> list[Fact]:
    """The last years that have some, in order of time."""
    rows = (
        projects_with(filters)
        .filter(year__gt=0)
        .values_list("year")
        .annotate(number=Count("pk"))
        .order_by("-year")[:YEARS_SHOWN]
    )
    of_line = {n: v for n, v in filters.items() if n not in ("from", "to")}
    return [
        Fact(year, number, counter.address(of_line | {"year": str(year)}))
        for year, number in reversed(rows)
    ]


def regions_of(counter: Counter, filters: Filters) -> list[Fact]:
    rows = (
        projects_with(filters)
        .filter(country__region__isnull=False)
        .values_list("country__region")
        .annotate(number=Count("pk"))
        .order_by("-number", "country__region")
    )
    return [
        Fact(
            vocabulary.label("region", code),
            number,
            counter.address(filters | {"region": code}),
        )
        for code, number in rows
    ]
