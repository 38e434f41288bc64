"""The agenda of one day: which one is opened, what is on now, the table of rooms, the filters in
use."""

import datetime
import re

import brotli
import pytest
import time_machine

from tests.forum.agenda.test_agenda import address, all_days, many, titles
from tests.forum.records import (
    DAY,
    EditionFactory,
    RoomFactory,
    TrackFactory,
    at,
    officer,
    release,
    scheduled,
)
from tests.lists.forms import main_of
from tests.markup import compact

pytestmark = pytest.mark.django_db
NEXT_DAY = DAY + datetime.timedelta(days=1)
KB = 1024


@pytest.fixture
def programme():
    """Two rooms, two days: 10:00 and 14:00 on the first, 9:00 on the third."""
    edition = EditionFactory()
    rooms = [RoomFactory(name=name, building="") for name in ("Room 10", "Room 2")]
    scheduled(title="Opening", room=rooms[0], start=at(10), end=at(11))
    scheduled(
        title="Trust", room=rooms[1], start=at(10), end=at(12), action_lines=["C5"]
    )
    scheduled(title="Afternoon", room=rooms[1], start=at(14), end=at(15))
    later = DAY + datetime.timedelta(days=2)
    scheduled(
        title="Wednesday",
        room=rooms[0],
        start=at(9, 0, later),
        end=at(10, 0, later),
        track=TrackFactory(),
    )
    release(edition)
    return edition


def main(client, query="", edition=None):
    return compact(main_of(client.get(address(edition) + query).content.decode()))


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (at(10, 0, DAY - datetime.timedelta(days=9)), "Opening"),
        (at(10), "Opening"),
        (at(23, 30, NEXT_DAY), "Wednesday"),  # a day without sessions: the next one
        (at(0, 30, DAY + datetime.timedelta(days=2)), "Wednesday"),
        (at(10, 0, DAY + datetime.timedelta(days=4)), "Opening"),  # no day is left
        (at(10, 0, DAY + datetime.timedelta(days=90)), "Opening"),
    ],
)
def test_the_page_opens_on_today_while_the_forum_runs(client, programme, moment, shown):
    with time_machine.travel(moment, tick=False):
        page = client.get(address())

    assert titles(page)[0] == shown
    assert "Opening" not in titles(page) or "Wednesday" not in titles(page)


def test_today_is_that_of_the_venue_and_named(client):
    edition = EditionFactory(time_zone="Pacific/Auckland")
    zone = edition.zone
    for title, day in (("First", DAY), ("Second", NEXT_DAY)):
        start = at(9, 0, day, zone)
        scheduled(title=title, start=start, end=start + datetime.timedelta(hours=1))
    release(edition)

    with time_machine.travel(at(9, 30, NEXT_DAY, zone), tick=False):
        page = client.get(address())

    assert titles(page) == ["Second"]
    html = compact(main_of(page.content.decode()))
    assert re.search(r'aria-current="true">Today \(1\)</a>', html)
    assert "09:30 (time of Auckland)</time>" in html


def test_now_and_next_come_first(client, programme):
    with time_machine.travel(at(11, 30), tick=False):
        html = main(client)
    with time_machine.travel(at(11, 30), tick=False):
        other_day = main(client, "?day=2027-07-07")
    with time_machine.travel(at(16), tick=False):
        evening = main(client)

    section = html[html.index("Now and next") : html.index("</section>")]
    assert re.findall(r"<bdi>(\w+)</bdi></a>", section) == ["Trust", "Afternoon"]
    assert "11:30 (Geneva time)" in section
    assert '<time datetime="2027-07-05T08:00:00Z"' in section
    assert html.index("Now and next") < html.index('class="slots"')
    assert "Now and next" not in other_day + evening


def test_a_cancelled_session_is_not_on_now(client, programme):
    session = programme.sessions.get(title="Trust")
    session.move("cancel", officer(), "Because.")

    with time_machine.travel(at(10, 30), tick=False):
        html = main(client)

    section = html[html.index("Now and next") : html.index("</section>")]
    assert re.findall(r"<bdi>(\w+)</bdi></a>", section) == ["Opening", "Afternoon"]


def test_a_day_is_also_shown_as_a_table_of_rooms(client, programme):
    html = main(client, "?view=rooms&day=2027-07-05")

    table = html[html.index("<table") : html.index("</table>")]
    heads = re.findall(r'<th scope="col">(?:<bdi>)?([^<]+)', table)
    assert heads == ["Time", "Room 2", "Room 10"]
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", table)
    cells = [re.findall(r"<bdi>(\w+)</bdi></a>|<td></td>", row) for row in rows]
    assert [re.search(r"\d\d:\d\d", row)[0] for row in rows] == ["10:00", "14:00"]
    assert cells == [["Trust", "Opening"], ["Afternoon", ""]]
    assert '<caption id="rooms-title">Mon, 5 July (Geneva time)</caption>' in table
    assert '<ol class="slots">' in html  # phones show the list
    assert "<table" not in main(client, "?view=rooms&action_line=C5")


def test_each_filter_in_use_is_a_chip_that_takes_it_away(client, programme):
    query = "?day=2027-07-05&action_line=C5&action_line=C7-EGOV&sdg=9&q=trust"

    html = main(client, query)

    chips = html[html.index('class="chips"') :]
    chips = chips[: chips.index("</ul>")]
    links = re.findall(r'href="(\?[^"]*)"><bdi>([^<]*)</bdi>', chips)
    assert [label.split()[0] for _query, label in links] == [
        "“trust”",
        "Mon,",
        "C5",
        "C7-EGOV",
        "9",
    ]
    for link, _label in links:
        taken = client.get(address() + link.replace("&amp;", "&"))
        assert len(taken.context["page"].chips) == 4
    assert 'class="chips"' not in main(client)


def test_the_filters_are_folded_away_and_keep_words_and_day(client, programme):
    html = main(client, "?day=2027-07-05&q=trust")

    assert '<details class="facets"><summary>Filter the agenda</summary>' in html
    form = html[html.index('aria-label="Filter the agenda"') :]
    assert '<input type="hidden" name="day" value="2027-07-05">' in form
    assert '<input type="hidden" name="q" value="trust">' in form
    search = html[html.index('role="search"') : html.index("</form>")]
    assert 'name="day"' not in search  # words are looked for on all days


def test_all_days_leads_to_what_the_filters_find(client, programme):
    plain = main(client)
    filtered = main(client, "?day=2027-07-05&action_line=C7-EGOV")

    assert 'href="/en/forum/2027/agenda/all/?">All days' in plain
    assert 'href="?action_line=C7-EGOV">All days' in filtered
    assert titles(client.get(all_days())) == [
        "Opening",
        "Trust",
        "Afternoon",
        "Wednesday",
    ]


def test_sessions_without_a_known_day_follow_those_of_the_opened_day(client, programme):
    programme.programme.filter(title="Afternoon").update(
        precision="month", start=None, end=None
    )

    assert titles(client.get(address())) == ["Opening", "Trust", "Afternoon"]


@pytest.mark.parametrize("query", ["", "?view=rooms&day=2027-07-05"])
def test_a_day_of_a_full_agenda_is_light(client, django_assert_max_num_queries, query):
    edition = many(250)

    with django_assert_max_num_queries(15):
        html = client.get(address(edition) + query).content

    assert len(brotli.compress(html, quality=5)) <= 14 * KB
