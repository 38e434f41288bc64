"""The agenda page: filters, times in two zones, draft and release, weight and queries."""

import datetime
import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from forum.agenda.models import Star
from forum.session.description import Mode
from forum.session.models import Session
from tests.factories import UserFactory
from tests.forum.records import (
    DAY,
    EditionFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    SessionTypeFactory,
    TrackFactory,
    at,
    officer,
    release,
    released,
    scheduled,
)

pytestmark = pytest.mark.django_db
KB = 1024
STATIC = re.compile(r'(?:src|href)="/static/([^"?]+)"')


def address(edition=None):
    return reverse("forum:agenda", args=[(edition or EditionFactory()).slug])


def all_days(edition=None):
    return f"{address(edition)}all/"


def titles(response):
    return [row.title for row in response.context["page"].rows]


@pytest.fixture
def programme():
    """Three sessions that differ in everything one may ask for."""
    evening = at(18), at(19)
    next_day = DAY + datetime.timedelta(days=1)
    first = scheduled(
        title="Villages",
        action_lines=["C4"],
        sdgs=["4"],
        mode=Mode.BOTH,
        track=TrackFactory(code="YOUTH"),
        type=SessionTypeFactory(code="WORKSHOP"),
    )
    second = scheduled(
        title="Trust",
        action_lines=["C5", "C1"],
        sdgs=["16"],
        mode=Mode.REMOTE,
        language="fr",
        description="De la confiance",
        start=evening[0],
        end=evening[1],
        type=SessionTypeFactory(code="HLD", name="Dialogue"),
    )
    third = scheduled(
        title="Later",
        action_lines=["C5"],
        sdgs=["9"],
        start=at(9, 0, next_day),
        end=at(10, 0, next_day),
        room=first.room,
    )
    release()
    return first, second, third


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Villages", "Trust"]),
        ("day=2027-07-06", ["Later"]),
        ("day=2027-07-06&action_line=C5&sdg=9", ["Later"]),
        ("action_line=C5", ["Trust", "Later"]),
        ("action_line=C1&action_line=C4", ["Villages", "Trust"]),
        ("sdg=16", ["Trust"]),
        ("action_line=C5&sdg=9", ["Later"]),
        ("type=HLD", ["Trust"]),
        ("track=YOUTH", ["Villages"]),
        ("language=fr", ["Trust"]),
        ("mode=remote", ["Trust"]),
        ("q=confiance", ["Trust"]),
        ("q=villages&sdg=16", []),
        ("tz=Asia/Tokyo", ["Villages", "Trust"]),
        ("room=", ["Villages", "Trust"]),
    ],
)
def test_filters(client, programme, query, found):
    assert titles(client.get(f"{address()}?{query}")) == found


@pytest.mark.parametrize("query", ["", "tz=Asia/Tokyo", "room="])
def test_all_days_have_an_address_of_their_own(client, programme, query):
    everything = titles(client.get(f"{all_days()}?{query}"))

    assert everything == ["Villages", "Trust", "Later"]


def test_filter_by_room(client, programme):
    response = client.get(f"{address()}?room={programme[0].room_id}")

    assert titles(response) == ["Villages", "Later"]


@pytest.mark.parametrize(
    ("query", "name", "sentence"),
    [
        ("colour=red", "colour", "There is no filter with this name."),
        ("day=yesterday", "day", "Enter a valid date."),
        (
            "action_line=C99",
            "action_line",
            "Select a valid choice. C99 is not one of the available choices.",
        ),
        (
            "tz=Mars/Olympus",
            "tz",
            "Select a valid choice. Mars/Olympus is not one of the available choices.",
        ),
        (
            "room=9999999999999999999999",
            "room",
            "Select a valid choice. 9999999999999999999999 is not one of the available choices.",
        ),
        (
            "track=x%22y",
            "track",
            'Select a valid choice. x"y is not one of the available choices.',
        ),
        ("draft=1", "draft", "There is no filter with this name."),
    ],
)
def test_a_question_that_is_not_understood_gets_a_sentence(
    client, programme, query, name, sentence
):
    response = client.get(f"{address()}?{query}")

    assert response.status_code == 400
    assert response.context["filters"].problems == {name: [sentence]}


def test_facets_count_under_the_other_filters_and_keep_what_is_chosen(
    client, programme
):
    response = client.get(f"{address()}?action_line=C5")

    (facet,) = [f for f in response.context["facets"] if f.name == "action_line"]
    assert [(v.code, v.count, v.selected) for v in facet.values] == [
        ("C1", 1, False),
        ("C4", 1, False),
        ("C5", 2, True),
    ]
    assert response.context["day_counts"] == [
        (DAY, 1),
        (DAY + datetime.timedelta(days=1), 1),
    ]


def hours(response):
    text = response.content.decode()
    return re.findall(
        r'<bdi dir="ltr">(?:<time[^>]+>)?([^<]+)(?:</time>)?</bdi>'
        r'(?:<span><bdi dir="ltr">([^<]+)</bdi>)?',
        text,
    )


def test_times_are_those_of_the_place_and_of_a_zone_that_is_asked_for(
    client, programme
):
    event_only = hours(client.get(all_days()))
    asked = hours(client.get(f"{all_days()}?tz=Asia/Tokyo"))
    client.force_login(UserFactory(time_zone="America/New_York"))
    of_profile = hours(client.get(all_days()))

    assert event_only == [("10:00–11:00", ""), ("18:00–19:00", ""), ("09:00–10:00", "")]
    assert asked[0] == ("10:00–11:00", "17:00–18:00")
    assert asked[1] == ("18:00–19:00", "01:00–02:00 (6 Jul 2027)")
    assert of_profile == event_only  # the browser knows it better (static/js/times.js)


@pytest.mark.parametrize(
    ("day", "local"),
    [(datetime.date(2026, 10, 24), "08:00"), (datetime.date(2026, 10, 26), "09:00")],
)
def test_readers_times_follow_the_change_of_clocks(client, day, local):
    released(start=at(10, 0, day), end=at(11, 0, day))

    response = client.get(f"{address()}?tz=UTC")

    assert hours(response)[0] == ("10:00–11:00", f"{local}–{int(local[:2]) + 1:02d}:00")


def test_the_public_reads_the_last_release_and_staff_the_draft(client, programme):
    Session.objects.filter(pk=programme[0].pk).update(title="Renamed")
    SessionFactory(title="Only planned")

    public = titles(client.get(all_days()))
    client.force_login(officer())
    staff = titles(client.get(all_days()))
    draft = titles(client.get(f"{all_days()}?draft=1"))

    assert public == staff == ["Villages", "Trust", "Later"]
    assert sorted(draft) == ["Later", "Only planned", "Renamed", "Trust"]


@pytest.mark.parametrize("query", ["action_line=C5", "sdg=9", "q=villages", "type=HLD"])
def test_the_draft_takes_the_same_filters(client, programme, query):
    client.force_login(officer())

    both = [
        titles(client.get(f"{address()}?{query}{more}")) for more in ("", "&draft=1")
    ]

    assert both[0] == both[1]


def test_stars_need_no_script(client, programme):
    user = UserFactory()
    client.force_login(user)
    star = reverse("forum:star", args=[programme[0].pk])

    client.post(star, {"star": "1"})
    client.post(star, {"star": "1"})  # a second click
    on = Star.objects.filter(user=user).count()
    listed = client.get(reverse("forum:my-agenda")).content.decode()
    back = client.post(star, {"star": "0", "next": f"{address()}#s1"})
    away = client.post(star, {"star": "0", "next": "https://evil.example/"})

    assert (on, Star.objects.count()) == (1, 0)
    assert "Villages" in listed
    assert (back.url, away.url) == (f"{address()}#s1", programme[0].get_absolute_url())


def many(count):
    """A programme as full as a Forum's: sessions in fifteen rooms over five days."""
    edition, rooms = EditionFactory(), [RoomFactory() for _room in range(15)]
    people = [PersonFactory() for _person in range(20)]
    for number in range(count):
        day = DAY + datetime.timedelta(days=number // 75 % 5)
        hour = 8 + number // 15 % 5 * 2
        scheduled(
            edition=edition,
            room=rooms[number % 15],
            start=at(hour, 0, day),
            end=at(hour + 1, 0, day),
            title=f"Session {number} on digital cooperation",
            action_lines=["C1", "C5", "C7-EGOV"],
            sdgs=["9", "17"],
            speakers=people[number % 15 : number % 15 + 1],
        )
    release(edition)
    return edition


@pytest.mark.parametrize("rows", [1, 10])
def test_agenda_queries(client, django_assert_num_queries, rows):
    edition = many(rows)
    client.get(address(edition))

    with django_assert_num_queries(4):  # edition, sessions, their edition, last release
        response = client.get(address(edition))

    assert len(titles(response)) == rows


def test_a_full_agenda_is_light(client, django_assert_max_num_queries):
    edition = many(250)
    people = {"anonymous": None, "member": UserFactory(), "secretariat": officer()}
    for name, user in people.items():
        if user:
            client.force_login(user)
        query = "?draft=1" if name == "secretariat" else ""

        with django_assert_max_num_queries(15):
            response = client.get(f"{all_days(edition)}{query}")

        html = response.content
        files = [Path(finders.find(path)) for path in STATIC.findall(html.decode())]
        sizes = [len(brotli.compress(path.read_bytes(), quality=9)) for path in files]
        assert len(titles(response)) == 250
        assert len(brotli.compress(html, quality=5)) + sum(sizes) <= 60 * KB
