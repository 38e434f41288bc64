from roadmap.models.agency import Agency, AgencyMembership, Body, Office
from roadmap.models.facts import ActionLineReview, Document, Figure, Issue
from roadmap.models.meeting import Meeting
from roadmap.models.milestone import DateChange, Dependency, Milestone, Partner
from roadmap.models.position import (
    Evidence,
    PositionVersion,
    ReconciliationNote,
    write_position,
)
from roadmap.models.record import RecordVersion
from roadmap.models.resolution import Paragraph, Relation, Resolution
from roadmap.models.roadmap import Roadmap

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
    "RecordVersion",
    "Relation",
    "Resolution",
    "Roadmap",
    "write_position",
]
