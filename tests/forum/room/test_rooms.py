"""Rooms at the desk: opening hours, breaks and blocked times, by the clock of the venue."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from common.moves.workflow import MoveRefused
from forum.base.workflow import DESK
from forum.room.models import Room
from forum.room.times import BlockedTime, Walk
from tests.admin.pages import Form
from tests.forum.records import (
    DAY,
    EditionFactory,
    RoomFactory,
    SessionFactory,
    at,
    blocked,
    hours,
    officer,
    release,
    scheduled,
)

pytestmark = pytest.mark.django_db
NEXT = DAY + datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def desk(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    client.force_login(officer())


def refusal(session):
    try:
        session.move("schedule", DESK)
    except MoveRefused as refused:
        return str(refused.message)
    return ""


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        (at(9), at(10), ""),
        (at(17), at(18), ""),
        (at(8, 30), at(9, 30), "“Popov, CICG” is open only 09:00–18:00."),
        (at(17, 30), at(18, 1), "“Popov, CICG” is open only 09:00–18:00."),
        (at(10, day=NEXT), at(11, day=NEXT), "“Popov, CICG” is open only 10:30–12:00."),
        (at(11, day=NEXT), at(12, day=NEXT), ""),
    ],
)
def test_a_room_is_used_only_while_it_is_open(start, end, sentence):
    """The hours of one day count instead of those of every day."""
    room = RoomFactory(name="Popov")
    hours(room, "09:00", "18:00")
    hours(room, "10:30", "12:00", day=NEXT)

    assert refusal(SessionFactory(room=room, start=start, end=end)) == sentence


def test_a_room_that_is_open_on_some_days_is_closed_on_the_others():
    room = RoomFactory(name="Popov")
    hours(room, day=NEXT)

    assert refusal(SessionFactory(room=room)) == "“Popov, CICG” is closed on this day."


def test_hours_follow_the_clock_of_the_venue():
    """In New York 10:00 is 14:00 UTC in July."""
    edition = EditionFactory(slug="2028", time_zone="America/New_York")
    room = RoomFactory(edition=edition, name="Plaza", building="")
    hours(room, "09:00", "18:00")
    day = edition.start_date
    zone = edition.zone

    early = SessionFactory(
        edition=edition, room=room, start=at(8, 0, day, zone), end=at(9, 0, day, zone)
    )
    inside = SessionFactory(
        edition=edition, room=room, start=at(9, 0, day, zone), end=at(10, 0, day, zone)
    )

    assert refusal(early) == "“Plaza” is open only 09:00–18:00."
    assert refusal(inside) == ""


def test_no_session_in_a_break_nor_in_a_blocked_room():
    room, other = RoomFactory(name="Popov"), RoomFactory(name="Room L")
    blocked("Lunch")
    blocked("Rehearsal", "09:00", "10:30", room=room, day=DAY)

    assert (
        refusal(SessionFactory(room=other, start=at(12, 30), end=at(13, 30)))
        == "“Lunch” is a break in all rooms, 13:00–14:00."
    )
    assert (
        refusal(SessionFactory(room=room))
        == "“Popov, CICG” is blocked for “Rehearsal”, 09:00–10:30."
    )
    assert refusal(SessionFactory(room=other)) == ""
    assert refusal(SessionFactory(room=room, start=at(14), end=at(15))) == ""


def test_what_was_blocked_after_the_planning_keeps_a_release_from_being_made():
    session = scheduled(title="Opening")
    blocked("Fire drill", "10:30", "10:45", day=DAY)

    with pytest.raises(MoveRefused) as refused:
        release()

    assert str(refused.value.message) == (
        "“Opening”: “Fire drill” is a break in all rooms, 10:30–10:45."
    )
    session.refresh_from_db()
    assert session.status == "scheduled"


@pytest.mark.parametrize("sessions", [1, 10])
def test_a_release_reads_the_hours_once(django_assert_max_num_queries, sessions):
    for _number in range(sessions):
        hours(scheduled().room)

    with django_assert_max_num_queries(39):
        release()


def form_of(client, page):
    """The room's form as a browser would send it back."""
    return Form(client.get(page).content.decode(), "room_form").data


def test_a_room_is_described_with_its_hours_in_the_named_zone(client):
    edition = EditionFactory(time_zone="America/New_York")
    room = RoomFactory(edition=edition)
    page = reverse("admin:forum_room_change", args=[room.pk])

    html = client.get(page).content.decode()
    data = form_of(client, page) | {
        "features": "induction loop",
        "booths": 6,
        "capacity": 250,
        "has_captioning": "on",
        "remote_link": "https://itu.zoom.us/j/1",
        "hours-TOTAL_FORMS": 1,
        "hours-0-since": "09:00",
        "hours-0-until": "18:00",
    }
    response = client.post(page, data)

    assert "hours (time of New York)" in html
    assert response.status_code == 302, response.context["errors"]
    room = Room.objects.get(pk=room.pk)
    assert (room.booths, room.has_captioning, room.capacity) == (6, True, 250)
    assert [str(row) for row in room.hours.all()] == ["09:00–18:00"]


def test_hours_that_end_before_they_begin_are_refused_beside_the_field(client):
    room = RoomFactory()
    page = reverse("admin:forum_room_change", args=[room.pk])
    data = form_of(client, page) | {
        "features": "",
        "hours-TOTAL_FORMS": 1,
        "hours-0-since": "18:00",
        "hours-0-until": "09:00",
    }

    html = client.post(page, data).content.decode()

    assert "The end must be after the start." in html
    assert not room.hours.exists()


def test_a_break_is_added_at_the_desk_by_the_clock_of_the_venue(client):
    edition = EditionFactory(time_zone="America/New_York")
    other = RoomFactory(edition=EditionFactory(slug="2028"), name="Elsewhere")
    page = f"{reverse('admin:forum_blockedtime_add')}?edition={edition.pk}"
    data = {
        "edition": edition.pk,
        "title": "Lunch",
        "since": "12:30",
        "until": "13:30",
    }

    html = client.get(page).content.decode()
    refused = client.post(page, data | {"room": other.pk})
    client.post(page, data)

    assert "time of New York" in html
    assert "Elsewhere" not in html
    assert refused.status_code == 200
    assert [str(row) for row in BlockedTime.objects.all()] == ["Lunch, 12:30–13:30"]


def test_a_walk_is_entered_once_whatever_its_direction():
    edition = EditionFactory()
    Walk.objects.create(edition=edition, one="CICG", other="Varembé", minutes=8)

    for one, other in (("Varembé", "CICG"), ("CICG", "CICG")):
        with pytest.raises(ValidationError):
            Walk(edition=edition, one=one, other=other, minutes=5).full_clean()
