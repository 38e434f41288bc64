"""The scope of a stocktaking report."""

from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from stocktaking.project.models import Project
from stocktaking.project.querysets import ProjectQuerySet
from stocktaking.search.filters import ProjectSearch

INTERNATIONAL = "INTL"  # a country value of this process that is no country


@dataclass(frozen=True)
class Scope:
    """Which projects a report is about: a region and years of entry, each unlimited when None;
    or those that a search of the database finds."""

    region: str | None = None
    from_year: int | None = None
    to_year: int | None = None
    query: str = ""

    @cached_property
    def search(self) -> ProjectSearch:
        return ProjectSearch(QueryDict(self.query))

    @cached_property
    def found(self) -> list[int]:
        """The projects of the search, asked once: all figures of a build are about the same."""
        return self.search.pks(self.search.total)

    def projects(self) -> ProjectQuerySet:
        projects = Project.objects.published()
        if self.region:
            projects = projects.filter(country__region=self.region)
        if self.from_year:
            projects = projects.filter(year__gte=self.from_year)
        if self.to_year:
            projects = projects.filter(year__lte=self.to_year)
        if self.query:
            projects = projects.filter(pk__in=self.found)
        return projects

    def count(self, word: str) -> int:
        """A number of the whole report: "total", "countries" or "organizations"."""
        projects = self.projects().order_by()
        if word == "organizations":
            return projects.count_organizations()
        if word == "countries":
            stated = projects.filter(country__isnull=False)
            stated = stated.exclude(country=INTERNATIONAL)
            return stated.values("country").distinct().count()
        return projects.count()
