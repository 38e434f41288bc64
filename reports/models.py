from reports.build.models import Build
from reports.output.models import Artefact, Snapshot, SnapshotRecord
from reports.publication.models import Publication
from reports.schedule.models import Schedule

__all__ = [
    "Artefact",
    "Build",
    "Publication",
    "Schedule",
    "Snapshot",
    "SnapshotRecord",
]
