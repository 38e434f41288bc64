"""The Forum's desk, in Django's own admin."""

from forum.admin.consultation import PhaseAdmin, SubmissionAdmin
from forum.admin.edition import DocumentAdmin, EditionAdmin, OutcomeReportAdmin
from forum.admin.people import PersonAdmin, RegistrationAdmin
from forum.admin.session import AgendaReleaseAdmin, RoomAdmin, SessionAdmin

__all__ = [
    "AgendaReleaseAdmin",
    "DocumentAdmin",
    "EditionAdmin",
    "OutcomeReportAdmin",
    "PersonAdmin",
    "PhaseAdmin",
    "RegistrationAdmin",
    "RoomAdmin",
    "SessionAdmin",
    "SubmissionAdmin",
]
