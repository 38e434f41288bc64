"""Time zones in calendar files, in the form that calendar programs write themselves.

A VTIMEZONE with a yearly rule for each of its two offsets, because some programs, such as Outlook,
do not read lists of dates. Zones whose changes follow no such rule (Casablanca during Ramadan, a
country that gave up summer time) are left out: their events are written in UTC, which every program
shows in the user's own time.
"""

import calendar
import datetime
import zoneinfo
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1


class Change(NamedTuple):
    """The clock is set from one offset to another at this time of the old one."""

    wall: datetime.datetime
    before: datetime.timedelta
    after: datetime.timedelta
    name: str


class Rule(NamedTuple):
    """A yearly change; `first` is before all events."""

    first: Change
    month: int
    week: int
    weekday: int


class Zone(NamedTuple):
    """The rules of the two changes of a year; none for a zone without changes."""

    key: str
    rules: tuple[Rule, ...]
    offset: datetime.timedelta
    name: str

    def component(self) -> Timezone:
        zone = Timezone()
        zone.add("tzid", self.key)
        if not self.rules:
            zone.add_component(_standing(self.offset, self.name))
        for rule in self.rules:
            zone.add_component(_yearly(rule))
        return zone


def _standing(offset: datetime.timedelta, name: str) -> TimezoneStandard:
    part = TimezoneStandard()
    part.add("dtstart", datetime.datetime(1970, 1, 1))  # noqa: DTZ001  (by the clock of the zone)
    part.add("tzoffsetfrom", offset)
    part.add("tzoffsetto", offset)
    part.add("tzname", name)
    return part


def _yearly(rule: Rule) -> TimezoneStandard | TimezoneDaylight:
    change = rule.first
    part = TimezoneDaylight() if change.after > change.before else TimezoneStandard()
    part.add("dtstart", change.wall)
    part.add("tzoffsetfrom", change.before)
    part.add("tzoffsetto", change.after)
    part.add("tzname", change.name)
    day = f"{rule.week}{WEEKDAYS[rule.weekday]}"
    part.add("rrule", {"freq": "yearly", "bymonth": rule.month, "byday": day})
    return part


def zone_of(key: str, moments: Iterable[datetime.datetime]) -> Zone | None:
    """The VTIMEZONE for events at these moments; None when they have to be written in UTC."""
    years = [moment.astimezone(datetime.UTC).year for moment in moments]
    return described(key, min(years), max(years)) if years else None


@lru_cache(maxsize=256)
def described(key: str, first_year: int, last_year: int) -> Zone | None:
    """The zone for all moments of these years, one year before and one after."""
    if key == "UTC":
        return None
    zone = zoneinfo.ZoneInfo(key)
    begin = datetime.datetime(first_year - 1, 1, 1, tzinfo=datetime.UTC)
    end = datetime.datetime(last_year + 2, 1, 1, tzinfo=datetime.UTC)
    changes = list(_changes(zone, begin, end))
    here = begin.astimezone(zone)
    offset = here.utcoffset() or datetime.timedelta()
    if not _is_whole_minutes([offset, *(c.after for c in changes)]):
        return None
    if not changes:
        return Zone(key, (), offset, here.tzname() or key)
    rules = _rules(changes, last_year - first_year + 3)
    return Zone(key, rules, offset, "") if rules else None


def _is_whole_minutes(offsets: list[datetime.timedelta]) -> bool:
    return not any(offset % MINUTE for offset in offsets)


def _changes(
    zone: zoneinfo.ZoneInfo, begin: datetime.datetime, end: datetime.datetime
) -> Iterable[Change]:
    days = [begin + DAY * n for n in range((end - begin).days + 1)]
    for low, high in pairwise(days):
        before, after = (m.astimezone(zone).utcoffset() for m in (low, high))
        if before is None or after is None or before == after:
            continue
        at = _first_minute_of(after, zone, low, high)
        wall = (at + before).replace(tzinfo=None)
        yield Change(wall, before, after, at.astimezone(zone).tzname() or zone.key)


def _first_minute_of(
    offset: datetime.timedelta,
    zone: zoneinfo.ZoneInfo,
    low: datetime.datetime,
    high: datetime.datetime,
) -> datetime.datetime:
    while high - low > MINUTE:
        middle = (low + (high - low) / 2).replace(second=0, microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high


def _rules(changes: list[Change], years: int) -> tuple[Rule, ...]:
    """Two rules that describe all changes, or none."""
    groups = (changes[0::2], changes[1::2])
    if any(len(group) != years for group in groups):
        return ()
    rules = tuple(rule for group in groups if (rule := _rule(group)))
    return rules if len(rules) == len(groups) else ()


def _rule(changes: list[Change]) -> Rule | None:
    """The rule that all these changes follow, such as “the last Sunday in March at 2”."""
    first = changes[0]
    same = {
        (c.wall.month, c.wall.weekday(), c.wall.time(), c.before, c.after)
        for c in changes
    }
    if len(same) != 1 or any(
        b.wall.year - a.wall.year != 1 for a, b in pairwise(changes)
    ):
        return None
    for week in (LAST, (first.wall.day - 1) // 7 + 1):
        if all(_is_in_week(change.wall, week) for change in changes):
            return Rule(first, first.wall.month, week, first.wall.weekday())
    return None


def _is_in_week(wall: datetime.datetime, week: int) -> bool:
    if week == LAST:
        return wall.day + 7 > calendar.monthrange(wall.year, wall.month)[1]
    return (wall.day - 1) // 7 + 1 == week
