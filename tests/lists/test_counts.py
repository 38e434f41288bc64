"""The number beside a filter is what the list shows when it is chosen, whatever else is in use."""

import datetime
import re
from collections import Counter
from html import unescape

import pytest

from tests.forum.records import (
    DAY,
    RoomFactory,
    SessionTypeFactory,
    TrackFactory,
    at,
    release,
)
from tests.forum.records import scheduled as planned
from tests.lists.forms import main_of
from tests.markup import compact

pytestmark = pytest.mark.django_db
AGENDA = "/en/forum/2027/agenda/"
BOX = re.compile(
    r'<input type="checkbox" name="(\w+)" value="([^"]+)"( checked)?><span>[^<]*</span>'
    r"<span>(\d+)</span>"
)
DAY_CHIP = re.compile(r'href="\?([^"]*)"[^>]*>[^<(]*\((\d+)\)</a>')
TOTAL = re.compile(r"<h2>(\d+) sessions?</h2>")


@pytest.fixture
def agenda():
    """Twelve sessions: two types, two tracks, three rooms, three days, two action lines."""
    types = [SessionTypeFactory(code=code, name=code) for code in ("WORKSHOP", "PANEL")]
    tracks = [TrackFactory(code=code, name=code) for code in ("YOUTH", "GENDER")]
    rooms = [RoomFactory(name=name) for name in ("Room 10", "Room 2", "Room 1")]
    sessions = [
        planned(
            title=f"Talk {'radio' if n % 3 else 'mesh'} {n}",
            type=types[n % 2],
            track=tracks[n // 6],
            room=rooms[n % 3],
            action_lines=["C1"] if n % 4 else ["C1", "C7-EGOV"],
            start=at(8 + n // 3, day=DAY + datetime.timedelta(days=n % 3)),
            end=at(9 + n // 3, day=DAY + datetime.timedelta(days=n % 3)),
        )
        for n in range(12)
    ]
    release(sessions[0].edition)
    return sessions


def agenda_page(client, query):
    """The page without the white space beside its tags."""
    return compact(client.get(f"{AGENDA}?{query}").content.decode())


def number_shown(client, query):
    return int(TOTAL.search(agenda_page(client, query))[1])


ASKED = [
    "",
    "type=PANEL",
    "q=radio",
    "day=2027-07-06",
    "type=PANEL&track=YOUTH",
    "action_line=C7-EGOV&type=WORKSHOP",
    "day=2027-07-05&track=GENDER&q=mesh",
    "type=PANEL&type=WORKSHOP&action_line=C1",
    "tz=Asia/Kathmandu&type=PANEL",
    "q=",
]


@pytest.mark.parametrize("asked", ASKED)
def test_each_number_of_the_agenda_is_what_its_choice_shows(client, agenda, asked):
    main = main_of(agenda_page(client, asked))

    boxes = BOX.findall(main)
    chips = DAY_CHIP.findall(main)

    assert boxes
    assert chips
    for name, value, checked, number in boxes:
        others = "&".join(
            part for part in asked.split("&") if not part.startswith(f"{name}=")
        )
        assert number_shown(client, f"{others}&{name}={value}") == int(number), (
            name,
            value,
        )
        assert bool(checked) == (f"{name}={value}" in asked)
    for query, number in chips:
        assert number_shown(client, unescape(query)) == int(number), query


def test_the_numbers_are_a_plain_recount_of_the_programme(client, agenda):
    main = main_of(client.get(f"{AGENDA}?type=PANEL").content.decode())

    panels = [session for session in agenda if session.type_id == "PANEL"]
    shown = {
        (name, value): int(number)
        for name, value, _checked, number in BOX.findall(main)
    }
    assert shown["track", "YOUTH"] == sum(
        session.track_id == "YOUTH" for session in panels
    )
    assert shown["type", "WORKSHOP"] == 6
    days = Counter(session.day for session in panels)
    assert [int(number) for _query, number in DAY_CHIP.findall(main)] == [
        days[DAY + datetime.timedelta(days=n)] for n in range(3)
    ]


def test_an_agenda_without_a_hit_keeps_days_and_facets(client, agenda):
    main = main_of(client.get(f"{AGENDA}?q=zzqqxx").content.decode())

    assert "No session matches these filters." in main
    assert {name for name, *_rest in BOX.findall(main)} >= {
        "type",
        "track",
        "room",
        "action_line",
    }
    assert [int(number) for _query, number in DAY_CHIP.findall(main)] == [0, 0, 0]


def test_rooms_among_the_filters_stand_by_their_number(client, agenda):
    main = main_of(client.get(AGENDA).content.decode())

    rooms = re.findall(r'name="room" value="\d+"><span>([^<]*)</span>', main)
    assert [room.split(",")[0] for room in rooms] == ["Room 1", "Room 2", "Room 10"]


def test_the_agenda_asks_as_much_of_the_database_for_ten_sessions_as_for_one(
    client, agenda, django_assert_max_num_queries
):
    client.get(f"{AGENDA}?type=PANEL&q=radio")

    with django_assert_max_num_queries(16):
        client.get(f"{AGENDA}?type=PANEL&q=radio&track=YOUTH")
