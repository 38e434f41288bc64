from roadmap.agency.models import Agency, AgencyMembership
from roadmap.body.models import Body, Office
from roadmap.document.models import Document, Issue
from roadmap.figure.models import Figure
from roadmap.meeting.models import Meeting
from roadmap.milestone.date_changes import DateChange
from roadmap.milestone.dependencies import Dependency
from roadmap.milestone.models import Milestone, Partner
from roadmap.position.models import (
    Evidence,
    PositionVersion,
    ReconciliationNote,
    write_position,
)
from roadmap.resolution.models import Paragraph, Relation, Resolution
from roadmap.review.models import ActionLineReview
from roadmap.roadmap.models import Roadmap

__all__ = [
    "ActionLineReview",
    "Agency",
    "AgencyMembership",
    "Body",
    "DateChange",
    "Dependency",
    "Document",
    "Evidence",
    "Figure",
    "Issue",
    "Meeting",
    "Milestone",
    "Office",
    "Paragraph",
    "Partner",
    "PositionVersion",
    "ReconciliationNote",
    "Relation",
    "Resolution",
    "Roadmap",
    "write_position",
]
