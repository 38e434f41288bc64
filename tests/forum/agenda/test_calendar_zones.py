"""What calendar programs make of the time zones in our files: yearly rules, or UTC."""

import datetime
import zoneinfo

import pytest
from dateutil.rrule import rrulestr
from django.urls import reverse
from icalendar import Calendar

from forum.agenda.models import CalendarKey, ReleasedSession, Star
from tests.factories import UserFactory
from tests.forum.records import (
    EditionFactory,
    RoomFactory,
    SessionFactory,
    officer,
    release,
)

pytestmark = pytest.mark.django_db
YEARS = (2026, 2027)
RULED = [
    "Europe/Zurich",
    "America/St_Johns",
    "America/New_York",
    "Europe/Dublin",
    "Africa/Cairo",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "America/Santiago",
    "Australia/Lord_Howe",
]
STANDING = ["Asia/Kathmandu", "Africa/Nairobi", "America/Sao_Paulo", "Asia/Tokyo"]


def programme(zone):
    """An edition with a released session in January of a year and in July of the next."""
    edition = EditionFactory(slug="2026", time_zone=zone)
    for year, month in zip(YEARS, (1, 7), strict=True):
        start = datetime.datetime(year, month, 15, 10, tzinfo=zoneinfo.ZoneInfo(zone))
        session = SessionFactory(
            edition=edition,
            room=RoomFactory(),
            start=start,
            end=start + datetime.timedelta(hours=1),
        )
        session.move("schedule", officer())
    release(edition)
    return edition


def offset_by_rules(zone, moment):
    """The offset at a wall time, as a program finds it that knows RRULE and nothing of zones."""
    begun = []
    for part in zone.subcomponents:
        start = part["dtstart"].dt
        at = start
        if "rrule" in part:
            rule = rrulestr(part["rrule"].to_ical().decode(), dtstart=start)
            at = rule.before(moment, inc=True)
        if at and at <= moment:
            begun.append((at, part["tzoffsetto"].td))
    return max(begun)[1]


def served(client, edition):
    answer = client.get(reverse("forum:edition-calendar", args=[edition.slug]))
    return answer.content, Calendar.from_ical(answer.content)


@pytest.mark.parametrize("zone", RULED + STANDING)
def test_the_rules_of_a_zone_give_its_offsets_in_every_month(client, zone):
    text, calendar = served(client, programme(zone))

    (described,) = calendar.walk("VTIMEZONE")
    events = calendar.walk("VEVENT")
    assert len(events) == 2
    assert b"RDATE" not in text
    names = {part.name for part in described.subcomponents}
    assert names == ({"STANDARD", "DAYLIGHT"} if zone in RULED else {"STANDARD"})
    for event in events:
        wall = event["dtstart"].dt.replace(tzinfo=None)
        assert event["dtstart"].params["TZID"] == described["tzid"] == zone
        assert (wall.hour, wall.day) == (10, 15)
    for year in YEARS:
        for month in range(1, 13):
            wall = datetime.datetime(year, month, 15, 10)  # noqa: DTZ001  (of the zone)
            true = wall.replace(tzinfo=zoneinfo.ZoneInfo(zone)).utcoffset()
            assert offset_by_rules(described, wall) == true, (zone, wall)


@pytest.mark.parametrize("zone", ["Africa/Casablanca", "UTC"])
def test_what_no_yearly_rule_says_is_written_in_utc(client, zone):
    text, calendar = served(client, programme(zone))

    assert not calendar.walk("VTIMEZONE")
    assert b"TZID" not in text
    starts = [event["dtstart"].dt for event in calendar.walk("VEVENT")]
    expected = ReleasedSession.objects.order_by("start").values_list("start", flat=True)
    assert sorted(starts) == list(expected)
    assert b"T090000Z" in text or zone == "UTC"


def test_ones_own_calendar_has_the_rules_of_all_its_zones(client):
    user = UserFactory()
    edition = programme("America/St_Johns")
    for session in ReleasedSession.objects.filter(edition=edition)[:2]:
        Star.objects.create(user=user, session_id=session.pk)
    key = CalendarKey.objects.create(user=user)

    content = client.get(key.get_absolute_url()).content

    (described,) = Calendar.from_ical(content).walk("VTIMEZONE")
    assert described["tzid"] == "America/St_Johns"
    assert content.count(b"RRULE:FREQ=YEARLY") == 2


NIGHTS = {
    "Europe/Zurich": [
        ("2027-03-28T00:30Z", "2027-03-28T01:30Z"),  # 01:30 to 03:30 by the clock
        ("2027-03-28T08:00Z", "2027-03-28T09:00Z"),
        ("2027-10-31T00:15Z", "2027-10-31T00:45Z"),  # 02:15 to 02:45, the first time
        ("2027-10-31T01:15Z", "2027-10-31T01:45Z"),  # 02:15 to 02:45, the second time
        ("2027-10-31T09:00Z", "2027-10-31T10:00Z"),
    ],
    "Australia/Lord_Howe": [
        (
            "2027-04-03T14:45Z",
            "2027-04-03T15:10Z",
        ),  # the clock goes back by half an hour
        ("2027-10-02T15:15Z", "2027-10-02T15:45Z"),
    ],
}


@pytest.mark.parametrize("zone", NIGHTS)
def test_the_day_on_which_clocks_change_is_read_as_the_same_instants(client, zone):
    edition = EditionFactory(slug="2027", time_zone=zone)
    instants = [
        tuple(datetime.datetime.fromisoformat(text) for text in night)
        for night in NIGHTS[zone]
    ]
    for start, end in instants:
        SessionFactory(edition=edition, room=RoomFactory(), start=start, end=end).move(
            "schedule", officer()
        )
    release(edition)

    text, calendar = served(client, edition)

    (described,) = calendar.walk("VTIMEZONE")
    assert text.count(b"RRULE:FREQ=YEARLY") == 2
    events = calendar.walk("VEVENT")
    read = [[at.astimezone(datetime.UTC) for at in (e.start, e.end)] for e in events]
    assert sorted(map(tuple, read)) == instants
    seen = set()
    for event in events:
        for name in ("dtstart", "dtend"):
            written = event[name]
            if "TZID" in written.params:
                wall = written.dt.replace(tzinfo=None, fold=0)
                read = (wall - offset_by_rules(described, wall)).replace(
                    tzinfo=datetime.UTC
                )
            else:
                read = written.dt
            seen.add(read)
    assert seen == {moment for night in instants for moment in night}
