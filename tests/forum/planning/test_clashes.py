"""Clashes of a slot: each hard one refused by name at both doors, soft ones named and counted."""

import datetime

import pytest
from django.urls import reverse

from forum.people.models import Availability
from forum.planning.models import PlanChange
from forum.room.times import Walk
from tests.forum.planning.acts import address, draft, place, post, slot, stands
from tests.forum.records import (
    DAY,
    EditionFactory,
    PersonFactory,
    RoomFactory,
    blocked,
    clock,
    hours,
    officer,
    scheduled,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def desk(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    client.force_login(officer())


def hard_room():
    room = RoomFactory(name="Popov")
    scheduled(title="The first", room=room)
    return (
        draft(),
        room,
        "“Popov, CICG” is occupied by “The first”, 5 July 2027, 10:00–11:00.",
    )


def hard_person():
    person = PersonFactory(name="Amara")
    scheduled(title="The first", speakers=[person])
    sentence = "Amara is in “The first” at this time, 5 July 2027, 10:00–11:00."
    return draft(speakers=[person]), RoomFactory(), sentence


def hard_closed():
    room = RoomFactory(name="Popov")
    hours(room, "11:00", "18:00")
    return draft(), room, "“Popov, CICG” is open only 11:00–18:00."


def hard_blocked():
    room = RoomFactory(name="Popov")
    blocked("Rehearsal", "09:00", "10:30", room=room, day=DAY)
    return draft(), room, "“Popov, CICG” is blocked for “Rehearsal”, 09:00–10:30."


def hard_break():
    blocked("Coffee", "10:30", "10:45")
    return draft(), RoomFactory(), "“Coffee” is a break in all rooms, 10:30–10:45."


HARD = [hard_room, hard_person, hard_closed, hard_blocked, hard_break]


@pytest.mark.parametrize("make", HARD)
def test_a_hard_clash_is_refused_by_name(client, make):
    session, room, sentence = make()
    before = stands(session)

    response = place(client, session, room)

    assert response.status_code == 409
    assert response.json()["clashes"] == [{"sentence": sentence, "hard": True}]
    assert stands(session) == before
    assert not PlanChange.objects.exists()


@pytest.mark.parametrize("make", HARD)
def test_a_hard_clash_is_refused_without_a_script_too(client, make):
    session, room, sentence = make()

    response = client.post(address(session), slot(room) | {"version": session.version})

    html = response.content.decode()
    assert response.status_code == 409
    assert sentence in html
    assert "Nothing was moved." in html
    assert stands(session)[0] == "draft"


@pytest.mark.parametrize("make", HARD)
def test_the_clashes_are_named_before_the_drop(client, make):
    session, room, sentence = make()

    response = post(client, session, **slot(room) | {"act": "check"})

    assert response.status_code == 200
    assert sentence in [row["sentence"] for row in response.json()["clashes"]]
    assert stands(session)[0] == "draft"


def soft(client, session, room, time="10:00"):
    response = place(client, session, room, time)
    assert response.status_code == 200, response.json()
    assert all(not row["hard"] for row in response.json()["clashes"])
    return [row["sentence"] for row in response.json()["clashes"]]


def test_soft_clashes_are_named_and_the_session_is_placed(client):
    edition = EditionFactory(interpretation_teams=1, captioning_units=0)
    room = RoomFactory(name="Popov", capacity=100, booths=2)
    scheduled(interpretation=["fr"])
    session = draft(
        edition=edition,
        seats_wanted=150,
        interpretation=["fr", "ar", "zh-hans"],
        has_captions=True,
    )

    assert soft(client, session, room) == [
        "“Popov, CICG” has 100 seats; 150 are wanted.",
        "“Popov, CICG” has 2 booths; 3 languages are wanted.",
        "“Popov, CICG” has no captioning.",
        "2 sessions are interpreted at this time; there is 1 team.",
        "1 sessions are captioned at this time; there are 0 units.",
    ]
    assert stands(session)[0] == "scheduled"


@pytest.mark.parametrize(
    ("time", "minutes"), [("11:05", 5), ("11:10", None), ("08:55", 5)]
)
def test_a_walk_to_another_building_needs_its_time(client, time, minutes):
    person = PersonFactory(name="Amara")
    there = RoomFactory(name="Room L", building="Varembé")
    Walk.objects.create(edition=there.edition, one="Varembé", other="CICG", minutes=8)
    scheduled(title="The first", room=RoomFactory(name="Popov"), speakers=[person])
    session = draft(speakers=[person])

    sentences = soft(client, session, there, time)

    expected = (
        f"Amara has {minutes} minutes for the walk of 8 minutes between “Room L, Varembé” and "
        "“Popov, CICG” (“The first”)."
    )
    assert sentences == ([expected] if minutes else [])


def test_somebody_who_comes_later_is_named(client):
    person = PersonFactory(name="Amara")
    Availability.objects.create(
        person=person,
        edition=EditionFactory(),
        day=DAY,
        since=clock("11:00"),
        until=clock("18:00"),
    )
    session = draft(speakers=[person])

    assert soft(client, session, RoomFactory()) == [
        "Amara is available only 11:00–18:00."
    ]
    assert soft(client, session, RoomFactory(), "11:00") == []
    tomorrow = slot(RoomFactory(), day=DAY + datetime.timedelta(days=1))
    assert post(client, session, **tomorrow).json()["clashes"][0]["sentence"] == (
        "Amara is not available at this time."
    )


def test_the_list_names_all_clashes_of_the_edition_with_links(client):
    room = RoomFactory(name="Popov", capacity=10)
    session = scheduled(title="Opening", room=room, seats_wanted=20)
    blocked("Fire drill", "10:15", "10:30", day=DAY)

    html = client.get(reverse("forum:plan-clashes", args=["2027"])).content.decode()

    hard, _middle, soft_part = html.partition("Soft: to be looked at")
    assert "“Fire drill” is a break in all rooms, 10:15–10:30." in hard
    assert "“Popov, CICG” has 10 seats; 20 are wanted." in soft_part
    assert f"?day=2027-07-05#session-{session.pk}" in hard
