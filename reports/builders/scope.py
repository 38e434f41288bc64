"""Which projects a stocktaking report speaks about."""

from dataclasses import dataclass

from stocktaking.project.models import Project
from stocktaking.project.querysets import ProjectQuerySet

INTERNATIONAL = "INTL"  # a country value of this process that is no country


@dataclass(frozen=True)
class Scope:
    """Which entries a report speaks about: a region and years of entry, each open when None."""

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
