from reports.build.models import Build
from reports.output.models import Artefact, Entry, Snapshot
from reports.publication.models import Publication
from reports.schedule.models import Schedule

__all__ = [
    "Artefact",
    "Build",
    "Entry",
    "Publication",
    "Schedule",
    "Snapshot",
]
