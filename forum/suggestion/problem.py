"""What has to be placed and what it must keep to, as plain values: nothing here knows of a
database or of a solver.

Times are minutes since the first midnight of the edition, on the clock of UTC, so a change of
clocks makes nothing longer. A set of starts is one integer: bit n stands for minute n.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

Span = tuple[int, int]  # [since, until) in minutes
Rule = tuple[str, int]  # its kind, and the id of what it is about
Rules = frozenset[Rule]
NO_ROOM = 0  # of sessions that are held remotely
KEPT = ("seats", "booths", "captions", "day")  # a session that stays may break these


class Spot(NamedTuple):
    """Where a session stands: its start, and the id of its room or NO_ROOM."""

    start: int
    room: int


@dataclass(frozen=True)
class Place:
    """A room. `open`: None for one that is never closed; `blocked`: each with the id of its row."""

    pk: int
    building: str = ""
    seats: int | None = None
    booths: int | None = None
    has_captioning: bool = False
    open: tuple[Span, ...] | None = None
    blocked: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True)
class Talk:
    """A session. `people`: ids of those who have to be in the room; below 0 for a name that several
    records have. `at`: where it stands now."""

    pk: int
    minutes: int
    people: frozenset[int] = frozenset()
    seats: int = 0
    booths: int = 0
    captions: bool = False
    needs_room: bool = True
    at: Spot | None = None
    group: str = ""  # its track
    followed: bool = True  # remote participants can follow it


@dataclass(frozen=True)
class Problem:
    """`days`: the hours of each day in which the solver may place something. `talks` are placed or
    moved; `fixed` stay where they are (`Talk.at`)."""

    length: int
    step: int
    days: tuple[Span, ...]
    places: tuple[Place, ...]
    talks: tuple[Talk, ...]
    fixed: tuple[Talk, ...] = ()
    available: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    walks: Mapping[frozenset[str], int] = field(default_factory=dict)
    teams: int | None = None
    units: int | None = None

    def only(self, talks: Iterable[Talk]) -> "Problem":
        """The same rules for some of the sessions."""
        return replace(self, talks=tuple(talks))

    @cached_property
    def of_room(self) -> dict[int, Place]:
        return {NO_ROOM: Place(NO_ROOM)} | {place.pk: place for place in self.places}

    @cached_property
    def of_talk(self) -> dict[int, Talk]:
        return {talk.pk: talk for talk in (*self.talks, *self.fixed)}

    @cached_property
    def grid(self) -> int:
        """Where sessions may begin: every so many minutes of an hour."""
        return mask_of(range(0, self.length, self.step))

    def walk(self, one: int, other: int) -> int:
        """Minutes between two rooms."""
        buildings = self.of_room[one].building, self.of_room[other].building
        return self.walks.get(frozenset(buildings), 0)

    def neighbours(self) -> dict[int, dict[int, frozenset[int]]]:
        """For each session the others that share people with it, and whom."""
        of_person: dict[int, list[Talk]] = defaultdict(list)
        for talk in (*self.talks, *self.fixed):
            for person in talk.people:
                of_person[person].append(talk)
        found: dict[int, dict[int, frozenset[int]]] = defaultdict(dict)
        for talks in of_person.values():
            for one in talks:
                for other in talks:
                    if one.pk != other.pk:
                        found[one.pk][other.pk] = one.people & other.people
        return found

    # --- where one session may begin, whatever becomes of the others that are not fixed ---

    def starts(self, talk: Talk, without: Rules = frozenset()) -> dict[int, int]:
        """Room → the set of starts that the rules allow, but for those it is asked `without`."""
        found = {}
        for place in self.places_for(talk):
            mask = self.grid & self._by_day(talk, without)
            mask &= self._by_place(talk, place, without)
            mask &= self._by_people(talk, place, without)
            mask &= self._by_equipment(talk, place, without)
            if mask:
                found[place.pk] = mask
        if talk.at and self._may_stay(talk, without):
            found[talk.at.room] = found.get(talk.at.room, 0) | 1 << talk.at.start
        return found

    def places_for(self, talk: Talk) -> tuple[Place, ...]:
        return self.places if talk.needs_room else (self.of_room[NO_ROOM],)

    def _may_stay(self, talk: Talk, without: Rules) -> bool:
        """Whether a session may stand where it does: planners may have put it into a small room."""
        if talk.at is None or talk.at.room not in self.of_room:
            return False
        place = self.of_room[talk.at.room]
        bit = 1 << talk.at.start
        return bool(
            bit
            & self._by_place(talk, place, without)
            & self._by_people(talk, place, without)
        )

    def _by_day(self, talk: Talk, without: Rules) -> int:
        if ("day", 0) in without:
            return span_mask(0, self.length - talk.minutes + 1)
        return within(self.days, talk.minutes)

    def _by_place(self, talk: Talk, place: Place, without: Rules) -> int:
        mask = span_mask(0, self.length)
        if place.open is not None and ("hours", place.pk) not in without:
            mask &= within(place.open, talk.minutes)
        for since, until, row in place.blocked:
            if ("break", row) not in without:
                mask &= ~beside(since, until, talk.minutes)
        for other in self.fixed:
            if other.at is None or ("fixed", other.pk) in without:
                continue
            if other.at.room == place.pk != NO_ROOM:
                end = other.at.start + other.minutes
                mask &= ~beside(other.at.start, end, talk.minutes)
        return mask

    def _by_people(self, talk: Talk, place: Place, without: Rules) -> int:
        mask = span_mask(0, self.length)
        for person in talk.people:
            spans = self.available.get(person)
            if spans is not None and ("available", person) not in without:
                mask &= within(spans, talk.minutes)
        for other in self.fixed:
            if other.at is None or ("fixed", other.pk) in without:
                continue
            shared = {
                one
                for one in talk.people & other.people
                if ("person", one) not in without
            }
            if shared:
                is_walked = ("walk", 0) not in without
                gap = self.walk(place.pk, other.at.room) if is_walked else 0
                end = other.at.start + other.minutes
                mask &= ~beside(other.at.start - gap, end + gap, talk.minutes)
        return mask

    def _by_equipment(self, talk: Talk, place: Place, without: Rules) -> int:
        """All or nothing: seats, booths, captioning."""
        everything = span_mask(0, self.length)
        for kind in unmet(talk, place):
            if (kind, talk.pk) not in without:
                return 0
        return everything


def unmet(talk: Talk, place: Place) -> Iterator[str]:
    """What the room lacks for this session; unknown numbers are not held against it."""
    if place.pk == NO_ROOM:
        return
    if place.seats is not None and place.seats < talk.seats:
        yield "seats"
    if place.booths is not None and place.booths < talk.booths:
        yield "booths"
    if talk.captions and not place.has_captioning:
        yield "captions"


# --- sets of starts ---


def span_mask(since: int, until: int) -> int:
    """All minutes of [since, until)."""
    since = max(since, 0)
    return ((1 << (until - since)) - 1) << since if until > since else 0


def mask_of(minutes: Iterable[int]) -> int:
    mask = 0
    for minute in minutes:
        mask |= 1 << minute
    return mask


def within(spans: Iterable[Span], minutes: int) -> int:
    """The starts from which so many minutes lie within one of the spans."""
    mask = 0
    for since, until in spans:
        mask |= span_mask(since, until - minutes + 1)
    return mask


def beside(since: int, until: int, minutes: int) -> int:
    """The starts from which so many minutes would touch [since, until)."""
    return span_mask(since - minutes + 1, until)


def minutes_of(mask: int) -> list[int]:
    """The starts of a set, in order."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
