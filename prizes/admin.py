"""Gathers the admin pages of the nouns, where Django looks for them."""

from prizes.ballot.admin import BallotEventAdmin, VoidingAdmin, VoteAdmin
from prizes.checking.admin import HeldDayAdmin, PatternAdmin
from prizes.entry.admin import EntryAdmin
from prizes.hold.admin import HoldRuleAdmin
from prizes.invitation.admin import InvitationAdmin
from prizes.page.admin import ContestAdmin
from prizes.panel.admin import PanelAdmin, ReviewAdmin

__all__ = [
    "BallotEventAdmin",
    "ContestAdmin",
    "EntryAdmin",
    "HeldDayAdmin",
    "HoldRuleAdmin",
    "InvitationAdmin",
    "PanelAdmin",
    "PatternAdmin",
    "ReviewAdmin",
    "VoidingAdmin",
    "VoteAdmin",
]
