"""Gathers the admin pages of the nouns, where Django looks for them."""

from forum.agenda.admin import AgendaReleaseAdmin
from forum.badge.admin import BadgeAdmin
from forum.checkin.admin import CheckInAdmin
from forum.consultation.admin import PhaseAdmin, SubmissionAdmin
from forum.consultation.kinds_admin import InputKindAdmin
from forum.decision.admin import LetterAdmin
from forum.follow_up.admin import FollowUpAdmin
from forum.grouping.admin import InputGroupAdmin
from forum.letter.admin import IssuedLetterAdmin, LetterTemplateAdmin
from forum.offer.admin import OfferedSlotAdmin
from forum.outcome.admin import (
    ChairSummaryAdmin,
    DocumentAdmin,
    MinutesAdmin,
    OutcomeReportAdmin,
    ReportCallAdmin,
)
from forum.page.admin import EditionAdmin
from forum.people.admin import PersonAdmin
from forum.printing.admin import PrintJobAdmin
from forum.programme.admin import PrintoutAdmin
from forum.registration.admin import RegistrationAdmin
from forum.registration.delegation_admin import DelegationAdmin
from forum.release.admin import ReleaseJobAdmin
from forum.review.admin import ReviewCriterionAdmin, ReviewerAdmin, ReviewPhaseAdmin
from forum.room.admin import BlockedTimeAdmin, RoomAdmin
from forum.session.admin import SessionAdmin
from forum.sign_up.admin import SignUpAdmin, SignUpListAdmin
from forum.text.admin import SessionTranslationAdmin

__all__ = [
    "AgendaReleaseAdmin",
    "BadgeAdmin",
    "BlockedTimeAdmin",
    "ChairSummaryAdmin",
    "CheckInAdmin",
    "DelegationAdmin",
    "DocumentAdmin",
    "EditionAdmin",
    "FollowUpAdmin",
    "InputGroupAdmin",
    "InputKindAdmin",
    "IssuedLetterAdmin",
    "LetterAdmin",
    "LetterTemplateAdmin",
    "MinutesAdmin",
    "OfferedSlotAdmin",
    "OutcomeReportAdmin",
    "PersonAdmin",
    "PhaseAdmin",
    "PrintJobAdmin",
    "PrintoutAdmin",
    "RegistrationAdmin",
    "ReleaseJobAdmin",
    "ReportCallAdmin",
    "ReviewCriterionAdmin",
    "ReviewPhaseAdmin",
    "ReviewerAdmin",
    "RoomAdmin",
    "SessionAdmin",
    "SessionTranslationAdmin",
    "SignUpAdmin",
    "SignUpListAdmin",
    "SubmissionAdmin",
]
