"""What became of the vote with a receipt: said to everybody who has the four words."""

import datetime
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from prizes.ballot.barring import is_barred
from prizes.ballot.models import BallotEvent, Vote
from prizes.contest.models import Contest
from prizes.entry.workflow import ON_BALLOT
from prizes.hold.models import Hold


class ReceiptState(models.TextChoices):
    COUNTED = "counted", _("Counted")
    REPLACED = "replaced", _("Replaced by your later vote")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    HELD = "held", _("Held for checking")
    LAPSED = "lapsed", _("Held, and not confirmed in time")
    VOID = "void", _("Does not count")


class Found(NamedTuple):
    """The vote of a receipt: its state, the hours in which it was given and in which it was
    replaced or withdrawn. Never the choice, and nothing from which it follows: a vote whose
    nominee left the contest is not told apart from a void one."""

    state: ReceiptState
    given_at: datetime.datetime
    ended_at: datetime.datetime | None


def find(contest: Contest, number: int) -> Found | None:
    """The vote of the contest with this receipt; None when there is none."""
    events = BallotEvent.objects.filter(contest=contest)
    given = events.filter(receipt_number=number).first()
    if given is None:
        return None
    later = events.filter(
        category=given.category_id, voter=given.voter, number__gt=given.number
    )
    end = later.exclude(kind=BallotEvent.Kind.CAST).order_by("number").first()
    if end and end.kind == BallotEvent.Kind.VOIDING:  # whatever the voter did since
        return Found(ReceiptState.VOID, given.at, None)
    if end:
        withdrawn = end.kind == BallotEvent.Kind.WITHDRAW
        state = ReceiptState.WITHDRAWN if withdrawn else ReceiptState.REPLACED
        return Found(state, given.at, end.at)
    return Found(_state_of(contest, given), given.at, None)


def _state_of(contest: Contest, given: BallotEvent) -> ReceiptState:
    """The state of a vote that its voter has left as it is."""
    votes = Vote.objects.filter(category=given.category_id, voter=given.voter)
    vote = votes.select_related("entry").first()
    counts = (
        vote is not None
        and not vote.voided
        and vote.entry.status in ON_BALLOT
        and not is_barred(contest.pk, vote.entry_id, vote.voter)
    )
    if not counts:
        return ReceiptState.VOID
    hold = Hold.objects.of_voter(contest.pk, given.voter).first()
    if hold and not hold.counts:
        return ReceiptState.HELD if hold.is_held else ReceiptState.LAPSED
    return ReceiptState.COUNTED
