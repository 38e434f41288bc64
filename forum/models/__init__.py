from forum.models.agenda import AgendaRelease, ReleasedSession
from forum.models.consultation import Phase, Submission
from forum.models.documents import Document, OutcomeReport
from forum.models.edition import Edition
from forum.models.people import Participation, Person, PersonMerge
from forum.models.personal import CalendarKey, Star
from forum.models.registration import Capacity, Registration
from forum.models.room import Room, SessionType, Track
from forum.models.session import Organiser, Session

__all__ = [
    "AgendaRelease",
    "CalendarKey",
    "Capacity",
    "Document",
    "Edition",
    "Organiser",
    "OutcomeReport",
    "Participation",
    "Person",
    "PersonMerge",
    "Phase",
    "Registration",
    "ReleasedSession",
    "Room",
    "Session",
    "SessionType",
    "Star",
    "Submission",
    "Track",
]
