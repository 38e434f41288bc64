"""What the page of an agenda shows: one day of it, or all that a search finds."""

import datetime
import zoneinfo
from itertools import groupby
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language

from common.dates.zones import zone_label
from common.lists.facets import Facet
from forum.agenda.facets import Facets
from forum.agenda.filters import AgendaFilters
from forum.edition.models import Edition
from forum.session.description import Precision
from forum.session.times import day_text, short_day
from forum.session.workflow import SessionStatus
from reference.names import vocabulary

EXACT = (Precision.TIME, Precision.DAY)


class Chip(NamedTuple):
    """A filter in use, and the query string of the page without it."""

    name: str
    label: str
    query: str


class NowAndNext(NamedTuple):
    """What is on at this moment, and what begins next on the same day."""

    at: datetime.datetime
    now: list[Any]
    next: list[Any]


class Hour(NamedTuple):
    """A row of the table of rooms: the sessions that begin at one time, room by room."""

    text: str
    cells: list[list[Any]]


class RoomTable(NamedTuple):
    rooms: list[str]  # "" for sessions without a room
    hours: list[Hour]


class AgendaPage:
    """The sessions that the address asks for.

    An address that names no day and no other filter opens on today while the Forum runs, else on
    the first day; a search or a filter looks at all days.
    """

    def __init__(
        self, edition: Edition, filters: AgendaFilters, *, all_days: bool = False
    ) -> None:
        self.edition, self.filters, self.all_days = edition, filters, all_days
        self.sessions = list(filters.queryset)
        self._facets = Facets(self.sessions, filters.data, filters.keeping())

    @cached_property
    def facets(self) -> list[Facet]:
        return self._facets.all()

    @cached_property
    def day_counts(self) -> list[tuple[datetime.date, int]]:
        return self._facets.days()

    @cached_property
    def today(self) -> datetime.date | None:
        """Today at the venue, while the Forum runs."""
        today = self.edition.local_day(timezone.now())
        return today if self.edition.is_live else None

    @cached_property
    def opened_day(self) -> datetime.date | None:
        """The day that the page opens on by itself."""
        days = [day for day, _count in self.day_counts]
        if self.all_days or self.filters.narrows or not days[1:]:
            return None
        if self.today is None:
            return days[0]
        return next((day for day in days if day >= self.today), days[0])

    @cached_property
    def day(self) -> datetime.date | None:
        """The only day that is shown; None when there may be several."""
        self.filters.is_valid()
        cleaned = self.filters.form.cleaned_data if self.filters.is_bound else {}
        return self.opened_day or cleaned.get("day")

    @property
    def narrows_besides_day(self) -> bool:
        return any(chip.name not in ("day", "tz") for chip in self.chips)

    @cached_property
    def rows(self) -> list[Any]:
        """Sessions whose day is not known exactly follow those of the opened day."""
        if self.opened_day is None:
            return self._facets.matches
        return [
            row
            for row in self._facets.matches
            if row.day == self.opened_day or row.precision not in EXACT
        ]

    @cached_property
    def now_and_next(self) -> NowAndNext | None:
        """None on other days than today, and when the day is over."""
        if self.day is None or self.day != self.today:
            return None
        moment = timezone.now()
        timed = [
            row
            for row in self.rows
            if row.start and row.end and row.status == SessionStatus.RELEASED
        ]
        now = [row for row in timed if row.start <= moment < row.end]
        first = min((row.start for row in timed if row.start > moment), default=None)
        coming = [row for row in timed if row.start == first]
        return NowAndNext(moment, now, coming) if now or coming else None

    @cached_property
    def table(self) -> RoomTable:
        """Times down, rooms across: the rooms in the order of their names and numbers."""
        language = get_language() or "en"
        rooms = sorted(
            {row.room_text for row in self.rows},
            key=lambda room: (not room, vocabulary.sort_key(room, language)),
        )
        hours = []
        for start, rows in groupby(self.rows, lambda row: row.start):
            cells: list[list[Any]] = [[] for _room in rooms]
            for row in rows:
                cells[rooms.index(row.room_text)].append(row)
            hours.append(Hour(clock_text(start, self.edition.zone), cells))
        return RoomTable(rooms, hours)

    @cached_property
    def chips(self) -> list[Chip]:
        """The filters in use, each with the way to the page without it."""
        chips = []
        if text := self.filters.data.get("q"):
            chips.append(self._chip("q", text, f"“{text}”"))
        if self.day and self.opened_day is None:
            chips.append(
                self._chip("day", self.filters.data["day"], short_day(self.day))
            )
        for facet in self.facets:
            for value in facet.values:
                if value.selected:
                    label = (
                        f"{value.code} {value.label}"
                        if facet.name == "sdg"
                        else value.label
                    )
                    chips.append(self._chip(facet.name, value.code, label))
        if self.filters.zone:
            chips.append(
                self._chip(
                    "tz", self.filters.zone.key, zone_label(self.filters.zone.key)
                )
            )
        return chips

    def _chip(self, name: str, value: str, label: str) -> Chip:
        return Chip(name, label, without(self.filters.data, name, value))


def clock_text(moment: datetime.datetime | None, zone: zoneinfo.ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%H:%M}" if moment else ""


def without(data: QueryDict, name: str, value: str) -> str:
    """The query string without one value."""
    kept = data.copy()
    kept.setlist(name, [one for one in data.getlist(name) if one != value])
    return f"?{kept.urlencode()}"


def by_day(rows: list[Any]) -> list[tuple[str, list[Any]]]:
    """Sessions under their day in words, which is formatted once for each day."""
    texts: dict[Any, str] = {}

    def text(row: Any) -> str:
        key = (row.day, row.precision)
        if key not in texts:
            texts[key] = day_text(row)
        return texts[key]

    return [(label, list(part)) for label, part in groupby(rows, text)]
