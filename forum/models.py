from forum.agenda.models import AgendaRelease, CalendarKey, ReleasedSession, Star
from forum.badge.models import Badge
from forum.checkin.models import CheckIn, Gate, Steward
from forum.consultation.models import Submission
from forum.consultation.phases import InputKind, Phase
from forum.consultation.questions import Question
from forum.decision.models import (
    Dispatch,
    DispatchItem,
    Letter,
    PendingDisposition,
)
from forum.edition.models import Edition
from forum.follow_up.models import FollowUp
from forum.grouping.models import GroupedInput, InputGroup
from forum.joining.models import Consent, Joining
from forum.letter.models import IssuedLetter, LetterTemplate
from forum.mailing.models import Mailing, MailingText, Recipient
from forum.offer.models import OfferedSlot
from forum.outcome.calls import ChairSummary, ReportCall, ReportReminder
from forum.outcome.models import Document, Minutes, OutcomeReport, SessionTextVersion
from forum.people.models import Availability, Participation, Person, PersonMerge
from forum.planning.models import PlanChange
from forum.poll.models import Choice, NamedVote, Poll, Voter
from forum.printing.models import PrintJob
from forum.programme.models import Printout
from forum.registration.capacity import Capacity
from forum.registration.delegation import Delegation, FocalPoint
from forum.registration.models import Registration, RegistrationTag
from forum.release.models import ReleaseJob
from forum.review.models import (
    Review,
    ReviewCriterion,
    Reviewer,
    ReviewPhase,
    ReviewScore,
)
from forum.room.models import Coordinator, Room, SessionType, Track
from forum.room.times import BlockedTime, RoomHours, Walk
from forum.screening.models import ScreeningRule, Waiver
from forum.session.models import Organizer, Session
from forum.sign_up.models import SignUp, SignUpList
from forum.speakers.models import ProposedSpeaker
from forum.suggestion.models import Suggestion
from forum.text.models import SessionTranslation

__all__ = [
    "AgendaRelease",
    "Availability",
    "Badge",
    "BlockedTime",
    "CalendarKey",
    "Capacity",
    "ChairSummary",
    "CheckIn",
    "Choice",
    "Consent",
    "Coordinator",
    "Delegation",
    "Dispatch",
    "DispatchItem",
    "Document",
    "Edition",
    "FocalPoint",
    "FollowUp",
    "Gate",
    "GroupedInput",
    "InputGroup",
    "InputKind",
    "IssuedLetter",
    "Joining",
    "Letter",
    "LetterTemplate",
    "Mailing",
    "MailingText",
    "Minutes",
    "NamedVote",
    "OfferedSlot",
    "Organizer",
    "OutcomeReport",
    "Participation",
    "PendingDisposition",
    "Person",
    "PersonMerge",
    "Phase",
    "PlanChange",
    "Poll",
    "PrintJob",
    "Printout",
    "ProposedSpeaker",
    "Question",
    "Recipient",
    "Registration",
    "RegistrationTag",
    "ReleaseJob",
    "ReleasedSession",
    "ReportCall",
    "ReportReminder",
    "Review",
    "ReviewCriterion",
    "ReviewPhase",
    "ReviewScore",
    "Reviewer",
    "Room",
    "RoomHours",
    "ScreeningRule",
    "Session",
    "SessionTextVersion",
    "SessionTranslation",
    "SessionType",
    "SignUp",
    "SignUpList",
    "Star",
    "Steward",
    "Submission",
    "Suggestion",
    "Track",
    "Voter",
    "Waiver",
    "Walk",
]
