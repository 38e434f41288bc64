"""Sharing out: reviews among people, so that nobody has much more to do than another.

Plain sets and numbers; prizes/panel/assigning.py brings them from the database and back.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping


class Balance:
    """Who reviews what. `fixed` stays as it is; `given` can still be moved to somebody else.

    wanted: entry → number of reviews
    fit: entry → people who may review it
    caps: person → entries at most, over all panels
    fixed: entry → people who review it already
    """

    def __init__(
        self,
        wanted: Mapping[int, int],
        fit: Mapping[int, set[int]],
        caps: Mapping[int, int],
        fixed: Mapping[int, set[int]],
    ) -> None:
        self.wanted, self.fit, self.caps = wanted, fit, caps
        self.holders = {entry: set(fixed.get(entry, ())) for entry in wanted}
        self.load = Counter(person for people in fixed.values() for person in people)
        self.given: defaultdict[int, set[int]] = defaultdict(set)  # person → entries
        self.short: set[int] = set()

    def share_out(self) -> None:
        """Every entry gets as many people as it wants, where there are so many; then the loads
        come as close to each other as the panels and conflicts allow."""
        for entry in sorted(self.wanted, key=lambda one: (len(self.fit[one]), one)):
            while len(self.holders[entry]) < self.wanted[entry]:
                if not self._add(entry):
                    self.short.add(entry)
                    break
        self._level()

    def _add(self, entry: int) -> bool:
        """One more person for this entry: the least busy one, or one who is full but can pass
        another entry on."""
        able = self.fit[entry] - self.holders[entry]
        free = [person for person in able if self._has_room(person)]
        if free:
            self._give(entry, min(free, key=lambda one: (self.load[one], one)))
            return True
        path = self._path(sorted(able), self._has_room)
        if path is None:
            return False
        self._pass_on(path)
        self._give(entry, path[0][0])
        return True

    def _has_room(self, person: int) -> bool:
        return self.load[person] < self.caps[person]

    def _give(self, entry: int, person: int) -> None:
        self.holders[entry].add(person)
        self.given[person].add(entry)
        self.load[person] += 1

    def _take(self, entry: int, person: int) -> None:
        self.holders[entry].discard(person)
        self.given[person].discard(entry)
        self.load[person] -= 1

    def _path(
        self, sources: Iterable[int], is_end: Callable[[int], bool]
    ) -> list[tuple[int, int, int]] | None:
        """The shortest chain of (person, entry, next person) from one of these people to one for
        whom `is_end` holds; None when there is none."""
        came: dict[int, tuple[int, int] | None] = dict.fromkeys(sources)
        queue = deque(came)
        while queue:
            person = queue.popleft()
            for entry in sorted(self.given[person]):
                for other in sorted(self.fit[entry] - self.holders[entry]):
                    if other in came:
                        continue
                    came[other] = (person, entry)
                    if is_end(other):
                        return self._back(other, came)
                    queue.append(other)
        return None

    @staticmethod
    def _back(
        end: int, came: Mapping[int, tuple[int, int] | None]
    ) -> list[tuple[int, int, int]]:
        path = []
        step = came[end]
        while step is not None:
            person, entry = step
            path.append((person, entry, end))
            end, step = person, came[person]
        return path[::-1]

    def _pass_on(self, path: list[tuple[int, int, int]]) -> None:
        for person, entry, other in path:
            self._take(entry, person)
            self._give(entry, other)

    def _level(self) -> None:
        """Move entries along chains until no chain leads to somebody with two entries fewer: then
        the loads cannot be more even. Each step makes the sum of their squares smaller, so it
        ends."""
        is_moving = True
        while is_moving:
            is_moving = False
            for person in sorted(self.given, key=lambda one: (-self.load[one], one)):
                while path := self._path([person], self._eases(person)):
                    self._pass_on(path)
                    is_moving = True

    def _eases(self, person: int) -> Callable[[int], bool]:
        limit = self.load[person] - 2
        return lambda other: self.load[other] <= limit and self._has_room(other)
