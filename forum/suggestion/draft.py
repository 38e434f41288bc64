"""A first plan, quickly: each session in the cheapest free slot, the hardest to place first. The
solver starts from it; it also tells which slots are left for a session in a finished plan."""

from collections import defaultdict
from collections.abc import Sequence

from forum.suggestion.problem import (
    NO_ROOM,
    Problem,
    Span,
    Spot,
    Talk,
    beside,
    minutes_of,
)
from forum.suggestion.wishes import Wish

Spots = dict[int, Spot]  # session → where it stands
PASSES = 12


class Draft:
    """A plan in the making. `starts`: what the rules allow each session (`Problem.starts`)."""

    def __init__(self, problem: Problem, starts: dict[int, dict[int, int]]) -> None:
        self.problem, self.starts = problem, starts
        self.neighbours = problem.neighbours()
        self.spots: Spots = {}
        self.in_room: dict[int, dict[int, Span]] = defaultdict(dict)
        self.limits = [
            (number, needs)
            for number, needs in (
                (problem.teams, lambda talk: talk.booths > 0),
                (problem.units, lambda talk: talk.captions),
            )
            if number is not None
        ]

    def put(self, talk: Talk, spot: Spot) -> None:
        self.spots[talk.pk] = spot
        if spot.room != NO_ROOM:
            self.in_room[spot.room][talk.pk] = (spot.start, spot.start + talk.minutes)

    def take(self, talk: Talk) -> Spot:
        spot = self.spots.pop(talk.pk)
        self.in_room[spot.room].pop(talk.pk, None)
        return spot

    def options(self, talk: Talk) -> dict[int, int]:
        """Room → the starts that are free beside what is placed so far."""
        shut = self._without_team(talk)
        found = {}
        for room, allowed in self.starts[talk.pk].items():
            mask = allowed & ~shut & ~self._busy(talk, room)
            for since, until in self.in_room[room].values():
                mask &= ~beside(since, until, talk.minutes)
            if mask:
                found[room] = mask
        return found

    def _busy(self, talk: Talk, room: int) -> int:
        """Starts at which somebody of the session is elsewhere, or on the way."""
        mask = 0
        for pk in self.neighbours.get(talk.pk, ()):
            spot = self.spots.get(pk)
            if spot is None:
                continue
            gap = self.problem.walk(room, spot.room)
            end = spot.start + self.problem.of_talk[pk].minutes
            mask |= beside(spot.start - gap, end + gap, talk.minutes)
        return mask

    def _without_team(self, talk: Talk) -> int:
        """Starts at which no team of interpreters, or no captioning unit, is left."""
        mask = 0
        for number, needs in self.limits:
            if needs(talk):
                spans = self._spans(needs)
                for since, until in full(spans, number):
                    mask |= beside(since, until, talk.minutes)
        return mask

    def _spans(self, needs: object) -> list[Span]:
        """The times of all sessions that need one of these, those that are fixed too."""
        fixed = [(one, one.at) for one in self.problem.fixed]
        placed = [(self.problem.of_talk[pk], spot) for pk, spot in self.spots.items()]
        return [
            (spot.start, spot.start + talk.minutes)
            for talk, spot in (*fixed, *placed)
            if spot and needs(talk)  # type: ignore[operator]  # a function of a talk
        ]


def full(spans: list[Span], number: int) -> list[Span]:
    """When at least so many of the spans go on at once."""
    changes = sorted(
        [(since, 1) for since, _until in spans]
        + [(until, -1) for _since, until in spans]
    )
    found, at_once, began = [], 0, 0
    if number <= 0:
        return [(0, 1 << 20)]
    for minute, change in changes:
        before, at_once = at_once, at_once + change
        if before < number <= at_once:
            began = minute
        elif before >= number > at_once and minute > began:
            found.append((began, minute))
    return found


def cheapest(
    draft: Draft, talk: Talk, wish: Wish, pairs: dict[int, dict[int, int]]
) -> Spot | None:
    """The best of the slots that are left; None when there is none."""
    options = draft.options(talk)
    union = 0
    for mask in options.values():
        union |= mask
    cost = {start: wish.start(talk, start) for start in minutes_of(union)}
    for other, weight in pairs.get(talk.pk, {}).items():
        spot = draft.spots.get(other)
        if spot:
            end = spot.start + draft.problem.of_talk[other].minutes
            for start in minutes_of(union & beside(spot.start, end, talk.minutes)):
                cost[start] += weight
    used = {
        spot.room
        for pk, spot in draft.spots.items()
        if draft.problem.of_talk[pk].group == talk.group
    }
    best = None
    for room, mask in options.items():
        place = draft.problem.of_room[room]
        extra = wish.room(talk, place) + (0 if room in used else wish.same_room)
        for start in minutes_of(mask):
            key = (cost[start] + extra, start, room)
            if best is None or key < best:
                best = key
    return Spot(best[1], best[2]) if best else None


def first_draft(
    problem: Problem,
    starts: dict[int, dict[int, int]],
    wish: Wish,
    keep: Sequence[Talk] = (),
) -> Spots:
    """The best of some passes: whoever found no slot in one goes first in the next. `keep`: these
    stay where they are, as far as they can."""
    pairs: dict[int, dict[int, int]] = defaultdict(dict)
    for (one, other), weight in wish.pairs.items():
        pairs[one][other] = pairs[other][one] = weight
    width = {
        talk.pk: sum(mask.bit_count() for mask in starts[talk.pk].values())
        for talk in problem.talks
    }
    order = sorted(
        problem.talks, key=lambda talk: (width[talk.pk], -talk.minutes, talk.pk)
    )
    best: Spots = {}
    for _pass in range(PASSES):
        draft, left = Draft(problem, starts), []
        stay(draft, keep)
        for talk in order:
            if talk.pk in draft.spots:
                continue
            spot = cheapest(draft, talk, wish, pairs)
            if spot:
                draft.put(talk, spot)
            else:
                left.append(talk)
        if len(draft.spots) > len(best):
            best = draft.spots
        if not left:
            break
        order = [*left, *(talk for talk in order if talk not in left)]
    return best


def stay(draft: Draft, talks: Sequence[Talk]) -> None:
    """Leave those where they are that clash with none before them."""
    for talk in talks:
        if talk.at and draft.options(talk).get(talk.at.room, 0) >> talk.at.start & 1:
            draft.put(talk, talk.at)


def cost_of(problem: Problem, spots: Spots, wish: Wish) -> int:
    """What a plan costs by the wishes of a variant."""
    cost = 0
    for (one, other), weight in wish.pairs.items():
        if one in spots and other in spots and parallel(problem, spots, one, other):
            cost += weight
    for pk, spot in spots.items():
        talk = problem.of_talk[pk]
        cost += wish.start(talk, spot.start)
        cost += wish.room(talk, problem.of_room[spot.room])
    used = {
        (problem.of_talk[pk].group, spot.room)
        for pk, spot in spots.items()
        if problem.of_talk[pk].group and spot.room != NO_ROOM
    }
    return cost + wish.same_room * len(used)


def parallel(problem: Problem, spots: Spots, one: int, other: int) -> bool:
    first, second = spots[one].start, spots[other].start
    return (
        first < second + problem.of_talk[other].minutes
        and second < first + problem.of_talk[one].minutes
    )
