"""What the prizes are made of: contests and their rules, entries, panels, ballots, results."""

from prizes.models.ballot import BallotEvent, ChainHead, Vote
from prizes.models.barring import FormerMembership
from prizes.models.contest import Category, Contest, Extension, Phase
from prizes.models.decision import Assignment, Choice
from prizes.models.entry import Entry
from prizes.models.panel import Conflict, Panel, PanelMember, Review, Score
from prizes.models.remark import Remark
from prizes.models.removal import Removal
from prizes.models.result import CountProposal, Result
from prizes.models.rules import Criterion, Figure, Question
from prizes.models.voiding import Strike
from prizes.models.voter import Mailbox, Voter

__all__ = [
    "Assignment",
    "BallotEvent",
    "Category",
    "ChainHead",
    "Choice",
    "Conflict",
    "Contest",
    "CountProposal",
    "Criterion",
    "Entry",
    "Extension",
    "Figure",
    "FormerMembership",
    "Mailbox",
    "Panel",
    "PanelMember",
    "Phase",
    "Question",
    "Remark",
    "Removal",
    "Result",
    "Review",
    "Score",
    "Strike",
    "Vote",
    "Voter",
]
