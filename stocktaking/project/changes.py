"""Projects in the log of changes, and when what everybody reads of them changed last."""

from collections.abc import Iterable
from typing import TypeVar

from common.records.models import ServedState
from stocktaking.project.models import Project

RECORD_KIND = "stocktaking.project"


Projects = TypeVar("Projects", bound=Iterable[Project])


def as_served(projects: Projects) -> Projects:
    """The same objects, with the time of the last change of what is served in `updated_at`: to be
    shown, never saved. A save that changed nothing does not count, the new name of a country does.
    """
    times = ServedState.objects.times_of_change(
        RECORD_KIND, [one.pk for one in projects]
    )
    for project in projects:
        project.updated_at = times.get(str(project.pk), project.updated_at)
    return projects
