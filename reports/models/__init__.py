from reports.models.build import Build, LeaseLostError
from reports.models.output import Artefact, Entry, Snapshot
from reports.models.publication import Publication
from reports.models.schedule import Schedule

__all__ = [
    "Artefact",
    "Build",
    "Entry",
    "LeaseLostError",
    "Publication",
    "Schedule",
    "Snapshot",
]
