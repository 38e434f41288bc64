"""The secretariat's desk for the prizes, in Django's own admin."""

from prizes.admin.ballot import BallotEventAdmin, StrikeAdmin, VoteAdmin
from prizes.admin.contest import ContestAdmin
from prizes.admin.entry import EntryAdmin
from prizes.admin.panel import PanelAdmin, ReviewAdmin

__all__ = [
    "BallotEventAdmin",
    "ContestAdmin",
    "EntryAdmin",
    "PanelAdmin",
    "ReviewAdmin",
    "StrikeAdmin",
    "VoteAdmin",
]
