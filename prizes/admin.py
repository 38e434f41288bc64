"""Gathers the admin pages of the nouns, where Django looks for them."""

from prizes.ballot.admin import BallotEventAdmin, VoidingAdmin, VoteAdmin
from prizes.entry.admin import EntryAdmin
from prizes.invitation.admin import InvitationAdmin
from prizes.letter.admin import LetterTemplateAdmin
from prizes.page.admin import ContestAdmin
from prizes.panel.admin import PanelAdmin, ReviewAdmin

__all__ = [
    "BallotEventAdmin",
    "ContestAdmin",
    "EntryAdmin",
    "InvitationAdmin",
    "LetterTemplateAdmin",
    "PanelAdmin",
    "ReviewAdmin",
    "VoidingAdmin",
    "VoteAdmin",
]
