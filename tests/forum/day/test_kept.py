"""The list of an agenda is drawn once for readers without an account, and never shows what was."""

import datetime

import pytest
import time_machine
from django.test import Client

from forum.day import kept
from forum.session.models import Session
from tests.factories import UserFactory
from tests.forum.records import DAY, EditionFactory, at, officer, release, scheduled

pytestmark = pytest.mark.django_db
AGENDA = "/en/forum/2027/agenda/"


@pytest.fixture
def sessions():
    edition = EditionFactory()
    made = [
        scheduled(edition=edition, title=title, start=at(hour), end=at(hour + 1))
        for title, hour in (("Villages", 9), ("Islands", 11))
    ]
    release(edition)
    return made


def read(address=AGENDA, client=None):
    return (client or Client()).get(address).content.decode()


def test_the_second_reader_gets_what_was_drawn_for_the_first(sessions, monkeypatch):
    first = read()
    monkeypatch.setattr(kept, "render_to_string", None)

    second = read()

    assert "Villages" in first
    assert second.count('class="slot slot-released"') == 2
    assert first.partition('id="results"')[2] == second.partition('id="results"')[2]


@pytest.mark.parametrize("move", ["cancel", "postpone"])
def test_a_change_is_shown_with_its_release(sessions, move):
    read()
    sessions[0].move(move, officer(), "The speaker has fallen ill.")
    if move == "postpone":
        assert "The speaker has fallen ill." not in read()
        release()

    assert "The speaker has fallen ill." in read()


def test_a_new_title_is_shown_with_its_mark_until_the_session_is_over(sessions):
    read()
    Session.objects.filter(pk=sessions[0].pk).update(title="Towns")
    assert "Towns" not in read()
    release()

    assert "<del><bdi>Villages</bdi></del>" in read()
    with time_machine.travel(at(12) + datetime.timedelta(days=1), tick=False):
        after = read()
    assert "Towns" in after
    assert "<del>" not in after


@pytest.mark.parametrize(
    ("address", "shown", "hidden"),
    [
        ("/ar/forum/2027/agenda/", 'lang="en"', "On site and online"),
        (f"{AGENDA}?q=islands", "Islands", "Villages"),
        (f"{AGENDA}?tz=Asia/Tokyo", "16:00–17:00", "nothing"),
        (f"{AGENDA}?day={DAY + datetime.timedelta(days=1)}", "", "Villages"),
    ],
)
def test_what_is_asked_in_another_way_is_drawn_for_itself(
    sessions, address, shown, hidden
):
    read()

    page = read(address)

    assert shown in page
    assert hidden not in page


def test_somebody_with_an_account_has_buttons_that_no_other_reader_gets(sessions):
    member = Client()
    member.force_login(UserFactory())

    mine, public, again = read(client=member), read(), read(client=member)

    assert mine.count('class="stars"') == again.count('class="stars"') == 2
    assert 'class="stars"' not in public
    assert "csrfmiddlewaretoken" not in public.partition('id="results"')[2]


def test_a_draft_is_never_kept(sessions, settings):
    settings.REQUIRE_STAFF_MFA = False
    scheduled(title="Secret", start=at(15), end=at(16))
    desk = Client()
    desk.force_login(officer())

    draft = read(f"{AGENDA}?draft=1", desk)

    assert "Secret" in draft
    assert "Secret" not in read()
