"""Gathers the admin pages of the nouns, where Django looks for them."""

from forum.agenda.admin import AgendaReleaseAdmin
from forum.consultation.admin import PhaseAdmin, SubmissionAdmin
from forum.consultation.kinds_admin import InputKindAdmin
from forum.outcome.admin import (
    DocumentAdmin,
    MinutesAdmin,
    OutcomeReportAdmin,
    ReportCallAdmin,
)
from forum.page.admin import EditionAdmin
from forum.people.admin import PersonAdmin
from forum.programme.admin import PrintoutAdmin
from forum.registration.admin import RegistrationAdmin
from forum.room.admin import BlockedTimeAdmin, RoomAdmin
from forum.session.admin import SessionAdmin
from forum.text.admin import SessionTranslationAdmin

__all__ = [
    "AgendaReleaseAdmin",
    "BlockedTimeAdmin",
    "DocumentAdmin",
    "EditionAdmin",
    "InputKindAdmin",
    "MinutesAdmin",
    "OutcomeReportAdmin",
    "PersonAdmin",
    "PhaseAdmin",
    "PrintoutAdmin",
    "RegistrationAdmin",
    "ReportCallAdmin",
    "RoomAdmin",
    "SessionAdmin",
    "SessionTranslationAdmin",
    "SubmissionAdmin",
]
