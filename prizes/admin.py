"""Gathers the admin pages of the nouns, where Django looks for them."""

from prizes.ballot.admin import BallotEventAdmin, VoidingAdmin, VoteAdmin
from prizes.entry.admin import EntryAdmin
from prizes.invitation.admin import InvitationAdmin
from prizes.page.admin import ContestAdmin
from prizes.panel.admin import PanelAdmin, ReviewAdmin
from prizes.public_record.admin import FrameEventAdmin, RootAdmin
from prizes.result.verification_admin import VerificationAdmin
from prizes.screening.admin import EntryReasonAdmin, ScreeningCheckAdmin

__all__ = [
    "BallotEventAdmin",
    "ContestAdmin",
    "EntryAdmin",
    "EntryReasonAdmin",
    "FrameEventAdmin",
    "InvitationAdmin",
    "PanelAdmin",
    "ReviewAdmin",
    "RootAdmin",
    "ScreeningCheckAdmin",
    "VerificationAdmin",
    "VoidingAdmin",
    "VoteAdmin",
]
