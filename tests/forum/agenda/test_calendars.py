"""Calendar files: read back with a library, the same identity for ever, a rising sequence."""

import datetime
import itertools

import pytest
from django.urls import reverse
from icalendar import Calendar

from forum.agenda import calendars
from forum.agenda.models import CalendarKey, Star
from forum.session.models import Session
from forum.text.models import SessionTranslation
from tests.factories import UserFactory
from tests.forum.records import (
    EditionFactory,
    PersonFactory,
    SessionFactory,
    at,
    officer,
    release,
    released,
)

pytestmark = pytest.mark.django_db


def events(response):
    """The events of an answer, as a calendar program reads them."""
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def of(client, session):
    return client.get(reverse("forum:session-calendar", args=[session.pk]))


def test_a_session_is_read_back_as_it_was_written(client):
    session = released(
        title="Ministerial, „Round; Table“ \\ and\nmore",
        start=at(9, 34),
        end=at(10, 30),
        description="First line\r\nSecond, with\tcomma\x0b",
    )

    (event,) = events(of(client, session))

    assert event["summary"] == "Ministerial, „Round; Table“ \\ and more"
    assert event.start == session.start
    assert event.end == session.end
    assert event["dtstart"].params["TZID"] == "Europe/Zurich"
    assert event["description"] == "First line\nSecond, with comma"
    assert event["location"] == str(session.room)
    assert (event["status"], int(event["sequence"])) == ("CONFIRMED", 0)
    assert event["url"].endswith(f"/forum/sessions/{session.pk}/")


def test_the_file_brings_its_time_zone(client):
    calendar = Calendar.from_ical(of(client, released()).content)

    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["tzid"] == "Europe/Zurich"
    assert {part.name for part in zone.subcomponents} == {"STANDARD", "DAYLIGHT"}


@pytest.mark.parametrize(
    ("day", "hours"),
    [(datetime.date(2026, 10, 24), 2), (datetime.date(2026, 10, 26), 1)],
)
def test_times_hold_on_both_sides_of_the_change_of_clocks(client, day, hours):
    session = released(start=at(10, 0, day), end=at(11, 0, day))

    (event,) = events(of(client, session))

    assert (event.start.hour, event.start.utcoffset()) == (
        10,
        datetime.timedelta(hours=hours),
    )


def test_identity_stays_and_the_sequence_rises_with_each_released_change(client):
    session = released(title="First")
    seen = [events(of(client, session))[0]]
    for title in ("Second", "Third"):
        Session.objects.filter(pk=session.pk).update(title=title)
        release()
        seen.append(events(of(client, session))[0])

    assert {str(event["uid"]) for event in seen} == {seen[0]["uid"]}
    assert [int(event["sequence"]) for event in seen] == [0, 1, 2]
    assert all(a["dtstamp"].dt <= b["dtstamp"].dt for a, b in itertools.pairwise(seen))


def test_what_only_the_desk_knows_is_not_in_the_file(client):
    session = released(title="First")
    Session.objects.filter(pk=session.pk).update(title="Secret")

    assert events(of(client, session))[0]["summary"] == "First"


def test_a_session_that_is_moved_says_so(client):
    session = released()
    session.move("postpone", officer(), "Because.")
    release()

    (event,) = events(of(client, session))

    assert (event["status"], int(event["sequence"])) == (
        "CANCELLED",
        1,
    )  # no telephone rings
    assert event["summary"] == f"Postponed, new time to follow: {session.title}"


def test_a_cancelled_session_says_so_at_once_and_why(client):
    session = released(description="About villages.")
    agenda = reverse("forum:edition-calendar", args=[session.edition.slug])
    (before,) = events(of(client, session))
    session.move("cancel", officer(), "The speaker\nis ill.")

    for response in (of(client, session), client.get(agenda)):
        (event,) = events(response)
        assert (event["status"], int(event["sequence"])) == ("CANCELLED", 1)
        assert event["uid"] == before["uid"]
        assert event["description"] == "The speaker\nis ill.\n\nAbout villages."


def test_a_day_without_time_is_a_whole_day_and_a_month_is_left_out(client):
    edition = EditionFactory()
    day = datetime.date(2027, 7, 6)
    whole = SessionFactory(
        edition=edition, start=None, end=None, day=day, precision="day", source="A list"
    )
    month = SessionFactory(
        edition=edition,
        start=None,
        end=None,
        day=day,
        precision="month",
        source="A list",
    )
    for session in (whole, month):
        session.move("schedule", officer())
    release()

    found = events(client.get(reverse("forum:edition-calendar", args=[edition.slug])))

    assert [(str(e["summary"]), e.start) for e in found] == [(whole.title, day)]


def test_an_edition_file_takes_the_filters_of_the_agenda(client):
    both = [released(action_lines=["C4"], title="Four"), released(action_lines=["C5"])]
    url = reverse("forum:edition-calendar", args=[both[0].edition.slug])

    assert len(events(client.get(url))) == 2
    assert [e["summary"] for e in events(client.get(f"{url}?action_line=C4"))] == [
        "Four"
    ]
    assert client.get(f"{url}?colour=red").status_code == 404


def test_a_known_calendar_is_not_sent_again(client):
    session = released()
    tag = of(client, session)["ETag"]

    again = client.get(
        reverse("forum:session-calendar", args=[session.pk]),
        headers={"If-None-Match": tag},
    )
    Session.objects.filter(pk=session.pk).update(title="New")
    release()
    changed = client.get(
        reverse("forum:session-calendar", args=[session.pk]),
        headers={"If-None-Match": tag},
    )

    assert (again.status_code, changed.status_code) == (304, 200)


def test_ones_own_calendar_holds_stars_and_parts(client):
    user = UserFactory()
    mine = PersonFactory(user=user)
    starred, spoken, other = released(), released(speakers=[mine]), released()
    proposed = released(owner=user)
    Star.objects.create(user=user, session=starred)
    key = CalendarKey.objects.create(user=user)

    found = events(client.get(key.get_absolute_url()))

    titles = {str(event["summary"]) for event in found}
    assert titles == {starred.title, spoken.title, proposed.title}
    assert other.title not in titles


def test_a_secret_address_can_be_replaced_and_switched_off(client):
    user = UserFactory()
    client.force_login(user)
    change = reverse("forum:calendar-key")
    client.post(change)
    first = CalendarKey.objects.get(user=user).get_absolute_url()
    client.post(change)
    second = CalendarKey.objects.get(user=user).get_absolute_url()
    client.logout()

    after_replacing = [client.get(url).status_code for url in (first, second)]
    client.force_login(user)
    client.post(change, {"revoke": "1"})

    assert after_replacing == [404, 200]
    assert client.get(second).status_code == 404
    assert len(second) > 40  # not to be guessed


@pytest.mark.parametrize("rows", [1, 10])
def test_calendar_queries(client, django_assert_num_queries, rows):
    for _row in range(rows):
        released()

    with django_assert_num_queries(3):  # edition; what stands in it; its sessions
        found = client.get(reverse("forum:edition-calendar", args=["2027"]))

    assert len(events(found)) == rows


def whole(client, language="en"):
    return client.get(f"/{language}/forum/2027/agenda.ics")


def test_the_whole_programme_is_made_once_until_something_changes(
    client, monkeypatch, django_assert_num_queries
):
    edition = EditionFactory()
    session = released(edition=edition, title="Villages")
    other = released(edition=edition, title="Islands")
    first = whole(client)

    with monkeypatch.context() as patch:
        patch.setattr(calendars, "event_of", None)  # nothing is drawn any more
        with django_assert_num_queries(2):
            again = whole(client)
        unchanged = client.get(
            "/en/forum/2027/agenda.ics", headers={"If-None-Match": first["ETag"]}
        )
    assert again.content == first.content
    assert (unchanged.status_code, unchanged.content) == (304, b"")

    session.move("cancel", officer(), "The speaker has fallen ill.")
    cancelled = {str(one["summary"]): one for one in events(whole(client))}
    assert cancelled["Villages"]["status"] == "CANCELLED"
    assert cancelled["Islands"]["status"] == "CONFIRMED"

    Session.objects.filter(pk=other.pk).update(title="Atolls")
    assert "Atolls" not in whole(client).content.decode()
    release(edition)
    assert {str(one["summary"]) for one in events(whole(client))} == {
        "Villages",
        "Atolls",
    }


def test_the_kept_programme_is_that_of_the_readers_language(client):
    session = released(title="Villages", description="")
    SessionTranslation.objects.create(
        session=session,
        language="ar",
        by=officer(),
        title="القرى",
        description="",
        status="approved",
        approved={"title": "القرى", "description": "", "kind": "human", "engine": ""},
    )
    assert "Villages" in whole(client, "ar").content.decode()  # kept, not released yet
    release()

    arabic, english = whole(client, "ar"), whole(client)

    assert "القرى" in arabic.content.decode()
    assert "/ar/forum/" in arabic.content.decode()
    assert "Villages" in english.content.decode()
    assert "القرى" not in english.content.decode()


def test_another_zone_of_the_place_is_not_read_from_what_was_kept(client):
    edition = EditionFactory()
    released(edition=edition)
    before = whole(client).content.decode()
    edition.time_zone = "Asia/Kathmandu"
    edition.save()

    after = whole(client).content.decode()

    assert "TZID=Europe/Zurich" in before
    assert "TZID=Europe/Zurich" not in after


def test_filters_are_not_answered_from_what_was_kept(client):
    released(title="Villages", action_lines=["C2"])
    released(title="Islands", action_lines=["C5"])
    whole(client)

    found = events(client.get("/en/forum/2027/agenda.ics?action_line=C2"))

    assert [str(one["summary"]) for one in found] == ["Villages"]
