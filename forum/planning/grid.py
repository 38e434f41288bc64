"""The timetable of one day as a table: a column for each room, a row for each step of time."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from forum.edition.hours import hours_of
from forum.edition.models import Edition
from forum.planning.clashes import Clash, Plan
from forum.room.models import Room
from forum.room.times import BlockedTime
from forum.session.models import Session

STEPS = (5, 15, 30, 60)  # minutes
STEP = 30
DAY_MINUTES = 24 * 60
EARLIEST, LATEST = 8 * 60, 18 * 60  # shown even when nothing is planned


@dataclass
class Card:
    """A session as the timetable shows it."""

    session: Session
    may_move: bool
    clashes: list[Clash] = field(default_factory=list)

    @property
    def hard(self) -> int:
        return sum(clash.is_hard for clash in self.clashes)

    @property
    def soft(self) -> int:
        return len(self.clashes) - self.hard

    @property
    def minutes(self) -> int | None:
        one = self.session
        if not (one.start and one.end):
            return one.minutes_wanted
        return int((one.end - one.start).total_seconds() // 60)

    @property
    def hours(self) -> str:
        one = self.session
        if not (one.start and one.end):
            return ""
        zone = one.edition.zone
        return f"{one.start.astimezone(zone):%H:%M}–{one.end.astimezone(zone):%H:%M}"


@dataclass
class Cell:
    """What lies in one column from one row on: sessions, a break, or nothing."""

    room: Room | None
    first: int  # row
    last: int  # the row after it
    cards: list[Card] = field(default_factory=list)
    blocked: list[BlockedTime] = field(default_factory=list)
    is_closed: bool = False

    @property
    def rows(self) -> int:
        return self.last - self.first

    @property
    def is_taken(self) -> bool:
        return bool(self.cards or self.blocked)


class Row(NamedTuple):
    time: str  # 09:30
    cells: list[Cell]


class Item(NamedTuple):
    """Something in a column, by minutes of the day."""

    start: int
    end: int
    content: Card | BlockedTime


class Grid:
    """A day of a plan. `cards` are those of the placed sessions of the day."""

    def __init__(
        self, plan: Plan, day: datetime.date, step: int, cards: list[Card]
    ) -> None:
        self.edition: Edition = plan.edition
        self.openings = plan.openings
        self.day, self.step, self.cards = day, step, cards
        self.columns: list[Room | None] = list(self.edition.rooms.in_columns())
        if any(card.session.room_id is None for card in cards):
            self.columns.append(None)
        items = {self._key(room): self._items(room) for room in self.columns}
        self.first, self.last = self._bounds(
            [item for rows in items.values() for item in rows]
        )
        self._cells = {
            key: self._column(room, items[key])
            for room in self.columns
            for key in [self._key(room)]
        }

    @staticmethod
    def _key(room: Room | None) -> int:
        return room.pk if room else 0

    def _items(self, room: Room | None) -> list[Item]:
        key = self._key(room)
        items = [
            Item(*self._minutes(card.session), card)
            for card in self.cards
            if (card.session.room_id or 0) == key
        ]
        if room:
            items += [
                Item(minutes(row.since), minutes(row.until), row)
                for row in self.openings.blocked_on(self.day)
                if row.room_id in (None, room.pk)
            ]
        return sorted(items, key=lambda item: (item.start, item.end))

    def _minutes(self, session: Session) -> tuple[int, int]:
        """Start and end on the clock of this day; what goes on past midnight ends there."""
        zone = self.edition.zone
        start, end = (
            moment.astimezone(zone) for moment in (session.start, session.end) if moment
        )
        last = DAY_MINUTES if end.date() > start.date() else minutes(end.time())
        return minutes(start.time()), last

    def _bounds(self, items: list[Item]) -> tuple[int, int]:
        """First and last row, in steps from midnight: all that is planned is in them."""
        hours = [
            row
            for rows in self.openings.hours.values()
            for row in hours_of(self.day, rows)
        ]
        starts = [minutes(row.since) for row in hours]
        ends = [minutes(row.until) for row in hours]
        if any(not room or room.pk not in self.openings.hours for room in self.columns):
            starts.append(EARLIEST)
            ends.append(LATEST)
        first = min([*starts, *(item.start for item in items)], default=EARLIEST)
        last = max([*ends, *(item.end for item in items)], default=LATEST)
        return first // self.step, -(-last // self.step)

    def _column(self, room: Room | None, items: list[Item]) -> dict[int, Cell]:
        """The cells of a column by their first row. What shares a row shares a cell, for the
        rows may be coarser than the times."""
        cells: dict[int, Cell] = {}
        last = None
        for item in items:
            first, end = item.start // self.step, -(-item.end // self.step)
            if last is None or first >= last.last:
                last = cells[first] = Cell(room, first, end)
            last.last = max(last.last, end)
            content = item.content
            (last.cards if isinstance(content, Card) else last.blocked).append(content)  # type: ignore[arg-type]  # by its type
        return self._with_gaps(room, cells)

    def _with_gaps(self, room: Room | None, cells: dict[int, Cell]) -> dict[int, Cell]:
        """Empty cells, one for each row that nothing lies in."""
        row = self.first
        while row < self.last:
            if row not in cells:
                cells[row] = Cell(
                    room, row, row + 1, is_closed=self._is_closed(room, row)
                )
            row = cells[row].last
        return cells

    def _is_closed(self, room: Room | None, row: int) -> bool:
        rows = self.openings.hours.get(room.pk) if room else None
        if not rows:
            return False
        start, end = row * self.step, (row + 1) * self.step
        return not any(
            minutes(one.since) <= start and end <= minutes(one.until)
            for one in hours_of(self.day, rows)
        )

    def rows(self) -> Iterator[Row]:
        for row in range(self.first, self.last):
            cells = [column[row] for column in self._cells.values() if row in column]
            yield Row(clock(row * self.step), cells)


def minutes(time: datetime.time) -> int:
    return time.hour * 60 + time.minute


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
