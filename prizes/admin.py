"""The secretariat's desk for the prizes, in Django's own admin."""

from prizes.ballot.admin import BallotEventAdmin, VoidingAdmin, VoteAdmin
from prizes.entry.admin import EntryAdmin
from prizes.page.admin import ContestAdmin
from prizes.panel.admin import PanelAdmin, ReviewAdmin

__all__ = [
    "BallotEventAdmin",
    "ContestAdmin",
    "EntryAdmin",
    "PanelAdmin",
    "ReviewAdmin",
    "VoidingAdmin",
    "VoteAdmin",
]
