from reports.archive.models import ArchivedEdition
from reports.build.models import Build, Step
from reports.early.models import EarlyReader, EarlyReading, Reviewer
from reports.feedback.models import Feedback
from reports.output.models import Artefact, Snapshot, SnapshotRecord
from reports.publication.models import Publication
from reports.report.models import Block, Editorship, Report, Section
from reports.report.segments import Comment, EarlierText, Segment
from reports.schedule.models import Schedule

__all__ = [
    "ArchivedEdition",
    "Artefact",
    "Block",
    "Build",
    "Comment",
    "EarlierText",
    "EarlyReader",
    "EarlyReading",
    "Editorship",
    "Feedback",
    "Publication",
    "Report",
    "Reviewer",
    "Schedule",
    "Section",
    "Segment",
    "Snapshot",
    "SnapshotRecord",
    "Step",
]
