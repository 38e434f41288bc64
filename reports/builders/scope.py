"""The scope of a stocktaking report."""

from dataclasses import dataclass

from stocktaking.project.models import Project
from stocktaking.project.querysets import ProjectQuerySet

INTERNATIONAL = "INTL"  # a country value of this process that is no country


@dataclass(frozen=True)
class Scope:
    """Which projects a report is about: a region and years of entry, each unlimited when None."""

    region: str | None = None
    from_year: int | None = None
    to_year: int | None = None

    def projects(self) -> ProjectQuerySet:
        projects = Project.objects.published()
        if self.region:
            projects = projects.filter(country__region=self.region)
        if self.from_year:
            projects = projects.filter(year__gte=self.from_year)
        if self.to_year:
            projects = projects.filter(year__lte=self.to_year)
        return projects
