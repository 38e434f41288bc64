"""Organizers and speakers choose a slot that staff offer, and nothing else."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from forum.people.models import Availability
from forum.planning.models import PlanChange
from tests.factories import UserFactory
from tests.forum.planning.acts import draft, stands
from tests.forum.records import (
    DAY,
    EditionFactory,
    PersonFactory,
    RoomFactory,
    TrackFactory,
    at,
    offered,
    officer,
    released,
    scheduled,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def speaker(client):
    user = UserFactory()
    client.force_login(user)
    return PersonFactory(name="Amina", user=user)


def address(session):
    return reverse("forum:session-slot", args=[session.pk])


def page(client, session):
    return " ".join(client.get(address(session)).content.decode().split())


def choose(client, session, offer):
    session.refresh_from_db()
    data = {"act": "choose", "slot": offer.pk, "version": session.version}
    return client.post(address(session), data)


def test_a_speaker_chooses_a_slot_and_gives_it_back(client, speaker):
    session, room = (
        draft(title="Villages", speakers=[speaker]),
        RoomFactory(name="Popov"),
    )
    offer = offered(room, "14:00", "15:00")
    assert "Choose a slot: Villages" in client.get("/en/account/").content.decode()
    assert "5 July 2027, 14:00–15:00" in page(client, session)

    response = choose(client, session, offer)

    assert response.status_code == 302
    assert stands(session) == ("scheduled", at(14), at(15), room)
    change = PlanChange.objects.get()
    assert (change.by, len(change.sessions)) == (speaker.user, 1)
    assert "Your slot" in page(client, session)
    assert "Choose a slot" not in client.get("/en/account/").content.decode()

    session.refresh_from_db()
    client.post(address(session), {"act": "give back", "version": session.version})

    assert stands(session)[0] == "draft"
    assert session.history()[0].by is None  # by the desk, whose offer it is


def test_an_organizer_chooses_for_the_length_that_was_wished(client):
    user = UserFactory()
    client.force_login(user)
    session = draft(owner=user, minutes_wanted=45)
    room = RoomFactory()
    short = offered(room, "09:00", "09:30")
    long = offered(room, "10:00", "11:00")

    refused = choose(client, session, short)
    assert "The session lasts 45 minutes, longer than this slot." in (
        refused.content.decode()
    )
    choose(client, session, long)

    assert stands(session)[1:3] == (at(10), at(10, 45))


def test_a_taken_slot_is_refused_and_says_nothing_of_who_has_it(client, speaker):
    session, room = draft(speakers=[speaker]), RoomFactory()
    offer = offered(room)
    scheduled(title="Secret Summit", room=room, start=at(14), end=at(15))

    html, response = page(client, session), choose(client, session, offer)

    assert "This slot is taken." in html
    assert response.status_code == 409
    assert "This slot is taken." in response.content.decode()
    assert "Secret Summit" not in html + response.content.decode()
    assert stands(session)[0] == "draft"
    assert not PlanChange.objects.exists()


def test_somebody_who_is_elsewhere_is_a_hard_clash_and_hours_are_a_soft_one(
    client, speaker
):
    other = PersonFactory(name="Li Wei")
    session = draft(speakers=[speaker, other])
    first, second = offered(RoomFactory()), offered(RoomFactory(), "16:00", "17:00")
    scheduled(title="Secret", start=at(14), end=at(15), speakers=[other])
    Availability.objects.create(
        person=other,
        edition=EditionFactory(),
        since=datetime.time(8),
        until=datetime.time(12),
    )

    html = page(client, session)

    assert "Someone of this session is elsewhere at this time." in html
    assert html.count("Someone of this session is not available at this time.") == 2
    assert "Secret" not in html
    assert "Li Wei" not in html
    assert choose(client, session, first).status_code == 409
    assert choose(client, session, second).status_code == 302


def test_only_open_slots_of_the_edition_and_the_track_are_offered(client, speaker):
    track, other = TrackFactory(code="A", name="A"), TrackFactory(code="B", name="B")
    session = draft(speakers=[speaker], track=track)
    room = RoomFactory()
    fits = offered(room, "09:00", "10:00", track=track)
    past = timezone.now() - datetime.timedelta(minutes=1)
    next_year = EditionFactory(
        slug="2028", start_date=DAY.replace(year=2028), end_date=DAY.replace(year=2028)
    )
    elsewhere = RoomFactory(edition=next_year)
    hidden = [
        offered(room, "10:00", "11:00", track=other),
        offered(room, "11:00", "12:00", closes_at=past),
        offered(elsewhere, "12:00", "13:00"),
    ]

    html = page(client, session)

    assert html.count('name="slot"') == 1
    assert f'name="slot" value="{fits.pk}"' in html
    for offer in hidden:
        refused = choose(client, session, offer)
        assert "This slot is no longer offered." in refused.content.decode()
    assert stands(session)[0] == "draft"


def test_a_slot_outside_the_offers_cannot_be_asked_for(client, speaker):
    session = draft(speakers=[speaker])

    assert "No slot is offered for this session." in page(client, session)
    for data in ({"act": "place", "room": 1}, {}, {"act": "choose", "slot": "²"}):
        response = client.post(address(session), data | {"version": 1})
        assert response.status_code in (404, 409)
    assert stands(session)[0] == "draft"


def test_the_programme_is_not_moved_by_its_speakers(client, speaker):
    session = released(speakers=[speaker])
    offer = offered(RoomFactory())

    assert "ask the secretariat to move it" in page(client, session)
    response = choose(client, session, offer)

    assert "ask the secretariat to move it" in response.content.decode()
    assert stands(session)[1] == at(10)


def test_two_tabs_do_not_overwrite_each_other(client, speaker):
    session = draft(speakers=[speaker])
    first, second = offered(RoomFactory()), offered(RoomFactory(), "16:00", "17:00")
    old = session.version
    choose(client, session, first)

    response = client.post(
        address(session), {"act": "choose", "slot": second.pk, "version": old}
    )

    assert response.status_code == 409
    assert "Nothing was overwritten" in response.content.decode()
    assert stands(session)[1] == at(14)


@pytest.mark.parametrize("who", [UserFactory, officer])
def test_others_do_not_find_the_page(client, speaker, who, settings):
    settings.REQUIRE_STAFF_MFA = False
    session = draft(speakers=[speaker])
    offer = offered(RoomFactory())
    client.force_login(who())

    assert client.get(address(session)).status_code == 404
    assert choose(client, session, offer).status_code == 404


def test_the_page_asks_no_more_for_ten_slots_than_for_one(
    client, speaker, django_assert_num_queries
):
    session, room = draft(speakers=[speaker]), RoomFactory()
    offered(room, "08:00", "09:00")
    scheduled(start=at(8), end=at(9))
    client.get(address(session))
    with CaptureQueriesContext(connection) as asked:
        client.get(address(session))
    for hour in range(9, 18):
        offered(room, f"{hour:02}:00", f"{hour + 1:02}:00")
        scheduled(start=at(hour), end=at(hour + 1))

    with django_assert_num_queries(len(asked)):
        assert page(client, session).count('name="slot"') == 10


def test_staff_are_told_what_is_wrong_with_an_offer(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    client.force_login(officer())
    room = RoomFactory()
    offered(room)
    url = reverse("admin:forum_offeredslot_add")
    values = {
        "edition": room.edition_id,
        "room": room.pk,
        "day": DAY.isoformat(),
        "since": "14:00",
        "until": "15:00",
    }

    def said(**more):
        return client.post(url, values | more).content.decode()

    assert "This slot is offered already." in said()
    assert "The end must be after the start." in said(until="13:00")
    assert "This is not a day of the edition." in said(day="2027-08-01")
    assert client.post(url, values | {"since": "14:15"}).status_code == 302
    listed = client.get(reverse("admin:forum_offeredslot_changelist"))
    assert "14:15–15:00" in listed.content.decode()
