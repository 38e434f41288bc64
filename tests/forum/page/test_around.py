"""What stands around a session: before and after in its room, track and day, and beside it."""

import datetime

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from tests.forum.records import (
    EditionFactory,
    RoomFactory,
    SessionFactory,
    TrackFactory,
    at,
    officer,
    release,
    scheduled,
)

pytestmark = pytest.mark.django_db


def around(client, session, language="en"):
    page = client.get(f"/{language}/forum/sessions/{session.pk}/").content.decode()
    _before, found, rest = page.partition('aria-labelledby="around"')
    return rest.partition("</section>")[0] if found else ""


def words(html):
    return " ".join(strip_tags(html).split())


@pytest.fixture
def programme():
    """Three rooms on one day; the session in question is from ten to eleven in the first."""
    edition = EditionFactory()
    hall, studio = (RoomFactory(name=name, building="") for name in ("Hall", "Studio"))
    track = TrackFactory()
    rows = {
        "opening": (hall, 8, 9, None),
        "hall before": (hall, 9, 10, None),
        "this": (hall, 10, 11, track),
        "hall after": (hall, 11, 12, track),
        "hall late": (hall, 14, 15, None),
        "studio beside": (studio, 10, 12, None),
        "track before": (studio, 8, 9, track),
        "studio later": (studio, 12, 13, track),
    }
    made = {
        title: scheduled(
            edition=edition,
            title=title,
            room=room,
            start=at(start),
            end=at(end),
            track=group,
        )
        for title, (room, start, end, group) in rows.items()
    }
    next_day = datetime.date(2027, 7, 6)
    scheduled(
        title="another day",
        room=hall,
        start=at(9, day=next_day),
        end=at(10, day=next_day),
    )
    gone = scheduled(title="gone", room=studio, start=at(9), end=at(10))
    SessionFactory(title="only planned", room=hall, start=at(13), end=at(14))
    release()
    gone.move("cancel", officer(), "Ill.")
    return made


def test_neighbours_in_room_track_and_day_and_what_is_at_the_same_time(
    client, programme
):
    text = words(around(client, programme["this"]))

    for line in (
        "In the same room Before 09:00–10:00 hall before Hall After 11:00–12:00 hall after",
        "In the same track Before 08:00–09:00 track before Studio After 11:00–12:00 hall after",
        "On the same day Before 09:00–10:00 hall before Hall After 11:00–12:00 hall after",
        "1 session at the same time 10:00–12:00 studio beside",
    ):
        assert line in text
    assert not {"another day", "gone", "only planned", "hall late"} & {
        title
        for title in ("another day", "gone", "only planned", "hall late")
        if title in text
    }


def test_it_links_to_the_sessions_in_the_readers_language(client, programme):
    html = around(client, programme["this"], "ar")

    after = reverse("forum:session", args=[programme["hall after"].pk])
    assert after.replace("/en/", "/ar/") in html
    assert 'lang="en"' in html


def test_the_first_session_of_a_room_has_only_one_after_it(client, programme):
    text = words(around(client, programme["opening"]))

    assert "In the same room After 09:00–10:00 hall before" in text
    assert "In the same room Before" not in text


def test_nothing_is_said_where_there_is_nothing(client):
    alone = scheduled()
    day_only = SessionFactory(
        start=None,
        end=None,
        day=datetime.date(2027, 7, 8),
        precision="day",
        source="A list",
    )
    day_only.move("schedule", officer())
    release()

    assert around(client, alone) == ""
    assert around(client, day_only) == ""


@pytest.mark.parametrize("rows", [1, 10])
def test_session_page_queries(client, django_assert_num_queries, rows):
    session = scheduled()
    for _row in range(rows):
        scheduled(room=RoomFactory())
    release()
    address = reverse("forum:session", args=[session.pk])
    client.get(address)

    # planned and released session, its outcome, minutes, polls and documents, the day around
    with django_assert_num_queries(7):
        page = client.get(address).content

    assert len(page) < 60_000
    assert b"at the same time" in page
