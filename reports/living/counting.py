"""Counting what a token asks for: published projects by the filters of the grammar, or what the
report itself is about.

A `Counter` asks the database once for each distinct question; all its answers belong to the moment
in which its transaction sees the database.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from reference.names import vocabulary
from reports.builders import success_stories
from reports.builders.scope import INTERNATIONAL, Scope
from reports.living.grammar import FACETS, PERIOD, codes_of
from stocktaking.project.models import Project
from stocktaking.project.querysets import ProjectQuerySet

Filters = dict[str, str]

FIELDS = {
    "region": "country__region",
    "country": "country",
    "type": "stakeholder_type",
    "year": "year",
}
SEVERAL = frozenset({"line", "goal"})  # a project may carry many of these


def pairs_of(name: str) -> QuerySet[Any]:
    """The rows that give the project of the outer query its other lines, or its Goals."""
    through = (
        Project.other_action_lines.through if name == "line" else Project.sdgs.through
    )
    return through._default_manager.filter(project=OuterRef("pk"))


def carrying(name: str, codes: tuple[str, ...]) -> Q:
    """The condition that a project carries one of the codes; a line is its main or another one."""
    if name == "line":
        other = pairs_of(name).filter(actionline__in=codes)
        return Q(main_action_line__in=codes) | Q(Exists(other))
    if name == "goal":
        return Q(Exists(pairs_of(name).filter(sdg__in=codes)))
    if name == "from":
        return Q(year__gte=int(codes[0]))
    if name == "to":
        return Q(year__lte=int(codes[0]), year__gt=0)
    return Q(**{f"{FIELDS[name]}__in": codes})


def stating_none(name: str) -> Q:
    """The condition that a project states no line, or no Goal."""
    nothing = ~Q(Exists(pairs_of(name)))
    return nothing & Q(main_action_line=None) if name == "line" else nothing


def projects_with(filters: Filters) -> ProjectQuerySet:
    projects = Project.objects.published().order_by()
    for name, value in filters.items():
        projects = projects.filter(carrying(name, codes_of(name, value)))
    return projects


def values_of(name: str, value: str) -> dict[str, tuple[str, ...]]:
    """What a value is compared with: each value of the vocabulary with its codes.

    C7 as a whole is compared with the other ten lines, one of its parts with all eighteen.
    International is no region and no country: it is compared with them, they are not with it.
    """
    codes = list(vocabulary.labels(FACETS[name]))
    if name == "line" and value not in codes:
        codes = list(dict.fromkeys(code.partition("-")[0] for code in codes))
    return {
        code: codes_of(name, code)
        for code in codes
        if code != INTERNATIONAL or code == value
    }


@dataclass
class Counter:
    """Answers about one moment; `scope` is what the report is about."""

    scope: Scope | success_stories.Scope
    _answers: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def _once(self, key: tuple[Any, ...], ask: Callable[[], Any]) -> Any:
        if key not in self._answers:
            self._answers[key] = ask()
        return self._answers[key]

    def count(self, filters: Filters) -> int:
        key = ("count", *sorted(filters.items()))
        return int(self._once(key, projects_with(filters).count))

    def two_counts(self, first: Filters, second: Filters) -> tuple[int, int]:
        """Two counts in one question: those of two years, or of a part and its whole."""
        common = {n: v for n, v in first.items() if second.get(n) == v}
        key = ("two", *sorted(first.items()), "", *sorted(second.items()))
        asked = {
            "first": Count("pk", filter=conditions(first, common)),
            "second": Count("pk", filter=conditions(second, common)),
        }
        found = self._once(key, lambda: projects_with(common).aggregate(**asked))
        return found["first"], found["second"]

    def by_value(self, name: str, value: str, filters: Filters) -> dict[str, int]:
        """Projects for each value that is compared; "" counts those that state none."""
        compared = (codes_of(name, value) == (value,), value == INTERNATIONAL)
        key = ("by", name, *compared, *sorted(filters.items()))
        return dict(self._once(key, lambda: count_by_value(name, value, filters)))

    def years_before(self, filters: Filters, year: int) -> tuple[int, int | None]:
        """How many projects the year has, and the first earlier year that has some."""
        key = ("first", year, *sorted(filters.items()))
        asked = {
            "now": Count("pk", filter=Q(year=year)),
            "earlier": Min("year", filter=Q(year__lt=year, year__gt=0)),
        }
        found = self._once(key, lambda: projects_with(filters).aggregate(**asked))
        return found["now"], found["earlier"]

    def of_scope(self, word: str) -> int:
        return int(self._once((word,), lambda: self.scope.count(word)))

    def bounds(self) -> tuple[int, int]:
        """The first and the last year in which the database has projects."""
        published = Project.objects.published().filter(year__gt=0)
        asked = {"first": Min("year"), "last": Max("year")}
        found = self._once(("bounds",), lambda: published.aggregate(**asked))
        return found["first"] or 0, found["last"] or 0

    def address(self, filters: Filters) -> str:
        """The list of exactly these projects, with the parameters of the search."""
        query = QueryDict(mutable=True)
        for name, value in filters.items():
            if name not in PERIOD:
                query.setlist(FACETS[name], list(codes_of(name, value)))
        if set(filters) & set(PERIOD):
            query.setlist("year", [str(year) for year in self.years(filters)])
        page = reverse("stocktaking:projects")
        return f"{page}?{query.urlencode()}" if query else page

    def years(self, filters: Filters) -> Iterable[int]:
        """The years of a period; the search knows single years only. Years outside those of the
        database carry no project, one of them stands for an empty period."""
        first, last = self.bounds()
        begin = max(int(filters.get("from", first)), first)
        end = min(int(filters.get("to", last)), last)
        return range(begin, end + 1) or [int(filters.get("from") or filters["to"])]

    def address_of_scope(self) -> str:
        scope = self.scope
        if not isinstance(scope, Scope):
            return scope.address()
        if scope.query:
            return f"{reverse('stocktaking:projects')}?{scope.query}"
        stated = {"region": scope.region, "from": scope.from_year, "to": scope.to_year}
        return self.address({name: str(v) for name, v in stated.items() if v})


def conditions(filters: Filters, common: Filters) -> Q:
    condition = Q(pk__isnull=False)
    for name, value in filters.items():
        if name not in common:
            condition &= carrying(name, codes_of(name, value))
    return condition


def count_by_value(name: str, value: str, filters: Filters) -> dict[str, int]:
    projects = projects_with(filters)
    if name not in SEVERAL:
        rows = projects.values_list(FIELDS[name]).annotate(n=Count("pk"))
        return {str(code or ""): n for code, n in rows}
    conditions = {
        code: carrying(name, codes) for code, codes in values_of(name, value).items()
    }
    conditions[""] = stating_none(name)
    asked = {
        f"n{place}": Count("pk", filter=condition)
        for place, condition in enumerate(conditions.values())
    }
    return dict(zip(conditions, projects.aggregate(**asked).values(), strict=True))
