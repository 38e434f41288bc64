"""The roadmap as a calendar file: read back with a library, whole days, a stable identity."""

import datetime

import pytest
from django.urls import reverse
from icalendar import Calendar

from tests.roadmap.records import MeetingFactory, MilestoneFactory, RoadmapFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def events(client, query="", **headers):
    response = client.get(f"{reverse('roadmap:calendar')}{query}", headers=headers)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def kept(**values):
    meeting = MeetingFactory(**values)
    meeting.keep()
    return meeting


def test_days_and_identity_are_read_back(client):
    milestone = MilestoneFactory(
        title="High-level\nweek; „WSIS“",
        start="2025-07-07",
        end="2025-07-11",
        source="ITU, page 3",
    )
    meeting = kept(title="Sounding board", start="2025-06-09", place="Geneva")

    first, second = sorted(events(client), key=lambda event: event["summary"])

    assert first["summary"] == "High-level week; „WSIS“"
    assert (first.start, first.end) == (
        datetime.date(2025, 7, 7),
        datetime.date(2025, 7, 12),
    )
    assert first["uid"].startswith(f"roadmap-milestone-{milestone.pk}@")
    assert first["url"].endswith(milestone.get_absolute_url())
    assert first["description"] == f"{milestone.body.short}\nITU, page 3"
    assert (second["summary"], second["location"]) == ("Sounding board", "Geneva")
    assert (second.start, second.end - second.start) == (datetime.date(2025, 6, 9), DAY)
    assert second["uid"].startswith(f"roadmap-meeting-{meeting.pk}@")


def test_a_changed_date_moves_the_same_event(client):
    milestone = MilestoneFactory(start="2025-07-07")
    (before,) = events(client)
    milestone.revise({"start": "2025-07-08"}, {}, None, "The hall was taken.")
    (after,) = events(client)
    milestone.revise({"progress": "cancelled"}, {}, None)
    (last,) = events(client)

    assert before["uid"] == after["uid"] == last["uid"]
    assert [int(event["sequence"]) for event in (before, after, last)] == [0, 1, 2]
    assert [event.start.day for event in (before, after)] == [7, 8]
    assert [event["status"] for event in (before, last)] == ["CONFIRMED", "CANCELLED"]
    assert before["dtstamp"].dt <= last["dtstamp"].dt


@pytest.mark.parametrize(
    "dates",
    [
        {"start": "2025"},
        {"start": "2025-07"},
        {"start": "2025-07-07", "end": "2025-08"},
    ],
)
def test_what_has_no_day_is_left_out(client, dates):
    MilestoneFactory(**dates)
    kept(**dates)

    assert events(client) == []


def test_what_is_not_public_is_left_out(client):
    MilestoneFactory(status="draft")

    assert events(client) == []


def test_one_roadmap_with_its_meetings(client):
    mine = MilestoneFactory(title="Mine", roadmap=RoadmapFactory(code="GA"))
    MilestoneFactory(title="Another")
    kept(title="Its meeting", start="2025-06-09", milestone=mine)
    kept(title="Somebody's meeting", start="2025-06-10")

    found = events(client, "?track=GA")

    assert sorted(event["summary"] for event in found) == ["Its meeting", "Mine"]
    assert client.get(f"{reverse('roadmap:calendar')}?track=MOON").status_code == 404


def test_a_known_file_is_not_sent_again(client):
    MilestoneFactory()
    tag = client.get(reverse("roadmap:calendar"))["ETag"]

    again = client.get(reverse("roadmap:calendar"), headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("rows", [1, 10])
def test_calendar_queries(client, rows, django_assert_num_queries):
    for _row in range(rows):
        MilestoneFactory()
        kept(start="2025-06-09")
    events(client)

    with django_assert_num_queries(4):  # milestones, meetings, last versions of both
        found = events(client)

    assert len(found) == 2 * rows
