"""How much of a programme falls into the night of people who follow it from afar.

Night is from 22:00 to 07:00 by the clock of each person's zone, whatever that does in between.
"""

import datetime
import zoneinfo
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import accumulate
from typing import Any, NamedTuple

from babel.core import get_global
from django.db.models import Count

from forum.edition.models import Edition
from forum.registration.models import Attendance, Registration
from forum.session.description import Mode
from forum.session.models import Session
from forum.session.workflow import PLACED

EVENING, MORNING = datetime.time(22), datetime.time(7)
Moment = datetime.datetime
Moments = tuple[Moment, Moment]


class Follower(NamedTuple):
    region: str  # code of an ITU region
    zone: str


@cache
def only_zones() -> dict[str, str]:
    """Countries that have one time zone alone → its name (CLDR, ISO 3166 codes)."""
    zones: dict[str, list[str]] = defaultdict(list)
    for zone, country in get_global("zone_territories").items():
        zones[country].append(str(zone))
    return {code: names[0] for code, names in zones.items() if len(names) == 1}


def followers(edition: Edition) -> tuple[Counter[Follower], int]:
    """Who is registered remotely, by region and zone, and how many have no known zone: they chose
    none, and their country has several."""
    rows = (
        Registration.objects.holding()
        .filter(edition=edition, attendance=Attendance.REMOTE)
        .order_by()
        .values_list("country", "country__region", "user__time_zone")
        .annotate(number=Count("pk"))
    )
    found: Counter[Follower] = Counter()
    unknown = 0
    for country, region, chosen, number in rows:
        zone = chosen or only_zones().get(country or "", "")
        if zone:
            found[Follower(region or "", zone)] += number
        else:
            unknown += number
    return found, unknown


class Nights:
    """The nights of all followers between two moments, added up once."""

    def __init__(
        self, followers: Counter[Follower], since: Moment, until: Moment
    ) -> None:
        self.since = since
        self.people: Counter[str] = Counter()
        changes: dict[str, Counter[int]] = defaultdict(Counter)
        for follower, number in followers.items():
            self.people[follower.region] += number
            for begin, end in nights_of(follower.zone, since, until):
                changes[follower.region][self._minute(begin)] += number
                changes[follower.region][self._minute(end)] -= number
        self.steps = {region: Steps(rows) for region, rows in changes.items()}

    def _minute(self, moment: Moment) -> int:
        return int((moment - self.since).total_seconds() // 60)

    def at_night(self, region: str, start: Moment, end: Moment) -> int:
        """Minutes of night between two moments, of all people of a region together."""
        steps = self.steps.get(region)
        if steps is None:
            return 0
        return steps.until(self._minute(end)) - steps.until(self._minute(start))

    def burden(self, spans: Iterable[Moments]) -> dict[str, tuple[int, int]]:
        """Region → minutes at night and minutes in all, of its people in these sessions."""
        spans = list(spans)
        minutes = sum(self._minute(end) - self._minute(start) for start, end in spans)
        return {
            region: (
                sum(self.at_night(region, start, end) for start, end in spans),
                minutes * number,
            )
            for region, number in sorted(self.people.items())
        }


def burden_of(edition: Edition) -> dict[str, tuple[int, int]]:
    """The burden of a timetable as it stands, see `Nights.burden`; empty when nothing is placed
    that can be followed remotely, or nobody is known who does. Two queries."""
    sessions = Session.objects.of_edition(edition).filter(
        status__in=PLACED, start__isnull=False, end__isnull=False
    )
    remote = sessions.exclude(mode=Mode.ON_SITE).order_by()
    spans: list[Any] = list(remote.values_list("start", "end"))
    people, _unknown = followers(edition)
    if not spans or not people:
        return {}
    since = min(start for start, _end in spans)
    until = max(end for _start, end in spans)
    return Nights(people, since, until).burden(spans)


class Steps:
    """People who sleep, as they change from minute to minute, and their sum from the first one."""

    def __init__(self, changes: Counter[int]) -> None:
        self.minutes = sorted(changes)
        self.asleep = list(accumulate(changes[minute] for minute in self.minutes))
        lengths = [b - a for a, b in zip(self.minutes, self.minutes[1:], strict=False)]
        sums = accumulate(
            length * number
            for length, number in zip(lengths, self.asleep, strict=False)
        )
        self.sums = [0, *sums]

    def until(self, minute: int) -> int:
        place = bisect_right(self.minutes, minute) - 1
        if place < 0:
            return 0
        return self.sums[place] + self.asleep[place] * (minute - self.minutes[place])


@cache
def _zone(name: str) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(name)


def nights_of(name: str, since: Moment, until: Moment) -> list[Moments]:
    """Each night of a zone that touches the time between two moments, as instants."""
    zone = _zone(name)
    day = since.astimezone(zone).date() - datetime.timedelta(days=1)
    last = until.astimezone(zone).date()
    found = []
    while day <= last:
        after = day + datetime.timedelta(days=1)
        found.append(
            (
                Moment.combine(day, EVENING, zone).astimezone(datetime.UTC),
                Moment.combine(after, MORNING, zone).astimezone(datetime.UTC),
            )
        )
        day = after
    return found
