"""The link by which a session is joined: only who may read it finds it in the page, and in time."""

import pytest
import time_machine
from django.urls import reverse

from accounts.role.roles import Role as AccountRole
from common.records.models import Change
from forum.registration.workflow import RegistrationStatus
from forum.session.models import JoinFor, Session
from tests.factories import UserFactory
from tests.forum.records import (
    CapacityFactory,
    EditionFactory,
    PersonFactory,
    RoomFactory,
    at,
    officer,
    registered,
    released,
)

pytestmark = pytest.mark.django_db
LINK = "https://meet.example/j/8675309?pwd=abc"
IN_TIME = at(9, 30)


def page_of(client, session, user=None):
    if user:
        client.force_login(user)
    else:
        client.logout()
    return client.get(reverse("forum:session", args=[session.pk])).content.decode()


def approved(edition):
    registration = registered(edition)
    registration.move("approve", officer())
    return registration.user


@pytest.fixture
def session():
    CapacityFactory(places=10)
    return released(join_link=LINK)


@pytest.fixture
def in_time():
    with time_machine.travel(IN_TIME, tick=False):
        yield


@pytest.mark.usefixtures("in_time")
def test_a_restricted_link_is_in_no_page_of_a_stranger(client, session):
    waiting = registered(session.edition)
    refused = registered(session.edition)
    refused.move("refuse", officer(), "No.")
    assert waiting.status == RegistrationStatus.REQUESTED

    for user in (None, UserFactory(), waiting.user, refused.user):
        page = page_of(client, session, user)

        assert "meet.example" not in page
        assert "for people who are registered for this edition" in page


@pytest.mark.usefixtures("in_time")
def test_people_whose_registration_for_this_edition_is_approved_read_it(
    client, session
):
    other = EditionFactory(slug="2026", first_year=2026, last_year=2026)
    CapacityFactory(edition=other)

    assert LINK in page_of(client, session, approved(session.edition))
    assert "meet.example" not in page_of(client, session, approved(other))


def test_it_appears_an_hour_before_and_goes_with_the_end(client, session):
    guest = approved(session.edition)
    seen = {}
    for moment in (at(8, 59), at(9), at(10, 59), at(11)):
        with time_machine.travel(moment, tick=False):
            seen[f"{moment:%H:%M}"] = page_of(client, session, guest)

    assert [LINK in page for page in seen.values()] == [False, True, True, False]
    assert "5 July 2027, 09:00 (Geneva time)" in seen["08:59"]
    assert "is shown here from" in seen["08:59"]
    assert (
        "remotely" not in seen["11:00"].partition("<footer")[0].partition("<article")[2]
    )


@pytest.mark.usefixtures("in_time")
def test_a_link_for_everybody_is_public(client):
    session = released(join_link=LINK, join_for=JoinFor.EVERYBODY)

    assert LINK in page_of(client, session)


def test_staff_the_organizer_and_people_with_a_part_read_it_at_any_time(client):
    speaker, owner = UserFactory(), UserFactory()
    session = released(
        join_link=LINK, owner=owner, speakers=[PersonFactory(user=speaker)]
    )

    for user in (speaker, owner, UserFactory(role=AccountRole.SECRETARIAT)):
        assert LINK in page_of(client, session, user)


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize(
    ("mode", "shown"), [("both", True), ("remote", True), ("on_site", False)]
)
def test_without_a_link_of_its_own_a_session_has_that_of_its_room(client, mode, shown):
    room = RoomFactory(remote_link=LINK)
    session = released(room=room, mode=mode, join_for=JoinFor.EVERYBODY)

    assert (LINK in page_of(client, session)) is shown


@pytest.mark.usefixtures("in_time")
def test_a_session_that_is_cancelled_is_not_joined(client):
    session = released(join_link=LINK, join_for=JoinFor.EVERYBODY)
    session.move("cancel", officer(), "Ill.")

    assert "meet.example" not in page_of(client, session)


@pytest.mark.usefixtures("in_time")
def test_a_new_link_is_there_at_once_and_in_nothing_that_is_public(client):
    session = released(join_link=LINK, join_for=JoinFor.EVERYBODY)
    lines = Change.objects.count()
    Session.objects.filter(pk=session.pk).update(join_link=f"{LINK}&new")

    assert f"{LINK}&amp;new" in page_of(client, session)
    assert Change.objects.count() == lines
    for address in (
        reverse("forum:session-calendar", args=[session.pk]),
        reverse("forum:edition-calendar", args=[session.edition.slug]),
        reverse("forum:agenda", args=[session.edition.slug]),
        f"/api/v1/forum/sessions/{session.pk}/",
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        assert b"meet.example" not in answer.content


def test_where_captions_are_read_and_for_whom_it_is_meant(client):
    session = released(
        captions_link="https://captions.example/room-l",
        audience="Regulators of small <island> States",
        interpretation=["ru", "zh-hans"],
    )

    page = page_of(client, session)
    row = client.get(f"/api/v1/forum/sessions/{session.pk}/").json()

    assert 'href="https://captions.example/room-l"' in page
    assert "Live captions" in page
    assert "For whom it is meant" in page
    assert "Regulators of small &lt;island&gt; States" in page
    assert "Русский, 中文" in page
    assert row["audience"] == session.audience
    assert row["captions_link"] == session.captions_link
    assert not {"join_link", "join_for"} & row.keys()
