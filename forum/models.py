from forum.agenda.models import AgendaRelease, CalendarKey, ReleasedSession, Star
from forum.consultation.models import Submission
from forum.consultation.phases import Phase
from forum.edition.models import Edition
from forum.outcome.models import Document, OutcomeReport
from forum.people.models import Participation, Person, PersonMerge
from forum.registration.models import Capacity, Registration
from forum.room.models import Room, SessionType, Track
from forum.session.models import Organizer, Session

__all__ = [
    "AgendaRelease",
    "CalendarKey",
    "Capacity",
    "Document",
    "Edition",
    "Organizer",
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
