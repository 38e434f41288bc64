from reports.archive.models import ArchivedEdition
from reports.asking.models import BoxQuestion, Contribution
from reports.build.models import Build, Step
from reports.early.models import EarlyReader, EarlyReading, Reviewer
from reports.feedback.models import Feedback
from reports.output.models import Artefact, Snapshot, SnapshotPage, SnapshotRecord
from reports.publication.models import Publication
from reports.report.models import Block, Editorship, Report, Section
from reports.report.segments import Comment, EarlierText, Segment
from reports.schedule.models import Schedule
from reports.subscription.models import Notice, Subscription

__all__ = [
    "ArchivedEdition",
    "Artefact",
    "Block",
    "BoxQuestion",
    "Build",
    "Comment",
    "Contribution",
    "EarlierText",
    "EarlyReader",
    "EarlyReading",
    "Editorship",
    "Feedback",
    "Notice",
    "Publication",
    "Report",
    "Reviewer",
    "Schedule",
    "Section",
    "Segment",
    "Snapshot",
    "SnapshotPage",
    "SnapshotRecord",
    "Step",
    "Subscription",
]
