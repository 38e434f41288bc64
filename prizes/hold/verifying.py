"""Verifying the log of held votes: every hash again, every step, and the states that follow.

The findings are for operators, in English, like those of the ballot.
"""

from prizes.contest.models import Contest
from prizes.hold.models import (
    GENESIS,
    LEFT_OUT,
    Hold,
    HoldEvent,
    HoldLink,
    hold_hash,
)

Kind, State = HoldEvent.Kind, Hold.State

# kind of a step → the states before it, and the one after it
STEPS: dict[str, tuple[set[str], str]] = {
    Kind.HOLD: ({"", State.CONFIRMED, State.RELEASED, State.VOID}, State.HELD),
    Kind.CONFIRM: ({State.HELD}, State.CONFIRMED),
    Kind.LAPSE: ({State.HELD}, State.LAPSED),
    Kind.RELEASE: ({State.HELD, State.LAPSED}, State.RELEASED),
    Kind.VOID: (
        {State.HELD, State.LAPSED, State.CONFIRMED, State.RELEASED},
        State.VOID,
    ),
}

CONTENT = (
    "contest_id",
    "number",
    "kind",
    "voter",
    "pattern__rule",
    "by",
    "at",
    "reason",
)


def states_by_log(contest: Contest) -> dict[str, str]:
    """Voter → state, from the log alone."""
    rows = HoldEvent.objects.filter(contest=contest).order_by("number")
    kinds = rows.values_list("voter", "kind").iterator(chunk_size=10_000)
    return {voter: str(STEPS[Kind(kind)][1]) for voter, kind in kinds}


def left_out_by_log(contest: Contest) -> set[str]:
    """Voters whose votes do not count, from the log alone."""
    states = states_by_log(contest)
    return {voter for voter, state in states.items() if state in LEFT_OUT}


def first_fault(contest: Contest) -> tuple[str, str] | None:
    """Where the log or the states do not fit, and what is wrong; None when all is well."""
    number, previous = 0, GENESIS
    states: dict[str, str] = {}
    rows = HoldEvent.objects.filter(contest=contest).order_by("number")
    for *content, before, own in rows.values_list(
        *CONTENT, "previous", "hash"
    ).iterator(chunk_size=10_000):
        link = HoldLink(*content)
        link = link._replace(by=link.by or 0)
        place = f"held votes, row {link.number}"
        if link.number != number + 1:
            return place, "a row before it is missing"
        if before != previous:
            return place, "it does not follow the row before it"
        if own != hold_hash(previous, link):
            return place, "its content was changed"
        sources, target = STEPS[Kind(link.kind)]
        if states.get(link.voter, "") not in sources:
            return place, "the state of the voter did not allow this step"
        number, previous, states[link.voter] = link.number, own, str(target)
    stored = dict(Hold.objects.filter(contest=contest).values_list("voter", "state"))
    odd = {voter for voter, state in states.items() if stored.pop(voter, "") != state}
    odd |= set(stored)
    if odd:
        return (
            f"voter {min(odd)[:12]}",
            "the state of the held votes is not that of the log",
        )
    return None
