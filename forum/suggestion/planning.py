"""Proposing and repairing a plan, and why: the draft, the solver, and what they found."""

from dataclasses import dataclass, field
from time import monotonic

from forum.suggestion.blocking import blocking_set
from forum.suggestion.draft import Draft, Spots, cost_of, first_draft
from forum.suggestion.problem import Problem, Rule, Talk
from forum.suggestion.solving import Model, Watch, go_on
from forum.suggestion.wishes import Wish

FOR_ALL = 12.0  # seconds in which a plan with every session is looked for
FOR_WISHES = 8.0
FOR_REASONS = 20.0


@dataclass
class Reason:
    """Why a session is where it is: how many rooms have what it needs, and in how many slots, of
    any room, its people and a room are free beside all other sessions; its own is one."""

    rooms: int
    slots: int


@dataclass
class Found:
    """A plan. `blocked`: for each session that has no place, the rules and sessions that exclude it
    together, none of which could be left out; empty when the time was too short to find out."""

    spots: Spots
    is_proved: bool = False  # no plan places more sessions
    reasons: dict[int, Reason] = field(default_factory=dict)
    blocked: dict[int, list[Rule]] = field(default_factory=dict)


def propose(problem: Problem, wish: Wish, watch: Watch = go_on) -> Found:
    """Place as many sessions as possible, then as the wish says."""
    starts = {talk.pk: problem.starts(talk) for talk in problem.talks}
    spots, is_proved = _most(problem, starts, first_draft(problem, starts, wish), watch)
    model = Model(problem.only(_placed(problem, spots)), spots, starts=starts)
    model.add_wishes(wish)
    model.hint(spots)
    better = model.solve(FOR_WISHES, watch).spots
    if better and cost_of(problem, better, wish) < cost_of(problem, spots, wish):
        spots = better
    return explained(problem, starts, Found(spots, is_proved), watch)


def repair(problem: Problem, watch: Watch = go_on) -> Found:
    """Bring a plan in order by moving as few sessions as possible; all of them stand somewhere."""
    starts = {talk.pk: problem.starts(talk) for talk in problem.talks}
    wish = Wish()
    draft = first_draft(problem, starts, wish, keep=problem.talks)
    spots, is_proved = _most(problem, starts, draft, watch)
    model = Model(problem.only(_placed(problem, spots)), spots, starts=starts)
    model.add_moves()
    model.hint(spots)
    solved = model.solve(FOR_ALL + FOR_WISHES, watch)
    if solved.spots and moves(problem, solved.spots) <= moves(problem, spots):
        spots = solved.spots
    return explained(problem, starts, Found(spots, is_proved), watch)


def moves(problem: Problem, spots: Spots) -> int:
    """How many sessions do not stay where they are."""
    return sum(
        talk.at is not None and spots.get(talk.pk) != talk.at for talk in problem.talks
    )


def _placed(problem: Problem, spots: Spots) -> list[Talk]:
    return [talk for talk in problem.talks if talk.pk in spots]


def _most(
    problem: Problem, starts: dict[int, dict[int, int]], draft: Spots, watch: Watch
) -> tuple[Spots, bool]:
    """A plan with the most sessions, and whether no other has more."""
    possible = [talk.pk for talk in problem.talks if starts[talk.pk]]
    if len(draft) == len(possible):
        return draft, True
    every = Model(problem, possible, starts=starts)
    every.hint(draft)
    all_placed = every.solve(FOR_ALL, watch)
    if all_placed.spots:
        return all_placed.spots, True
    most = Model(problem, (), starts=starts)
    most.hint(draft)
    solved = most.solve(FOR_ALL, watch)
    if solved.spots and len(solved.spots) >= len(draft):
        return solved.spots, solved.is_proved
    return draft, False


def explained(
    problem: Problem, starts: dict[int, dict[int, int]], found: Found, watch: Watch
) -> Found:
    draft = Draft(problem, starts)
    for pk, spot in found.spots.items():
        draft.put(problem.of_talk[pk], spot)
    for talk in _placed(problem, found.spots):
        spot = draft.take(talk)
        options = draft.options(talk)
        draft.put(talk, spot)
        slots = sum(mask.bit_count() for mask in options.values())
        found.reasons[talk.pk] = Reason(len(starts[talk.pk]), max(slots, 1))
    until = monotonic() + FOR_REASONS
    for talk in problem.talks:
        if talk.pk not in found.spots:
            found.blocked[talk.pk] = blocking_set(
                problem, found.spots, talk, lambda: watch() and monotonic() < until
            )
    return found
