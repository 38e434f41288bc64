from reports.build.models import Build, LeaseLostError
from reports.output.models import Artefact, Entry, Snapshot
from reports.publication.models import Publication
from reports.schedule.models import Schedule

__all__ = [
    "Artefact",
    "Build",
    "Entry",
    "LeaseLostError",
    "Publication",
    "Schedule",
    "Snapshot",
]
