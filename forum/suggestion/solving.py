"""The solver: a plan that keeps all rules, as cheap as the time allows, or the proof that there is
none. Only workers import this module: it brings OR-Tools, about 100 MB."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from typing import Any, NamedTuple

from ortools.sat.python import cp_model

from forum.suggestion.draft import Spots, full
from forum.suggestion.problem import (
    NO_ROOM,
    Problem,
    Rules,
    Spot,
    Talk,
    minutes_of,
)
from forum.suggestion.wishes import LEVELS, Wish

WORKERS = 2
UNPLACED = 100_000  # costs more than all wishes together
MOVED = 1_000
OTHER_TIME = 1  # a session that moves should rather change its room than its time
POLL = 0.5  # seconds
Watch = Callable[[], bool]  # whether to go on


def go_on() -> bool:
    return True


class Solution(NamedTuple):
    """`is_proved`: nothing better, or nothing at all, is possible."""

    spots: Spots | None
    is_proved: bool


class Model:
    """One problem for the solver. `must`: sessions that have to be placed; others may be left
    out, at a cost."""

    def __init__(
        self,
        problem: Problem,
        must: Iterable[int],
        without: Rules = frozenset(),
        starts: Mapping[int, Mapping[int, int]] | None = None,
    ) -> None:
        self.problem, self.without, self.must = problem, without, frozenset(must)
        self.cp = cp_model.CpModel()
        self.start: dict[int, Any] = {}
        self.placed: dict[int, Any] = {}
        self.in_room: dict[tuple[int, int], Any] = {}
        self.interval: dict[int, Any] = {}
        self.costs: list[Any] = []
        self.hints: list[tuple[Any, int]] = []
        self.is_impossible = False
        self.starts = starts or {
            talk.pk: problem.starts(talk, without) for talk in problem.talks
        }
        self._orders: dict[tuple[int, int], Any] = {}
        self._add_sessions()
        self._add_people()
        self._add_teams()

    # --- rules ---

    def _add_sessions(self) -> None:
        in_room: dict[int, list[Any]] = defaultdict(list)
        for talk in self.problem.talks:
            rooms = self.starts[talk.pk]
            if not rooms:
                self.is_impossible |= talk.pk in self.must
                continue
            self._add_session(talk, rooms, in_room)
        for intervals in in_room.values():
            self.cp.add_no_overlap(intervals)

    def _add_session(
        self, talk: Talk, rooms: Mapping[int, int], in_room: dict[int, list[Any]]
    ) -> None:
        union = 0
        for mask in rooms.values():
            union |= mask
        start = self.cp.new_int_var_from_domain(domain(union), f"start {talk.pk}")
        self.start[talk.pk] = start
        is_must = talk.pk in self.must
        placed = self.cp.new_constant(1) if is_must else self.cp.new_bool_var("")
        self.placed[talk.pk] = placed
        self.interval[talk.pk] = self.cp.new_optional_fixed_size_interval_var(
            start, talk.minutes, placed, ""
        )
        for room, mask in rooms.items():
            here = placed if len(rooms) == 1 else self.cp.new_bool_var("")
            self.in_room[talk.pk, room] = here
            if mask != union:
                self.cp.add_linear_expression_in_domain(
                    start, domain(mask)
                ).only_enforce_if(here)
            if room != NO_ROOM:
                in_room[room].append(
                    self.cp.new_optional_fixed_size_interval_var(
                        start, talk.minutes, here, ""
                    )
                )
        if len(rooms) > 1:
            self.cp.add(sum(self.in_room[talk.pk, room] for room in rooms) == placed)
        if not is_must:
            self.costs.append(UNPLACED * (1 - placed))

    def _add_people(self) -> None:
        """Nobody is in two rooms, nor in the second before the walk is over."""
        groups: set[frozenset[int]] = set()
        of_person: dict[int, set[int]] = defaultdict(set)
        for talk in self.problem.talks:
            if talk.pk in self.start:
                for person in talk.people:
                    if ("person", person) not in self.without:
                        of_person[person].add(talk.pk)
        groups = {frozenset(pks) for pks in of_person.values() if len(pks) > 1}
        for group in groups:
            self.cp.add_no_overlap(self.interval[pk] for pk in sorted(group))
        if self.problem.walks and ("walk", 0) not in self.without:
            pairs = {
                (one, other)
                for group in groups
                for one in group
                for other in group
                if one < other
            }
            for one, other in sorted(pairs):
                self._add_walk(one, other)

    def _add_walk(self, one: int, other: int) -> None:
        before = self.order(one, other)
        for here, rooms in self._buildings(one).items():
            for there, others in self._buildings(other).items():
                minutes = self.problem.walks.get(frozenset((here, there)), 0)
                if not minutes:
                    continue
                conditions = [rooms, others]
                first = self.end(one) + minutes <= self.start[other]
                second = self.end(other) + minutes <= self.start[one]
                self.cp.add(first).only_enforce_if([*conditions, before])
                self.cp.add(second).only_enforce_if([*conditions, ~before])

    def _buildings(self, pk: int) -> dict[str, Any]:
        """Building → whether the session is there."""
        rooms: dict[str, list[Any]] = defaultdict(list)
        for room in self.starts[pk]:
            if room != NO_ROOM:
                rooms[self.problem.of_room[room].building].append(
                    self.in_room[pk, room]
                )
        found = {}
        for building, literals in rooms.items():
            is_there = self.cp.new_bool_var("")
            self.cp.add(sum(literals) == is_there)
            found[building] = is_there
        return found

    def end(self, pk: int) -> Any:
        return self.start[pk] + self.problem.of_talk[pk].minutes

    def order(self, one: int, other: int) -> Any:
        """Whether one of two sessions comes before the other."""
        if (one, other) not in self._orders:
            self._orders[one, other] = self.cp.new_bool_var("")
        return self._orders[one, other]

    def _add_teams(self) -> None:
        problem = self.problem
        booths = [talk for talk in problem.talks if talk.booths]
        captions = [talk for talk in problem.talks if talk.captions]
        if ("teams", 0) not in self.without:
            fixed = [talk for talk in problem.fixed if talk.booths]
            self._at_most(problem.teams, booths, fixed)
        if ("units", 0) not in self.without:
            fixed = [talk for talk in problem.fixed if talk.captions]
            self._at_most(problem.units, captions, fixed)

    def _at_most(
        self, number: int | None, talks: list[Talk], fixed: list[Talk]
    ) -> None:
        """So many at once. Sessions that are fixed may be too many already: then none is added."""
        if number is None:
            return
        intervals = [
            self.interval[talk.pk] for talk in talks if talk.pk in self.interval
        ]
        spans = [
            (talk.at.start, talk.at.start + talk.minutes)
            for talk in fixed
            if talk.at and ("fixed", talk.pk) not in self.without
        ]
        demands = [1] * len(intervals)
        for level in range(1, number + 1):
            for since, until in full(spans, level):
                intervals.append(
                    self.cp.new_fixed_size_interval_var(since, until - since, "")
                )
                demands.append(1)
        if intervals:
            self.cp.add_cumulative(intervals, demands, number)

    # --- wishes ---

    def add_wishes(self, wish: Wish) -> None:
        for (one, other), weight in wish.pairs.items():
            if one in self.start and other in self.start:
                self._add_parallel(one, other, weight)
        for talk in self.problem.talks:
            if talk.pk in self.start:
                self._add_start_cost(talk, wish)
                for room in self.starts[talk.pk]:
                    if cost := wish.room(talk, self.problem.of_room[room]):
                        self.costs.append(cost * self.in_room[talk.pk, room])
        if wish.same_room:
            self._add_rooms_of_tracks(wish.same_room)

    def _add_parallel(self, one: int, other: int, weight: int) -> None:
        first, second = self.cp.new_bool_var(""), self.cp.new_bool_var("")
        parallel = self.cp.new_bool_var("")
        self.cp.add(self.end(one) <= self.start[other]).only_enforce_if(first)
        self.cp.add(self.end(other) <= self.start[one]).only_enforce_if(second)
        self.cp.add_bool_or(first, second, parallel)
        self.costs.append(weight * parallel)

    def _add_start_cost(self, talk: Talk, wish: Wish) -> None:
        """In steps: a start of a step costs at least as much as the step says."""
        union = 0
        for mask in self.starts[talk.pk].values():
            union |= mask
        cost = {start: wish.start(talk, start) for start in minutes_of(union)}
        low, high = min(cost.values()), max(cost.values())
        if low == high:
            return
        size = max((high - low) // LEVELS, 1)
        for level in range(low + size, high + 1, size):
            cheaper = [start for start, value in cost.items() if value < level]
            is_dear = self.cp.new_bool_var("")
            self.cp.add_linear_expression_in_domain(
                self.start[talk.pk], cp_model.Domain.from_values(cheaper)
            ).only_enforce_if(~is_dear)
            self.costs.append(size * is_dear)

    def _add_rooms_of_tracks(self, cost: int) -> None:
        used: dict[tuple[str, int], Any] = {}
        for (pk, room), here in self.in_room.items():
            group = self.problem.of_talk[pk].group
            if room != NO_ROOM and group:
                if (group, room) not in used:
                    used[group, room] = self.cp.new_bool_var("")
                    self.costs.append(cost * used[group, room])
                self.cp.add_implication(here, used[group, room])

    def add_moves(self) -> None:
        """Each session that leaves its place costs, most of all its time."""
        for talk in self.problem.talks:
            if talk.at is None or talk.pk not in self.start:
                continue
            same_time = self.cp.new_bool_var("")
            self.cp.add(self.start[talk.pk] == talk.at.start).only_enforce_if(same_time)
            self.costs.append(OTHER_TIME * (1 - same_time))
            here = self.in_room.get((talk.pk, talk.at.room))
            if (
                here is None
                or not self.starts[talk.pk][talk.at.room] >> talk.at.start & 1
            ):
                self.costs.append(MOVED)
                continue
            stays = self.cp.new_bool_var("")
            self.cp.add_implication(stays, here)
            self.cp.add_implication(stays, same_time)
            self.costs.append(MOVED * (1 - stays))

    # --- answer ---

    def hint(self, spots: Spots) -> None:
        """Begin with this plan."""
        self.cp.clear_hints()
        for pk, start in self.start.items():
            spot = spots.get(pk)
            if pk not in self.must:
                self.cp.add_hint(self.placed[pk], int(spot is not None))
            if spot:
                self.cp.add_hint(start, spot.start)
            rooms = self.starts[pk]
            for room in rooms if len(rooms) > 1 else ():
                is_here = spot is not None and room == spot.room
                self.cp.add_hint(self.in_room[pk, room], int(is_here))

    def solve(self, seconds: float, watch: Watch = go_on) -> Solution:
        if self.is_impossible:
            return Solution(None, True)
        if self.costs:
            self.cp.minimize(sum(self.costs))
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = WORKERS
        solver.parameters.random_seed = 1
        # Both would take longer than they save here.
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.symmetry_level = 0
        status = run(solver, self.cp, watch)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Solution(self._spots(solver), status == cp_model.OPTIMAL)
        return Solution(None, status == cp_model.INFEASIBLE)

    def _spots(self, solver: Any) -> Spots:
        return {
            pk: Spot(solver.value(self.start[pk]), room)
            for (pk, room), here in self.in_room.items()
            if solver.value(here)
        }


def domain(mask: int) -> Any:
    return cp_model.Domain.from_values(minutes_of(mask))


def run(solver: Any, model: Any, watch: Watch) -> Any:
    """Solve, asking every moment whether to go on. What `watch` raises ends the search first."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        answer = pool.submit(solver.solve, model)
        while True:
            try:
                return answer.result(timeout=POLL)
            except NotYet:
                try:
                    if not watch():
                        solver.stop_search()
                except BaseException:
                    solver.stop_search()
                    raise
