"""Decisions of the secretariat about a group of votes: release it, or, by two, declare it void.

Nobody decides about a group with votes in a category in which an entry concerns them.
"""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from prizes.ballot.group_void import GroupVoid
from prizes.ballot.models import BallotEvent, ChainHead, Vote, VoteRefused
from prizes.ballot.voiding import COUNTED, Voiding, VoidNotice
from prizes.contest.models import Contest
from prizes.hold import steps
from prizes.hold.models import Hold, Pattern

AT_ONCE = 500  # rows of one statement


PROPOSED = _("A void of this group is proposed already: confirm or dismiss it first.")


NO_VOTES = _("This group has no votes that could be declared void.")


NOTHING_HELD = _("No votes of this group are held or have lapsed.")


def votes_of(pattern: Pattern) -> list[Vote]:
    """Votes of the group that stand and are not void; not those that were released."""
    voters = pattern.holds.exclude(state__in=(Hold.State.RELEASED, Hold.State.VOID))
    votes = Vote.objects.filter(
        category__contest=pattern.contest_id,
        voter__in=voters.values("voter"),
        voided=False,
    )
    return list(votes.order_by("event__shard", "event__number", "pk"))


@transaction.atomic
def release(pattern: Pattern, by: User, reason: str) -> int:
    """Let the votes of the group count; returns of how many voters. Raises VoteRefused."""
    _lock(pattern)
    GroupVoid(pattern=pattern).require_impartial(by)
    if GroupVoid.objects.open().filter(pattern=pattern).exists():
        raise VoteRefused(PROPOSED)
    released = steps.release(pattern, by, reason)
    if not released:
        raise VoteRefused(NOTHING_HELD)
    return released


@transaction.atomic
def propose(pattern: Pattern, by: User, reason: str, told: str) -> GroupVoid:
    """Propose to declare the votes of the group void, as they stand. Raises VoteRefused."""
    _lock(pattern)
    if GroupVoid.objects.open().filter(pattern=pattern).exists():
        raise VoteRefused(PROPOSED)
    votes = votes_of(pattern)
    events = [vote.event_id for vote in votes]
    open_cases = Voiding.objects.open().filter(event__in=events)
    taken = set(open_cases.values_list("event", flat=True))
    events = [event for event in events if event not in taken]
    if not events:
        raise VoteRefused(NO_VOTES)
    group = GroupVoid(pattern=pattern, reason=reason, told=told).propose(by)
    cases = [
        Voiding(event_id=event, reason=reason, told=told, proposed_by=by, group=group)
        for event in events
    ]
    Voiding.objects.bulk_create(cases, batch_size=AT_ONCE)
    return group


@transaction.atomic
def confirm(group: GroupVoid, by: User) -> int:
    """Declare void the votes that still stand as they were; returns how many.

    Raises VoteRefused.
    """
    _lock(group.pattern)
    group = group.locked()
    group.require_second(by)
    chains = ChainHead.objects.filter(contest=group.pattern.contest_id)
    list(chains.select_for_update(no_key=True).order_by("shard"))
    cases = Voiding.objects.open().filter(group=group).order_by("pk")
    by_event = {case.event_id: case for case in cases}
    votes = list(
        Vote.objects.filter(event__in=by_event).order_by(
            "event__shard", "event__number"
        )
    )
    events = BallotEvent.objects.bulk_create(
        [
            BallotEvent(
                contest_id=group.pattern.contest_id,
                category_id=vote.category_id,
                entry_id=vote.entry_id,
                voter=vote.voter,
                kind=BallotEvent.Kind.VOIDING,
                reason=group.told,
            )
            for vote in votes
        ],
        batch_size=AT_ONCE,
    )
    decided = []
    for vote, event in zip(votes, events, strict=True):
        case = by_event[vote.event_id]
        case.voided_by, case.confirmed_by, case.confirmed_at = event, by, Now()  # type: ignore[assignment]  # the clock of the database
        decided.append(case)
        vote.event, vote.voided = event, True
    Vote.objects.bulk_update(votes, ["event", "voided"], batch_size=AT_ONCE)
    fields = ["voided_by", "confirmed_by", "confirmed_at"]
    Voiding.objects.bulk_update(decided, fields, batch_size=AT_ONCE)
    voters = {vote.voter for vote in votes}
    # who has changed another vote meanwhile: it stays held
    left = Vote.objects.filter(
        category__contest=group.pattern.contest_id, voter__in=voters, voided=False
    )
    voters -= set(left.values_list("voter", flat=True))
    steps.void(group.pattern, by, group.reason, voters)
    group.end("confirmed", by, votes=len(votes))
    if votes:
        VoidNotice.objects.create(group=group)
    return len(votes)


@transaction.atomic
def dismiss(group: GroupVoid, by: User) -> None:
    """Close the cases and leave the votes as they are. Raises VoteRefused."""
    _lock(group.pattern)
    group.dismiss(by)
    cases = Voiding.objects.open().filter(group=group)
    ids = list(cases.values_list("pk", flat=True))
    Voiding.objects.filter(pk__in=ids).update(dismissed_by=by, dismissed_at=Now())


def _lock(pattern: Pattern) -> None:
    """One decision at a time, and none after the count. Raises VoteRefused."""
    rows = Contest.objects.select_for_update(no_key=True)
    if rows.get(pk=pattern.contest_id).counted_at:
        raise VoteRefused(COUNTED)
