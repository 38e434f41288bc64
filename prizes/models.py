"""Gathers the models of the nouns, where Django looks for them."""

from prizes.ballot.barring import FormerMembership
from prizes.ballot.models import BallotEvent, ChainHead, Vote
from prizes.ballot.order import Turn
from prizes.ballot.removal import Removal
from prizes.ballot.voiding import Voiding, VoidNotice
from prizes.ballot.vote_list import VoteListWish
from prizes.ballot.voter import Mailbox, Voter
from prizes.contest.models import Category, Contest, Extension, Phase
from prizes.contest.rules import Criterion, Figure, Question
from prizes.entry.models import Entry
from prizes.entry.remark import Remark
from prizes.entry.winners import WinnerAnswer
from prizes.invitation.models import Invitation
from prizes.panel.decision import Assignment, Choice
from prizes.panel.models import Conflict, Panel, PanelMember, Review, Score
from prizes.public_record.models import FrameEvent, Roll, Root, Witness
from prizes.result.files import RecordFile
from prizes.result.models import CountProposal, Result
from prizes.result.verification import Verification
from prizes.screening.batch import ScreeningBatch, ScreeningBatchItem
from prizes.screening.models import (
    EntryReason,
    EntryReasonText,
    Finding,
    Screening,
    ScreeningCheck,
)

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
    "EntryReason",
    "EntryReasonText",
    "Extension",
    "Figure",
    "Finding",
    "FormerMembership",
    "FrameEvent",
    "Invitation",
    "Mailbox",
    "Panel",
    "PanelMember",
    "Phase",
    "Question",
    "RecordFile",
    "Remark",
    "Removal",
    "Result",
    "Review",
    "Roll",
    "Root",
    "Score",
    "Screening",
    "ScreeningBatch",
    "ScreeningBatchItem",
    "ScreeningCheck",
    "Turn",
    "Verification",
    "VoidNotice",
    "Voiding",
    "Vote",
    "VoteListWish",
    "Voter",
    "WinnerAnswer",
    "Witness",
]
