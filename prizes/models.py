"""Gathers the models of the nouns, where Django looks for them."""

from prizes.ballot.barring import FormerMembership
from prizes.ballot.group_void import GroupVoid
from prizes.ballot.models import BallotEvent, ChainHead, Vote
from prizes.ballot.order import Turn
from prizes.ballot.removal import Removal
from prizes.ballot.voiding import Voiding, VoidNotice
from prizes.ballot.vote_list import VoteListWish
from prizes.ballot.voter import Mailbox, Voter
from prizes.base.remark import Remark
from prizes.certificate.models import CertificateJob
from prizes.checking.models import HeldDay
from prizes.contest.models import Category, Contest, Extension, Phase
from prizes.contest.rules import Criterion, Figure, Question
from prizes.entry.amendment import Amendment
from prizes.entry.models import Entry
from prizes.entry.winners import WinnerAnswer
from prizes.hold.models import Hold, HoldEvent, Pattern, Signal, SignalKey
from prizes.hold.rules import HoldRule
from prizes.invitation.models import Invitation
from prizes.letter.models import Letter, LetterBatch, LetterTemplate
from prizes.panel.anonymous import RedactedText
from prizes.panel.decision import Assignment, Choice
from prizes.panel.delegation import Delegation
from prizes.panel.forwarding import Forwarding
from prizes.panel.models import Conflict, Panel, PanelMember, Review, Score
from prizes.panel.ties import OrganizationTie
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
from prizes.text.models import EntryTranslation

__all__ = [
    "Amendment",
    "Assignment",
    "BallotEvent",
    "Category",
    "CertificateJob",
    "ChainHead",
    "Choice",
    "Conflict",
    "Contest",
    "CountProposal",
    "Criterion",
    "Delegation",
    "Entry",
    "EntryReason",
    "EntryReasonText",
    "EntryTranslation",
    "Extension",
    "Figure",
    "Finding",
    "FormerMembership",
    "Forwarding",
    "FrameEvent",
    "GroupVoid",
    "HeldDay",
    "Hold",
    "HoldEvent",
    "HoldRule",
    "Invitation",
    "Letter",
    "LetterBatch",
    "LetterTemplate",
    "Mailbox",
    "OrganizationTie",
    "Panel",
    "PanelMember",
    "Pattern",
    "Phase",
    "Question",
    "RecordFile",
    "RedactedText",
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
    "Signal",
    "SignalKey",
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
