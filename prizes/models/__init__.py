"""What the prizes are made of: contests and their rules, entries, panels, ballots, results."""

from prizes.models.ballot import BallotEvent, ChainHead, Strike, Vote
from prizes.models.contest import Category, Contest, Extension, Phase
from prizes.models.decision import Assignment, Choice
from prizes.models.entry import Entry
from prizes.models.panel import Conflict, Panel, PanelMember, Review, Score
from prizes.models.result import Result
from prizes.models.rules import Criterion, Figure, Question

__all__ = [
    "Assignment",
    "BallotEvent",
    "Category",
    "ChainHead",
    "Choice",
    "Conflict",
    "Contest",
    "Criterion",
    "Entry",
    "Extension",
    "Figure",
    "Panel",
    "PanelMember",
    "Phase",
    "Question",
    "Result",
    "Review",
    "Score",
    "Strike",
    "Vote",
]
