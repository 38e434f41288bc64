"""The two marks that a person sets beside a session, on the pages and in the calendar."""

import pytest
from django.urls import reverse
from icalendar import Calendar

from forum.agenda.models import CalendarKey, Star
from tests.factories import UserFactory
from tests.forum.agenda.test_agenda import address
from tests.forum.records import PersonFactory, at, released
from tests.lists.forms import main_of
from tests.markup import compact

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


def mark(client, session, level):
    answer = client.post(
        reverse("forum:star", args=[session.pk]), {"star": level}, follow=True
    )
    return compact(answer.content.decode())


def test_a_session_is_marked_in_one_of_two_ways(client, reader):
    session = released()
    levels = []
    for level in ("interested", "attend", "attend", "1", "sure", "interested", "0"):
        mark(client, session, level)
        levels.append(list(Star.objects.values_list("level", flat=True)))

    assert levels == [
        ["interested"],
        ["attend"],
        ["attend"],
        ["attend"],
        ["attend"],
        ["interested"],
        [],
    ]


def test_the_agenda_shows_which_mark_is_set(client, reader):
    session = released(title="Villages")
    mark(client, session, "interested")

    html = compact(main_of(client.get(address()).content.decode()))

    form = html[html.index('class="stars"') :]
    assert 'value="attend" aria-pressed="false"' in form
    assert 'value="0" aria-pressed="true" data-on' in form


def test_a_clash_is_named_between_two_that_one_will_attend(client, reader):
    first = released(title="First", start=at(10), end=at(11))
    second = released(title="Second", start=at(10, 30), end=at(12))
    after = released(title="After", start=at(11), end=at(12))
    told = "At the same time as: First"

    mark(client, first, "attend")
    interested = mark(client, second, "interested")
    sure = mark(client, second, "attend")
    touching = mark(client, after, "interested")

    assert told not in interested
    assert told in sure
    assert "At the same time" not in touching.partition("<h1")[0]


def test_a_session_in_which_one_speaks_clashes_too(client, reader):
    released(title="Own", speakers=[PersonFactory(user=reader)])
    other = released(title="Other", start=at(10, 30), end=at(12))

    assert "At the same time as: Own" in mark(client, other, "attend")


def test_my_agenda_shows_both_and_warns_only_of_those_to_attend(client, reader):
    rows = [
        released(title=title, start=at(10, n), end=at(11, n))
        for n, title in enumerate(["One", "Two", "Three"])
    ]
    for session, level in zip(rows, ("attend", "attend", "interested"), strict=True):
        Star.objects.create(user=reader, session=session, level=level)

    html = compact(main_of(client.get(reverse("forum:my-agenda")).content.decode()))

    assert html.count('<span class="tag tag-accepted">Will attend</span>') == 2
    assert html.count('<span class="tag">Interested</span>') == 1
    assert html.count("At the same time as:") == 2
    three = html[html.index(f'id="s{rows[2].pk}"') :]
    assert "At the same time as:" not in three


def test_the_calendar_keeps_the_time_of_an_interesting_session_free(client, reader):
    sure, interesting = released(title="Sure"), released(title="Interesting")
    Star.objects.create(user=reader, session=sure)
    Star.objects.create(user=reader, session=interesting, level=Star.Level.INTERESTED)
    key = CalendarKey.objects.create(user=reader)

    calendar = Calendar.from_ical(client.get(key.get_absolute_url()).content)

    events = {str(e["summary"]): e for e in calendar.walk("VEVENT")}
    assert events["Sure"]["status"] == "CONFIRMED"
    assert "transp" not in events["Sure"]
    assert events["Interesting"]["status"] == "TENTATIVE"
    assert events["Interesting"]["transp"] == "TRANSPARENT"
