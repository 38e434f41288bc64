"""The programme for other programs: schedule.xml and schedule.json of the frab kind, and CSV."""

import csv
import datetime
import io
import re
import zoneinfo
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from icalendar import Calendar

from forum.session.models import Session
from tests.forum.records import (
    EditionFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    TrackFactory,
    at,
    officer,
    release,
    released,
    scheduled,
)

pytestmark = pytest.mark.django_db
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
# The elements that the schema of the C3VOC asks for, and those that it knows besides.
CONFERENCE = {"title", "acronym", "start", "end", "days", "timeslot_duration"}
CONFERENCE_MAY = {"base_url", "time_zone_name"}
EVENT = {
    "room",
    "title",
    "subtitle",
    "type",
    "date",
    "start",
    "duration",
    "abstract",
    "slug",
    "track",
}
EVENT_MAY = {"persons", "language", "description", "links", "attachments", "url"}
EVENT_IN_JSON = EVENT | EVENT_MAY | {"id", "guid"}


def schedule(client, name="schedule-xml", language="en", slug="2027"):
    path = reverse(f"forum:{name}", args=[slug]).replace("/en/", f"/{language}/")
    return client.get(path)


def tree(client, **asked):
    answer = schedule(client, **asked)
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)  # noqa: S314  (our own)


def assert_follows_the_schema(root):
    """The rules of schedule.xml.xsd: order, names, patterns, what may be there once only."""
    assert root.tag == "schedule"
    tags = [child.tag for child in root]
    assert tags[:3] == ["generator", "version", "conference"]
    assert set(tags[3:]) == {"day"}
    about = {child.tag: child.text or "" for child in root.find("conference")}
    assert CONFERENCE <= about.keys() <= CONFERENCE | CONFERENCE_MAY
    for name in ("start", "end"):
        datetime.date.fromisoformat(about[name])
    assert int(about["days"]) == len(tags) - 3
    assert about["base_url"].startswith(("http://", "https://"))
    days = root.findall("day")
    assert [day.get("index") for day in days] == [
        str(number) for number in range(1, len(days) + 1)
    ]
    for day in days:
        assert set(day.attrib) == {"index", "date", "start", "end"}
        assert MOMENT.fullmatch(day.get("start"))
        assert MOMENT.fullmatch(day.get("end"))
        for room in day:
            assert (room.tag, list(room.attrib)) == ("room", ["name"])
            for event in room:
                assert_is_an_event(event, room.get("name"))
    for values in (
        [event.get("guid") for event in root.iter("event")],
        [event.get("id") for event in root.iter("event")],
        [event.findtext("slug") for event in root.iter("event")],
    ):
        assert len(values) == len(set(values))


def assert_is_an_event(event, room):
    names = [child.tag for child in event]
    assert len(names) == len(set(names))
    assert EVENT <= set(names) <= EVENT | EVENT_MAY
    assert UUID.fullmatch(event.get("guid"))
    assert int(event.get("id")) > 0
    assert MOMENT.fullmatch(event.findtext("date"))
    assert re.fullmatch(r"[0-2]\d:[0-5]\d", event.findtext("start"))
    assert re.fullmatch(r"\d\d:[0-5]\d", event.findtext("duration"))
    assert event.findtext("url").startswith(("http://", "https://"))
    assert event.findtext("room") == room
    for person in event.find("persons"):
        assert int(person.get("id")) > 0
        assert person.text
    for link in event.find("links"):
        assert link.get("href").startswith("https://")


def full_programme():
    hall = RoomFactory(name="Popov", building="ITU Tower")
    speaker = PersonFactory(name="Łucja Żółć")
    first = scheduled(
        title="A <first> & “only” session",
        description="Line one.\x0b\nLine & two.",
        room=hall,
        track=TrackFactory(),
        speakers=[speaker],
        recording="https://itu.example/video",
        audience="Regulators",
        language="zh-hans",
    )
    remote = scheduled(
        title="Remote", room=None, mode="remote", start=at(23), end=at(23, 30)
    )
    late = datetime.date(2027, 7, 8)
    last = scheduled(
        title="Last", room=hall, start=at(9, day=late), end=at(17, 5, late)
    )
    gone = scheduled(title="Gone", room=hall, start=at(12), end=at(13))
    SessionFactory(title="Only planned", room=hall, start=at(14), end=at(15))
    release(name="Draft of May")
    gone.move("cancel", officer(), "Ill.")
    return speaker, first, remote, last


def test_schedule_xml_follows_the_schema_and_says_what_the_agenda_says(client):
    speaker, first, remote, last = full_programme()

    root = tree(client)

    assert_follows_the_schema(root)
    found = {event.findtext("title"): event for event in root.iter("event")}
    assert found.keys() == {first.title, remote.title, last.title}
    event = found[first.title]
    assert event.get("id") == str(first.pk)
    assert event.findtext("date") == "2027-07-05T10:00:00+02:00"
    assert (event.findtext("start"), event.findtext("duration")) == ("10:00", "01:00")
    assert event.findtext("room") == "Popov, ITU Tower"
    assert event.findtext("description") == "Line one.\nLine & two."
    assert event.findtext("abstract") == "Regulators"
    assert event.findtext("track") == "ICTs and Youth"
    assert event.findtext("type") == "Thematic Workshop"
    assert event.findtext("language") == "zh"
    assert [(one.get("id"), one.text) for one in event.find("persons")] == [
        (str(speaker.pk), "Łucja Żółć")
    ]
    assert [one.get("href") for one in event.find("links")] == [first.recording]
    assert found["Last"].findtext("duration") == "08:05"
    assert found["Remote"].findtext("room") == "Remote"
    held = [len(list(day.iter("event"))) for day in root.findall("day")]
    assert held == [2, 0, 0, 1, 0]  # the five days of the edition
    assert root.findtext("conference/time_zone_name") == "Europe/Zurich"
    assert "2." in root.findtext("version")


def test_schedule_json_is_the_same(client):
    full_programme()

    written = schedule(client, "schedule-json").json()
    root = tree(client)

    conference = written["schedule"]["conference"]
    assert re.fullmatch("[a-z0-9_-][a-z0-9_]{3,}", conference["acronym"])
    assert conference["daysCount"] == len(conference["days"]) == 5
    events = [
        event
        for day in conference["days"]
        for room, events in day["rooms"].items()
        for event in events
        if event["room"] == room
    ]
    assert len(events) == 3
    for event in events:
        assert event.keys() == EVENT_IN_JSON
        assert re.fullmatch("[a-z0-9_-]+[a-z0-9]", event["slug"])
        assert all({"id", "public_name"} == one.keys() for one in event["persons"])
    in_xml = {event.get("guid"): event for event in root.iter("event")}
    assert {event["guid"] for event in events} == in_xml.keys()
    for event in events:
        for name in ("title", "date", "start", "duration", "room", "slug", "url"):
            assert event[name] == in_xml[event["guid"]].findtext(name)


@pytest.mark.parametrize("language", ["fr", "ar", "zh-hans"])
def test_names_are_in_the_language_of_the_address(client, language):
    track = TrackFactory(name_fr="Jeunesse", name_ar="الشباب", name_zh_hans="青年")
    session = released(track=track)

    root = tree(client, language=language)

    (event,) = root.iter("event")
    names = {"fr": "Jeunesse", "ar": "الشباب", "zh-hans": "青年"}
    assert event.findtext("track") == names[language]
    assert event.findtext("url").endswith(f"/{language}/forum/sessions/{session.pk}/")


@pytest.mark.parametrize(
    ("zone", "offset", "lasts"),
    [
        ("Europe/Zurich", "+02:00", "03:00"),  # two hours by the clock, and one twice
        ("Asia/Kathmandu", "+05:45", "02:00"),
        ("America/St_Johns", "-02:30", "02:00"),
    ],
)
def test_the_night_in_which_clocks_go_back(client, zone, offset, lasts):
    place = zoneinfo.ZoneInfo(zone)
    edition = EditionFactory(
        time_zone=zone,
        start_date=datetime.date(2027, 10, 31),
        end_date=datetime.date(2027, 10, 31),
    )
    start = datetime.datetime(2027, 10, 31, 1, 30, tzinfo=place)
    end = datetime.datetime(2027, 10, 31, 3, 30, tzinfo=place)
    session = scheduled(edition=edition, start=start, end=end)
    release(edition)

    (event,) = tree(client).iter("event")

    assert event.findtext("date") == f"2027-10-31T01:30:00{offset}"
    assert event.findtext("duration") == lasts
    assert datetime.datetime.fromisoformat(event.findtext("date")) == session.start


def test_an_edition_without_a_release_has_no_schedule(client):
    scheduled()

    for name in ("schedule-xml", "schedule-json"):
        assert schedule(client, name).status_code == 404
        assert schedule(client, name, slug="1999").status_code == 404


@pytest.mark.parametrize("name", ["schedule-xml", "schedule-json", "programme-csv"])
def test_a_file_is_sent_again_only_after_a_release(client, name):
    session = released(title="First")
    address = reverse(f"forum:{name}", args=["2027"])
    tag = client.get(address)["ETag"]
    known = {"If-None-Match": tag}
    Session.objects.filter(pk=session.pk).update(title="Second")

    before = client.get(address, headers=known)
    release()
    after = client.get(address, headers=known)

    assert (before.status_code, before.content) == (304, b"")
    assert after.status_code == 200
    assert "Second" in after.content.decode()


def test_the_guid_stays_and_calendars_have_the_same_sessions(client):
    session = released(title="First")
    (before,) = tree(client).iter("event")
    Session.objects.filter(pk=session.pk).update(title="Second")
    release()

    (after,) = tree(client).iter("event")

    assert before.get("guid") == after.get("guid")
    calendar = client.get(reverse("forum:edition-calendar", args=["2027"])).content
    (event,) = Calendar.from_ical(calendar).walk("VEVENT")
    assert event.start == datetime.datetime.fromisoformat(after.findtext("date"))


def rows(client, query=""):
    answer = client.get(reverse("forum:programme-csv", args=["2027"]) + query)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_sheet_has_every_session_and_no_formula(client):
    full_programme()
    released(title="=HYPERLINK(1)", room=None, mode="remote", start=at(15), end=at(16))

    found = {row["title"]: row for row in rows(client)}

    assert len(found) == 5
    assert "'=HYPERLINK(1)" in found
    row = found["A <first> & “only” session"]
    assert row["speakers"] == "Łucja Żółć (Example University) [panellist]"
    assert (row["date"], row["start"], row["end"]) == ("2027-07-05", "10:00", "11:00")
    assert row["time_zone"] == "Europe/Zurich"
    assert (row["room"], row["building"]) == ("Popov", "ITU Tower")
    assert (row["action_lines"], row["sdgs"]) == ("C7-EGOV", "9")
    assert found["Gone"]["status"] == "cancelled"


def test_the_sheet_takes_the_filters_of_the_agenda(client):
    released(action_lines=["C4"], title="Four")
    released(action_lines=["C5"], title="Five")

    assert [row["title"] for row in rows(client, "?action_line=C4")] == ["Four"]
    assert (
        client.get(
            reverse("forum:programme-csv", args=["2027"]) + "?colour=red"
        ).status_code
        == 404
    )


def test_the_agenda_and_the_api_name_the_files(client):
    released(action_lines=["C4"])

    page = client.get(reverse("forum:agenda", args=["2027"]) + "?action_line=C4")
    api = client.get("/api/v1/forum/editions/2027/").json()

    html = page.content.decode()
    assert "/en/forum/2027/programme.csv?action_line=C4" in html
    assert 'href="/en/forum/2027/schedule.xml"' in html
    for name, address in api["files"].items():
        assert client.get(address).status_code == 200, name
    assert api["files"]["schedule_xml"].endswith("/forum/2027/schedule.xml")


@pytest.mark.parametrize("count", [1, 10])
@pytest.mark.parametrize("name", ["schedule-xml", "schedule-json", "programme-csv"])
def test_queries(client, django_assert_num_queries, name, count):
    for _session in range(count):
        scheduled(speakers=[PersonFactory()])
    release()
    address = reverse(f"forum:{name}", args=["2027"])
    client.get(address)

    with django_assert_num_queries(2):  # edition or its last release; sessions
        content = client.get(address).content

    assert content.count(b"Digital villages") == count
