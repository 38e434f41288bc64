"""Planning at the door: one address for a move, with and without a script; each hard clash, undo,
two planners, coordinators."""

import datetime

import pytest
from django.urls import reverse

from forum.agenda.models import ReleasedSession
from forum.planning.models import PlanChange
from forum.room.models import Coordinator
from forum.session.description import Mode
from tests.factories import UserFactory
from tests.forum.planning.acts import (
    JSON,
    address,
    draft,
    place,
    post,
    slot,
    stands,
    undo,
)
from tests.forum.records import (
    DAY,
    EditionFactory,
    PersonFactory,
    RoomFactory,
    TrackFactory,
    at,
    officer,
    release,
    released,
    scheduled,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def desk(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    user = officer()
    client.force_login(user)
    return user


def test_a_session_is_placed_moved_and_taken_off(client, desk):
    session, room, other = (
        draft(title="Villages"),
        RoomFactory(name="Popov"),
        RoomFactory(),
    )

    placed = place(client, session, room, "10:00", 90)
    assert placed.json() == {
        "sentence": "“Villages”: 5 July 2027, 10:00–11:30, Popov, CICG",
        "clashes": [],
    }
    assert stands(session) == ("scheduled", at(10), at(11, 30), room)
    assert (session.day, session.precision, session.updated_by) == (DAY, "time", desk)

    place(client, session, other, "14:05")
    assert stands(session) == ("scheduled", at(14, 5), at(15, 5), other)

    removed = post(client, session, act="remove")
    assert removed.json()["sentence"] == "“Villages”: not placed"
    assert stands(session)[0] == "draft"


def test_two_sessions_swap_their_places_and_keep_their_lengths(client):
    popov, other = RoomFactory(name="Popov"), RoomFactory(name="Room L")
    one = scheduled(title="One", room=popov, start=at(10), end=at(11))
    two = scheduled(title="Two", room=other, start=at(14), end=at(14, 30))

    refused = place(client, one, other, "14:00", 30)
    assert refused.json()["swap"] == {"id": two.pk, "title": "Two"}
    response = post(client, one, act="swap", other=two.pk)

    assert response.status_code == 200, response.json()
    assert stands(one) == ("scheduled", at(14), at(15), other)
    assert stands(two) == ("scheduled", at(10), at(10, 30), popov)
    undo(client)
    assert stands(one) == ("scheduled", at(10), at(11), popov)
    assert stands(two) == ("scheduled", at(14), at(14, 30), other)


def test_undo_and_redo_put_back_exactly(client):
    session, rooms = draft(title="Villages"), [RoomFactory(), RoomFactory()]
    states = [stands(session)]
    for number, room in enumerate(rooms):
        place(client, session, room, f"1{number}:00")
        states.append(stands(session))

    for state in reversed(states[:-1]):
        assert undo(client).json()["sentence"].startswith("Undone: “Villages”")
        assert stands(session) == state
    assert undo(client).json()["sentence"] == "There is nothing to undo."
    for state in states[1:]:
        assert undo(client, "redo").status_code == 200
        assert stands(session) == state
    assert undo(client, "redo").json()["sentence"] == "There is nothing to redo."


def test_what_was_undone_is_gone_after_another_act(client):
    session, room = draft(), RoomFactory()
    place(client, session, room)
    undo(client)
    place(client, session, room, "12:00")

    assert undo(client, "redo").status_code == 409
    assert stands(session)[1] == at(12)


def test_an_undo_that_somebody_else_has_made_impossible_says_so(client):
    session, room = draft(title="Villages"), RoomFactory(name="Popov")
    place(client, session, room)
    client.force_login(officer())
    place(client, session, room, "15:00")
    second = stands(session)
    client.force_login(PlanChange.objects.order_by("pk").first().by)

    response = undo(client)

    assert response.status_code == 409
    assert (
        "has changed “Villages” since: it is now at 5 July 2027, 15:00–16:00, Popov"
        in (response.json()["sentence"])
    )
    assert stands(session) == second


def test_an_undo_into_a_room_that_was_taken_since_is_refused(client):
    room = RoomFactory(name="Popov")
    session = scheduled(room=room)
    place(client, session, RoomFactory())
    scheduled(room=room, title="The next")

    response = undo(client)

    assert response.status_code == 409
    assert "“Popov, CICG” is occupied by “The next”" in response.json()["sentence"]


def test_the_second_of_two_planners_learns_what_the_first_did(client):
    session, room = draft(title="Villages"), RoomFactory(name="Popov")
    seen = session.version
    place(client, session, room)
    other = officer()
    client.force_login(other)

    response = post(client, session, **slot(RoomFactory(), "16:00") | {"version": seen})

    assert response.status_code == 409
    sentence = response.json()["sentence"]
    assert "Otieno" in sentence
    assert "It is now: 5 July 2027, 10:00–11:00, Popov, CICG." in sentence
    assert stands(session)[1] == at(10)


def test_a_script_that_looks_for_changes_gets_only_what_is_new(client):
    session, room = draft(title="Villages"), RoomFactory()
    url = reverse("forum:plan", args=["2027"]) + "?part=1"
    first = client.get(url)
    headers = {"if-none-match": first["ETag"]}

    assert client.get(url, headers=headers).status_code == 304
    place(client, session, room)
    changed = client.get(url, headers=headers)

    assert changed.status_code == 200
    html = changed.content.decode()
    assert "<html" not in html
    assert "5 July 2027, 10:00–11:00" in html.partition("plan-log")[2]


def test_what_is_in_the_programme_moves_but_is_not_taken_off(client):
    session = released(title="Villages")
    room = RoomFactory()

    removed = post(client, session, act="remove")
    place(client, session, room, "15:00")

    assert removed.status_code == 409
    assert "postponed or cancelled on its own page" in removed.json()["sentence"]
    assert stands(session) == ("released", at(15), at(16), room)
    assert ReleasedSession.objects.get().start == at(10)  # until the next release
    release()
    assert ReleasedSession.objects.get().start == at(15)


def test_a_coordinator_plans_the_own_track_only(client):
    track, other = TrackFactory(), TrackFactory(code="GENDER")
    user = UserFactory()
    Coordinator.objects.create(edition=EditionFactory(), track=track, user=user)
    mine, theirs = draft(track=track, title="Mine"), draft(track=other, title="Theirs")
    client.force_login(user)

    html = client.get(reverse("forum:plan", args=["2027"])).content.decode()
    assert f'data-session="{mine.pk}"' in html
    assert f'data-session="{theirs.pk}"' not in html
    assert place(client, mine, RoomFactory()).status_code == 200
    refused = place(client, theirs, RoomFactory())
    assert refused.status_code == 403
    assert stands(theirs)[0] == "draft"
    assert undo(client).status_code == 200
    assert stands(mine)[0] == "draft"


def test_a_coordinator_of_another_edition_and_members_stay_outside(client):
    user = UserFactory()
    EditionFactory()
    Coordinator.objects.create(
        edition=EditionFactory(slug="2028"), track=TrackFactory(), user=user
    )
    client.force_login(user)

    response = client.get(reverse("forum:plan", args=["2027"]))

    assert response.status_code == 403
    assert "for the coordinators of tracks" in response.content.decode()


def test_the_second_factor_is_asked_for(client, settings):
    settings.REQUIRE_STAFF_MFA = True
    track, user = TrackFactory(), UserFactory()
    Coordinator.objects.create(edition=EditionFactory(), track=track, user=user)
    session = draft(track=track)
    for person in (officer(), user):
        client.force_login(person)
        assert client.get(reverse("forum:plan", args=["2027"])).status_code == 302
        assert place(client, session, RoomFactory()).status_code == 302
    assert stands(session)[0] == "draft"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"day": "2027-12-24"}, "Select a valid choice."),
        ({"day": ""}, "This field is required."),
        ({"time": "25:00"}, "Enter a valid time."),
        ({"minutes": 0}, "greater than or equal to 1."),
        ({"minutes": 100000}, "less than or equal to 1440."),
        ({"room": 10**30}, "Select a valid choice."),
        ({"room": ""}, "has no room: choose one, or hold it remotely."),
        ({"version": "x"}, "Nothing was overwritten"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(client, change, sentence):
    session, room = draft(), RoomFactory()
    data = {"version": session.version} | slot(room) | change

    by_script = client.post(address(session), data, headers=JSON)
    by_form = client.post(address(session), data)

    assert by_script.status_code in (400, 409)
    assert sentence in by_script.json()["sentence"]
    assert by_form.status_code in (400, 409)
    assert sentence in by_form.content.decode()
    assert stands(session)[0] == "draft"


def test_a_time_that_no_clock_shows_is_refused(client):
    edition = EditionFactory(
        slug="2026",
        start_date=datetime.date(2026, 3, 28),
        end_date=datetime.date(2026, 3, 30),
    )
    session, room = draft(edition=edition), RoomFactory(edition=edition)

    response = post(
        client, session, **slot(room, "02:30", day=datetime.date(2026, 3, 29))
    )

    assert response.status_code == 400
    assert "There is no 02:30 on 29 March 2026" in response.json()["sentence"]


def test_a_remote_session_needs_no_room(client):
    session = draft(mode=Mode.REMOTE, title="Online")

    assert place(client, session, None).status_code == 200

    html = client.get(reverse("forum:plan", args=["2027"])).content.decode()
    assert (
        "No room (held remotely)"
        in html.partition("<thead>")[2].partition("</thead>")[0]
    )


def test_the_form_places_without_a_script_and_leads_back_to_the_day(client):
    session, room = draft(title="Villages"), RoomFactory(name="Popov")
    page = client.get(address(session)).content.decode()

    response = client.post(
        address(session), slot(room) | {"version": session.version}, follow=True
    )

    assert "Geneva time" in page
    assert response.redirect_chain[0][0].endswith(
        f"?day=2027-07-05#session-{session.pk}"
    )
    html = response.content.decode()
    assert "“Villages”: 5 July 2027, 10:00–11:00, Popov, CICG" in html
    table = html.partition("<table")[2].partition("</table>")[0]
    assert f'id="session-{session.pk}"' in table
    assert 'rowspan="2"' in table  # of half an hour each


def test_the_search_narrows_what_is_not_placed(client):
    draft(title="Villages online")
    draft(title="Broadband", track=TrackFactory(code="GENDER"))

    def found(query):
        html = client.get(
            reverse("forum:plan", args=["2027"]), {"q": query}
        ).content.decode()
        aside = html.partition("plan-cards")[2].partition("</ul>")[0]
        return [title for title in ("Villages", "Broadband") if title in aside]

    assert found("village") == ["Villages"]
    assert found("gender") == ["Broadband"]
    assert found("\0%") == []
    assert found("") == ["Villages", "Broadband"]


@pytest.mark.parametrize("many", [1, 12])
def test_a_move_asks_few_questions_however_full_the_day_is(
    client, django_assert_max_num_queries, many
):
    for number in range(many):
        scheduled(speakers=[PersonFactory()], room=RoomFactory(name=f"R{number}"))
    session, room = draft(speakers=[PersonFactory(), PersonFactory()]), RoomFactory()

    with django_assert_max_num_queries(50):
        assert place(client, session, room).status_code == 200
    with django_assert_max_num_queries(36):
        assert place(client, session, room, "12:00").status_code == 200
    with django_assert_max_num_queries(30):
        client.get(reverse("forum:plan", args=["2027"]))


def test_an_edition_without_days_or_rooms_says_what_is_missing(client):
    EditionFactory(slug="2030", start_date=None, end_date=None)
    EditionFactory()

    without_days = client.get(reverse("forum:plan", args=["2030"])).content.decode()
    without_rooms = client.get(reverse("forum:plan", args=["2027"])).content.decode()

    assert "Enter the first and the last day of the edition first." in without_days
    assert "This edition has no rooms yet." in without_rooms
