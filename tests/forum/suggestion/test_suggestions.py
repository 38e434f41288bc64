"""Proposals at the door: asked for, worked out, compared, accepted, undone, refused."""

import datetime
import json
import re
import subprocess
import sys

import pytest
from django.urls import reverse

from forum.people.models import Availability
from forum.planning.clashes import Plan
from forum.planning.models import PlanChange
from forum.registration.models import Attendance
from forum.room.models import Coordinator
from forum.session.description import Mode
from forum.session.models import Session
from forum.suggestion.models import Suggestion
from forum.suggestion.tasks import suggest
from tests.factories import UserFactory
from tests.forum.planning.acts import draft, stands, undo
from tests.forum.records import (
    DAY,
    CapacityFactory,
    EditionFactory,
    PersonFactory,
    RoomFactory,
    TrackFactory,
    at,
    blocked,
    hours,
    officer,
    registered,
    scheduled,
)

pytestmark = pytest.mark.django_db
LIST = "/en/forum/2027/plan/suggestions/"


@pytest.fixture(autouse=True)
def desk(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    EditionFactory()
    user = officer()
    client.force_login(user)
    return user


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The solver has less time than a worker gives it."""
    for name in ("FOR_ALL", "FOR_WISHES", "FOR_REASONS"):
        monkeypatch.setattr(f"forum.suggestion.planning.{name}", 2.0)


def ask(client, kind, since="09:00", until="18:00", grid=30):
    values = {"kind": kind}
    for name, value in {"since": since, "until": until, "grid": grid}.items():
        values[f"{kind}-{name}"] = value
    return client.post(LIST, values)


def worked(client, kind, **hours):
    """Ask, have a worker do it, and come back."""
    response = ask(client, kind, **hours)
    assert response.status_code == 302, response.content.decode()
    suggest()
    return Suggestion.objects.latest("pk")


def page(client, suggestion, query=""):
    return client.get(suggestion.get_absolute_url() + query).content.decode()


def accept(client, suggestion, variant):
    return client.post(
        suggestion.get_absolute_url(), {"act": "accept", "variant": variant}
    )


def test_what_is_not_placed_gets_a_place_in_three_variants(client):
    speaker = PersonFactory(name="Amina")
    room = RoomFactory(name="Popov")
    hours(room, "09:00", "12:00")
    first = draft(title="Villages", speakers=[speaker], minutes_wanted=90)
    draft(title="Islands", speakers=[speaker])
    stays = scheduled(title="Opening", room=room, start=at(9), end=at(10))

    found = worked(client, "propose")

    assert (found.state, found.error) == ("done", "")
    assert [one["name"] for one in found.variants] == ["parallel", "rooms", "night"]
    html = page(client, found)
    assert html.count("2 of 2") == 3
    assert html.count("0 hard, 0 soft") == 3
    assert "<strong>2 sessions move</strong>" in " ".join(html.split()).replace(
        "<strong> ", "<strong>"
    ).replace(" </strong>", "</strong>")
    assert "in which its people and a suitable room are free" in html
    assert stands(first)[0] == "draft"  # nothing moves before

    response = accept(client, found, "rooms")

    assert response.status_code == 302
    status, start, end, where = stands(first)
    assert (status, end - start, where) == (
        "scheduled",
        90 * datetime.timedelta(0, 60),
        room,
    )
    assert stands(stays)[1] == at(9)
    assert Plan(EditionFactory()).all() == []
    change = PlanChange.objects.get()
    assert len(change.sessions) == 2
    assert "Accepted by" in page(client, found)


def test_one_undo_takes_an_accepted_proposal_back_whole(client):
    sessions = [draft(title=f"Session {n}") for n in range(5)]
    RoomFactory()
    before = [stands(one) for one in sessions]
    found = worked(client, "propose")
    accept(client, found, "parallel")
    assert {stands(one)[0] for one in sessions} == {"scheduled"}

    said = undo(client).json()

    assert said["sentence"] == "Undone: 5 sessions moved"
    assert [stands(one) for one in sessions] == before
    assert undo(client, "redo").json()["sentence"] == "Done again: 5 sessions moved"
    news = client.get("/en/forum/2027/plan/").content.decode()
    assert "and 4 other sessions" in news


def test_a_proposal_is_refused_by_name_when_a_session_changed_meanwhile(client):
    session = draft(title="Villages <1>")
    RoomFactory()
    found = worked(client, "propose")
    Session.objects.filter(pk=session.pk).update(version=9)

    response = accept(client, found, "parallel")

    assert response.status_code == 409
    assert "“Villages &lt;1&gt;”. Nothing was moved" in response.content.decode()
    assert stands(session)[0] == "draft"
    assert not PlanChange.objects.exists()


def test_a_proposal_is_refused_by_name_when_its_room_was_taken_meanwhile(client):
    session, room = draft(title="Villages"), RoomFactory()
    hours(room, "09:00", "10:00", day=DAY)
    found = worked(client, "propose")
    scheduled(title="Ministers", room=room, start=at(9), end=at(10))

    response = accept(client, found, "night")

    assert response.status_code == 409
    assert "is occupied by “Ministers”" in response.content.decode()
    assert stands(session)[0] == "draft"


def test_a_proposal_is_accepted_once(client):
    draft()
    RoomFactory()
    found = worked(client, "propose")
    accept(client, found, "parallel")

    again = accept(client, found, "parallel")

    assert "This proposal was accepted before." in again.content.decode()
    assert PlanChange.objects.count() == 1


def test_what_has_no_place_says_what_excludes_it(client):
    amina = PersonFactory(name="Amina")
    Availability.objects.create(
        person=amina,
        edition=EditionFactory(),
        day=DAY,
        since=datetime.time(9),
        until=datetime.time(10, 30),
    )
    RoomFactory()
    RoomFactory()
    draft(title="Villages", speakers=[amina])
    draft(title="Islands", speakers=[amina])
    draft(title="Harbours", interpretation=["fr", "ar"])
    for room in EditionFactory().rooms.all():
        room.booths = 1
        room.save()

    found = worked(client, "propose")

    html = page(client, found)
    assert html.count("1 of 3") == 3
    assert "“Harbours” wants more booths than some rooms have." in html
    assert "Amina can come only at certain hours." in html
    assert "Amina cannot be in two sessions at a time." in html
    assert "has to be placed too." in html


def test_a_closed_room_is_repaired_with_the_fewest_moves(client):
    closed, free = RoomFactory(name="Popov"), RoomFactory(name="Room L")
    amina = PersonFactory(name="Amina")
    one = scheduled(title="One", room=closed, start=at(10), end=at(11))
    two = scheduled(
        title="Two", room=closed, start=at(14), end=at(15), speakers=[amina]
    )
    other = scheduled(title="Three", room=free, start=at(10), end=at(11))
    blocked("Water", "08:00", "20:00", room=closed, day=DAY)

    found = worked(client, "repair")

    html = " ".join(page(client, found).split())
    assert "2 sessions move" in html
    assert "“Popov, CICG” is blocked for “Water”, 08:00–20:00." in html
    assert (
        "5 July 2027, 14:00–15:00, Popov, CICG</bdi> → <bdi>5 July 2027, 14:00" in html
    )
    assert stands(one)[3] == closed
    accept(client, found, "repair")
    assert stands(two)[1:] == (at(14), at(15), free)
    assert stands(other)[1:] == (at(10), at(11), free)
    assert stands(one)[3] in (free, closed)
    assert Plan(EditionFactory()).all() == []


def test_somebody_who_comes_late_moves_one_session(client):
    minister = PersonFactory(name="The Minister")
    room = RoomFactory()
    session = scheduled(room=room, start=at(10), end=at(11), speakers=[minister])
    stays = scheduled(room=room, start=at(11), end=at(12))
    Availability.objects.create(
        person=minister,
        edition=EditionFactory(),
        since=datetime.time(16),
        until=datetime.time(18),
    )

    found = worked(client, "repair")

    assert "1 session moves" in " ".join(page(client, found).split())
    assert "The Minister is available only 16:00–18:00." in page(client, found)
    accept(client, found, "repair")
    assert stands(session)[1] >= at(16)
    assert stands(stays)[1] == at(11)


def test_nothing_moves_when_nothing_is_broken(client):
    scheduled(room=RoomFactory(capacity=3), seats_wanted=90)

    found = worked(client, "repair")

    assert "0 sessions move" in " ".join(page(client, found).split())
    refused = accept(client, found, "repair")
    assert "There is nothing to accept." in refused.content.decode()


def test_the_night_of_remote_people_stands_beside_each_variant(client):
    CapacityFactory(attendance=Attendance.REMOTE, places=None)
    RoomFactory()
    registered(user=UserFactory(time_zone="Asia/Tokyo"), attendance=Attendance.REMOTE)
    registered(user=UserFactory(time_zone="Asia/Seoul"), attendance=Attendance.REMOTE)
    draft(mode=Mode.BOTH)
    draft(mode=Mode.ON_SITE)

    found = worked(client, "propose")

    html = " ".join(page(client, found).split())
    assert "At night for remote participants" in html
    nights = {one["name"]: one["nights"] for one in found.variants}
    ((night, minutes),) = nights["night"].values()
    assert (night, minutes) == (0, 120)  # Tokyo sleeps from 15:00 in Geneva on
    assert "<td>0&nbsp;%</td>" in html


def test_the_night_as_it_is_and_as_it_was_stands_beside_the_variants(client):
    CapacityFactory(attendance=Attendance.REMOTE, places=None)
    room = RoomFactory()
    registered(user=UserFactory(time_zone="Asia/Tokyo"), attendance=Attendance.REMOTE)
    scheduled(mode=Mode.BOTH, room=room, start=at(14), end=at(16))
    scheduled(mode=Mode.ON_SITE, room=room, start=at(17), end=at(18))
    draft(mode=Mode.BOTH)
    found = worked(client, "propose")
    alone = burden_row(page(client, found))
    earlier = EditionFactory(
        slug="2026",
        title="WSIS Forum 2026",
        first_year=2026,
        last_year=2026,
        start_date=DAY - datetime.timedelta(days=365),
        end_date=DAY - datetime.timedelta(days=361),
    )
    CapacityFactory(edition=earlier, attendance=Attendance.REMOTE, places=None)
    registered(
        edition=earlier,
        user=UserFactory(time_zone="America/Lima"),
        attendance=Attendance.REMOTE,
    )
    began = at(9) - datetime.timedelta(days=365)
    scheduled(
        edition=earlier,
        mode=Mode.BOTH,
        room=RoomFactory(edition=earlier),
        start=began,
        end=began + datetime.timedelta(hours=4),
    )

    beside = burden_row(page(client, found))

    # Tokyo sleeps from 15:00 in Geneva on; Lima until 14:00
    assert alone[-1] == "50&nbsp;%"
    assert beside[-2:] == ["50&nbsp;%", "100&nbsp;%"]
    assert "WSIS Forum 2026" in page(client, found)


def burden_row(html):
    """The shares of the only region in the table of nights."""
    table = html.partition('id="nights-title"')[2].partition("</table>")[0]
    return re.findall(r"<td>\s*(.*?)\s*</td>", table)


def test_coordinators_propose_for_their_track_and_see_their_own_proposals(client, desk):
    RoomFactory()
    track = TrackFactory(code="GENDER", name="Gender")
    mine, other = draft(track=track), draft()
    theirs = worked(client, "propose")
    coordinator = UserFactory()
    Coordinator.objects.create(edition=EditionFactory(), track=track, user=coordinator)
    client.force_login(coordinator)
    session = client.session
    session["second_factor"] = True
    session.save()

    assert client.get(theirs.get_absolute_url()).status_code in (302, 404)
    job = Suggestion(edition=EditionFactory(), by=coordinator, kind="propose").begin()
    suggest()
    job.refresh_from_db()

    assert [row["session"] for row in job.variants[0]["moves"]] == [mine.pk]
    assert stands(other)[0] == "draft"


def test_strangers_are_not_shown_a_proposal(client):
    draft()
    RoomFactory()
    found = worked(client, "propose")
    client.force_login(UserFactory())

    assert client.get(LIST).status_code == 403
    assert client.get(found.get_absolute_url()).status_code == 403
    assert accept(client, found, "parallel").status_code == 403


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"since": "18:00", "until": "09:00"}, "The end must be after the start."),
        ({"since": "soon"}, "Enter a valid time."),
        (
            {"grid": "7"},
            "Select a valid choice. 7 is not one of the available choices.",
        ),
    ],
)
def test_bad_hours_get_a_sentence_and_nothing_begins(client, values, sentence):
    response = ask(client, "repair", **values)

    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert not Suggestion.objects.exists()


def test_one_proposal_of_an_edition_at_a_time_and_it_can_be_cancelled(client):
    draft()
    RoomFactory()
    ask(client, "propose")
    again = client.post(
        LIST,
        {
            "kind": "repair",
            "repair-since": "09:00",
            "repair-until": "18:00",
            "repair-grid": 15,
        },
        follow=True,
    )
    assert "Another proposal for this edition is being worked on." in (
        again.content.decode()
    )
    (job,) = Suggestion.objects.all()

    client.post(job.get_absolute_url(), {"act": "cancel"})
    suggest()

    job.refresh_from_db()
    assert (job.state, job.variants) == ("cancelled", [])
    assert "cancelled" in page(client, job)


def test_a_worker_stops_when_the_proposal_is_cancelled_meanwhile(client, monkeypatch):
    draft()
    RoomFactory()
    ask(client, "propose")
    job = Suggestion.objects.get()
    monkeypatch.setattr("forum.suggestion.work.TOLD_EVERY", -1.0)

    def propose(problem, wish, watch):
        assert Suggestion.objects.get().cancel()
        watch()
        raise AssertionError("went on")

    monkeypatch.setattr("forum.suggestion.work.propose", propose)
    suggest()
    suggest()

    job.refresh_from_db()
    assert (job.state, job.variants) == ("cancelled", [])


def test_an_edition_without_anything_to_place_says_so(client):
    found = worked(client, "propose")

    assert "There is no session to place or to move." in page(client, found)


def test_many_moves_are_shown_by_day(client):
    for number in range(42):
        draft(title=f"Session {number:02}")
    for _room in range(4):
        RoomFactory()
    found = worked(client, "propose", until="12:00")

    html = page(client, found, "?variant=rooms")
    days = {row["after"]["day"] for row in found.variant("rooms")["moves"]}
    shown = html.count("not placed")

    assert "42 of 42" in html
    assert len(days) > 1
    assert 0 < shown < 42
    for day in days:
        assert f"variant=rooms&amp;day={day}" in html
    assert page(client, found, "?variant=rooms&day=nonsense").count("not placed")


def test_the_page_asks_no_more_for_ten_sessions_than_for_one(
    client, django_assert_max_num_queries
):
    RoomFactory()
    draft()
    one = worked(client, "propose")
    for _number in range(9):
        draft()
    ten = worked(client, "propose")
    page(client, one)

    for found in (one, ten):
        with django_assert_max_num_queries(12):
            page(client, found)
        with django_assert_max_num_queries(12):
            client.get(LIST)


def test_processes_of_the_web_do_not_load_the_solver():
    """It takes about 100 MB; all addresses, tasks and admin pages are loaded here."""
    code = (
        "import django, json, sys; django.setup();"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "import forum.suggestion.views, forum.suggestion.tasks, wsis_portal.celery;"
        "from django.urls import reverse; reverse('forum:editions');"
        "print(json.dumps([name for name in ('ortools', 'pandas', 'numpy')"
        " if name in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    loaded = json.loads(done.stdout.splitlines()[-1])

    assert loaded == []
    assert reverse("forum:suggestions", args=["2027"])
