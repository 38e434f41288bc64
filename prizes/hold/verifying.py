"""Verifying the log of held votes: every hash again, every step, and the states that follow."""

import datetime
from typing import NamedTuple

from django.utils.translation import gettext_noop as _

from prizes.base.finding import Said
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
    return {voter: str(STEPS[kind][1]) for voter, kind in kinds if kind in STEPS}


def left_out_by_log(contest: Contest) -> set[str]:
    """Voters whose votes do not count, from the log alone."""
    states = states_by_log(contest)
    return {voter for voter, state in states.items() if state in LEFT_OUT}


class HoldFault(NamedTuple):
    """Where the log or the states do not fit, and what is wrong; `number` and `at` are those of
    the row, 0 and None where it is a state."""

    place: Said
    problem: Said
    number: int = 0
    at: datetime.datetime | None = None


class Log(NamedTuple):
    """The log as it is found: the numbers of its rows by their hashes, and its first fault."""

    numbers: dict[str, int]
    fault: HoldFault | None


def read_log(contest: Contest) -> Log:
    """Compute the log again, and compare the states of the voters with it."""
    number, previous = 0, GENESIS
    states: dict[str, str] = {}
    numbers: dict[str, int] = {}
    fault = None
    rows = HoldEvent.objects.filter(contest=contest).order_by("number")
    for *content, before, own in rows.values_list(
        *CONTENT, "previous", "hash"
    ).iterator(chunk_size=10_000):
        link = HoldLink(*content)
        link = link._replace(by=link.by or 0)
        numbers[own] = link.number
        problem = fault or _problem(link, number + 1, previous, before, own, states)
        if isinstance(problem, str):
            place = Said(_("held votes, row %(number)s"), number=link.number)
            fault = HoldFault(place, Said(problem), link.number, link.at)
        number, previous = link.number, own
    return Log(numbers, fault or _odd_state(contest, states))


def _problem(
    link: HoldLink,
    number: int,
    previous: str,
    before: str,
    own: str,
    states: dict[str, str],
) -> str | None:
    """What is wrong with this row; `states` are those of the voters before it, and then after."""
    if link.number != number:
        return _("a row before it is missing")
    if before != previous:
        return _("it does not follow the row before it")
    if own != hold_hash(previous, link):
        return _("its content was changed")
    sources, target = STEPS.get(link.kind, (set(), ""))
    if states.get(link.voter, "") not in sources:
        return _("the state of the voter did not allow this step")
    states[link.voter] = str(target)
    return None


def _odd_state(contest: Contest, states: dict[str, str]) -> HoldFault | None:
    stored = dict(Hold.objects.filter(contest=contest).values_list("voter", "state"))
    odd = {voter for voter, state in states.items() if stored.pop(voter, "") != state}
    odd |= set(stored)
    if not odd:
        return None
    return HoldFault(
        Said(_("voter %(key)s"), key=min(odd)[:12]),
        Said(_("the state of the held votes is not that of the log")),
    )
