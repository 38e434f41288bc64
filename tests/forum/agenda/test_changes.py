"""What changes in a released agenda: frozen until the next release, then told as old → new."""

import datetime
import io
import json

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation
from icalendar import Calendar

from common.mail.models import OutgoingMail
from forum.agenda.models import AgendaRelease, ReleasedSession, Star
from forum.announcement.tasks import tell_of_releases
from forum.room.models import Room, SessionType, Track
from forum.session.models import Session
from tests.factories import UserFactory
from tests.forum.records import (
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
def no_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


def page(name, *args):
    return Client().get(reverse(name, args=args)).content.decode()


def event(session):
    text = Client().get(reverse("forum:session-calendar", args=[session.pk])).content
    (found,) = Calendar.from_ical(text).walk("VEVENT")
    return str(found["location"]), int(found["sequence"]), found["dtstamp"].dt


def mails():
    OutgoingMail.objects.all().delete()
    tell_of_releases()
    return {mail.to: mail for mail in OutgoingMail.objects.all()}


def starred(session, **values):
    user = UserFactory(**values)
    Star.objects.create(user=user, session=session)
    return user


def test_a_room_renamed_at_the_desk_is_public_with_the_next_release_only():
    room = RoomFactory(name="Popov", building="ITU Tower")
    session = released(room=room, track=TrackFactory())
    reader = starred(session)
    mails()
    before, old_hash = event(session), ReleasedSession.objects.get().content_hash
    desk = Client()
    desk.force_login(officer())
    desk.post(
        reverse("admin:forum_room_change", args=[room.pk]),
        {
            "edition": room.edition_id,
            "name": "Salle Łódź",
            "building": "ITU Montbrillant",
            "hours-TOTAL_FORMS": 0,
            "hours-INITIAL_FORMS": 0,
            "booths": 0,
        },
    )
    SessionType.objects.filter(pk=session.type_id).update(name_en="Renamed type")
    Track.objects.filter(pk=session.track_id).update(name_en="Renamed track")
    assert Room.objects.get(pk=room.pk).name == "Salle Łódź"

    frozen = [page("forum:agenda", "2027"), page("forum:session", session.pk)]
    api = Client().get(f"/api/v1/forum/sessions/{session.pk}/").json()
    after_rename = event(session)

    assert after_rename == before
    for html in frozen:
        assert "Popov, ITU Tower" in html
        assert not any(new in html for new in ("Łódź", "Renamed type", "Renamed track"))
    assert (api["room"], api["names"]["track"]) == (
        "Popov, ITU Tower",
        "ICTs and Youth",
    )

    made = release(name="New names")

    location, sequence, stamp = event(session)
    assert (location, sequence) == ("Salle Łódź, ITU Montbrillant", 1)
    assert stamp >= before[2]
    assert ReleasedSession.objects.get().content_hash != old_hash
    assert made.changes["changed"][0]["fields"] == ["room", "type", "track"]
    body = mails()[reader.email].body
    assert "Room: Popov, ITU Tower → Salle Łódź, ITU Montbrillant" in body
    assert "Track: ICTs and Youth → Renamed track" in body


def test_a_moved_session_is_told_with_old_and_new_time_and_room_everywhere():
    edition = EditionFactory(slug="ktm", time_zone="Asia/Kathmandu")
    kathmandu = edition.zone
    session = released(
        edition=edition,
        room=RoomFactory(name="Annapurna", building="", edition=edition),
        start=at(9, zone=kathmandu),
        end=at(10, zone=kathmandu),
    )
    reader = starred(session)
    mails()
    Session.objects.filter(pk=session.pk).update(
        start=at(16, 15, zone=kathmandu),
        end=at(17, 15, zone=kathmandu),
        room=RoomFactory(name="Machhapuchhre", building="", edition=edition),
    )
    made = release(edition, name="Moved")

    body = mails()[reader.email].body
    time = (
        "Time: Monday, 5 July 2027, 09:00–10:00 (time of Kathmandu) → "
        "Monday, 5 July 2027, 16:15–17:15 (time of Kathmandu)"
    )
    assert time in body
    assert "Room: Annapurna → Machhapuchhre" in body
    page_of_release = page("forum:release", "ktm", made.number)
    feed = Client().get(reverse("forum:feed")).content.decode()
    old, new = time.removeprefix("Time: ").split(" → ")
    assert f"<bdi>{old}</bdi>" in page_of_release
    assert f"<strong><bdi>{new}</bdi></strong>" in page_of_release
    assert f"{old} → {new}" in feed
    for html in (page("forum:agenda", "ktm"), page("forum:session", session.pk)):
        assert "moved</span>" in html
        assert f"<del><bdi>{old}</bdi></del>" in html
        assert "<del><bdi>Annapurna</bdi></del>" in html
    answer = Client().get("/api/v1/forum/editions/ktm/releases/").json()
    (change,) = answer["results"][-1]["changes"]
    assert [(one["part"], one["old"], one["new"]) for one in change["differences"]] == [
        ("time", old, new),
        ("room", "Annapurna", "Machhapuchhre"),
    ]
    row = Client().get(f"/api/v1/forum/sessions/{session.pk}/").json()
    assert row["changed_from"] == {"time": old, "room": "Annapurna"}


def test_a_mark_goes_when_the_session_is_over(client):
    yesterday = datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=1)
    session = released(
        title="Villages", start=at(10, day=yesterday), end=at(11, day=yesterday)
    )
    Session.objects.filter(pk=session.pk).update(title="Towns")
    release(name="Towns")

    assert ReleasedSession.objects.get().marks == {"title": {"title": "Villages"}}
    assert "tag-changed" not in page("forum:agenda", "2027")


def test_a_session_held_after_all_is_announced_as_that():
    session = released(title="Villages")
    reader = starred(session)
    mails()
    session.move("cancel", officer(), "The speaker is ill.")
    cancelled = mails()[reader.email].body
    session.refresh_from_db()
    session.move("restore", officer(), "She is well again.")
    made = release(name="Held")

    body = mails()[reader.email].body
    assert "Cancelled: Villages" in cancelled
    assert "Held after all: Villages" in body
    assert "10:00–11:00 (Geneva time)" in body
    assert "<h2>Held after all (1)</h2>" in page("forum:release", "2027", made.number)


def test_authors_and_speakers_are_told_of_the_first_slot():
    author, speaker = UserFactory(), UserFactory(language="fr")
    room = RoomFactory(name="Room L", building="CICG")
    scheduled(
        title="Villages",
        owner=author,
        speakers=[PersonFactory(user=speaker)],
        room=room,
    )
    release()

    told = mails()

    mail = told[author.email]
    assert set(told) == {author.email, speaker.email}
    assert mail.subject == "Forum 2027: time and room of your session"
    assert (
        "Villages\nMonday, 5 July 2027, 10:00–11:00 (Geneva time)\nRoom: Room L, CICG"
        in (mail.body)
    )


def test_the_arrow_points_the_way_one_reads():
    session = released(room=RoomFactory(name="Popov", building=""))
    reader = starred(session, language="ar")
    mails()
    Session.objects.update(room=RoomFactory(name="Room L", building=""))
    release(name="Moved")

    body = mails()[reader.email].body
    assert "\u2068Popov\u2069 ← \u2068Room L\u2069" in body


def test_names_of_types_are_frozen_in_all_six_languages():
    session_type = SessionType.objects.create(
        code="FISH", name_en="Fish bowl", name_fr="Bocal", name_ar="حوض"
    )
    session = released(type=session_type)
    SessionType.objects.filter(pk="FISH").update(name_fr="Aquarium")

    with translation.override("fr"):
        html = (
            Client().get(reverse("forum:session", args=[session.pk])).content.decode()
        )

    assert "Bocal" in html
    assert "Aquarium" not in html


@pytest.mark.parametrize("rows", [2, 40])
def test_a_release_asks_no_more_of_many_sessions(django_assert_max_num_queries, rows):
    edition = EditionFactory()
    room = RoomFactory(edition=edition)
    for number in range(rows):
        day = datetime.date(2027, 7, 5) + datetime.timedelta(days=number // 12)
        scheduled(
            edition=edition,
            room=room,
            start=at(8 + number % 12, day=day),
            end=at(8 + number % 12, 45, day=day),
            speakers=[PersonFactory()],
        )

    with django_assert_max_num_queries(40):
        release(edition)
    Session.objects.filter(pk=Session.objects.first().pk).update(title="Changed")
    with django_assert_max_num_queries(40):
        made = release(edition, name="One title")

    assert ReleasedSession.objects.count() == rows
    assert [len(made.changes["changed"]), made.number] == [1, 2]


def test_what_a_release_keeps_is_plain_json():
    released()
    call_command("check", stdout=io.StringIO())

    release_row = AgendaRelease.objects.get()

    assert json.loads(json.dumps(release_row.content))[0]["room_name"].startswith(
        "Room "
    )
