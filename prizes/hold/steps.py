"""Steps of held votes; each is one row of the log, which the database allows or refuses."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from accounts.user.models import User
from prizes.hold.models import Hold, HoldEvent, Pattern


def hold(pattern: Pattern, voters: Iterable[str]) -> int:
    """Hold all votes of these voters; returns of how many. Those that are held already, or that
    have confirmed or been released under this rule since a vote of theirs was last declared void,
    are to be left out by the caller."""
    rows = [_step(pattern, voter, HoldEvent.Kind.HOLD) for voter in voters]
    return len(HoldEvent.objects.bulk_create(rows))


def confirm(held: Hold) -> bool:
    """The voter confirms; False when it is too late, or nothing is held. Safe to repeat."""
    try:
        with transaction.atomic():
            _step(held.pattern, held.voter, HoldEvent.Kind.CONFIRM).save()
    except IntegrityError:
        return False
    return True


@transaction.atomic
def lapse() -> int:
    """Held votes that nobody confirmed in time do not count; returns of how many voters. Safe to
    run twice."""
    rows = Hold.objects.expired().filter(contest__counted_at=None)
    rows = rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    steps = [
        _step(row.pattern, row.voter, HoldEvent.Kind.LAPSE)
        for row in rows.select_related("pattern")[:LAPSES_AT_ONCE]
    ]
    return len(HoldEvent.objects.bulk_create(steps))


LAPSES_AT_ONCE = 2000


def release(pattern: Pattern, by: User, reason: str) -> int:
    """The secretariat lets the votes of a pattern count; returns of how many voters."""
    states = (Hold.State.HELD, Hold.State.LAPSED)
    return _of_all(pattern, states, HoldEvent.Kind.RELEASE, by, reason)


def void(pattern: Pattern, by: User, reason: str, voters: Iterable[str]) -> int:
    """Close the holds of voters whose votes were declared void."""
    states = [state for state in Hold.State if state != Hold.State.VOID]
    return _of_all(pattern, states, HoldEvent.Kind.VOID, by, reason, voters)


@transaction.atomic
def _of_all(
    pattern: Pattern,
    states: Iterable[str],
    kind: str,
    by: User,
    reason: str,
    voters: Iterable[str] | None = None,
) -> int:
    rows = pattern.holds.filter(state__in=states)
    if voters is not None:
        rows = rows.filter(voter__in=list(voters))
    steps = [
        _step(pattern, row.voter, kind, by, reason)
        for row in rows.select_for_update().order_by("pk")
    ]
    return len(HoldEvent.objects.bulk_create(steps))


def _step(
    pattern: Pattern, voter: str, kind: str, by: User | None = None, reason: str = ""
) -> HoldEvent:
    return HoldEvent(
        contest_id=pattern.contest_id,
        voter=voter,
        kind=kind,
        pattern=pattern,
        by=by,
        reason=reason,
    )
