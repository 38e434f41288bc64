"""Projects in the log of changes, and when their public content changed last."""

from collections.abc import Iterable
from typing import TypeVar

from common.records.models import ServedState
from stocktaking.project.models import Project

RECORD_KIND = "stocktaking.project"


Projects = TypeVar("Projects", bound=Iterable[Project])


def as_served(projects: Projects) -> Projects:
    """The same objects with the time of the last public change in `updated_at`: for display,
    never to be saved. A save without changes does not count; a new name of the country does."""
    times = ServedState.objects.times_of_change(
        RECORD_KIND, [one.pk for one in projects]
    )
    for project in projects:
        project.updated_at = times.get(str(project.pk), project.updated_at)
    return projects
