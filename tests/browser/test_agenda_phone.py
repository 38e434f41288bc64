"""The agenda on a phone: the first session without scrolling, a named speaker in four taps, and
for everybody while the Forum runs. SCREENSHOTS=folder keeps the pictures."""

import datetime

import pytest
from django.utils import timezone, translation
from playwright.sync_api import expect

from forum.agenda.models import Star
from tests.browser.test_pages import sign_in, walk
from tests.factories import UserFactory
from tests.forum.records import (
    EditionFactory,
    PersonFactory,
    RoomFactory,
    release,
    scheduled,
)

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def running():
    """A Forum that began yesterday: a session now, others next and tomorrow."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    today = now.date()
    edition = EditionFactory(
        title="WSIS Forum 2027",
        time_zone="UTC",
        start_date=today - datetime.timedelta(days=1),
        end_date=today + datetime.timedelta(days=3),
    )
    rooms = [RoomFactory(name=f"Room {letter}") for letter in "ABCDEF"]
    for number, room in enumerate(rooms):
        start = now + datetime.timedelta(hours=0 if number < 3 else 24 * (number - 2))
        scheduled(
            edition=edition,
            title=f"Digital cooperation and the villages of the world {number}",
            room=room,
            start=start,
            end=start + datetime.timedelta(hours=1, minutes=5),
            speakers=[PersonFactory(name=f"Łucja Kąkol {number}")],
        )
    release(edition)
    return edition


@pytest.mark.parametrize("language", ["en", "ar", "fr", "ru"])
@pytest.mark.parametrize("query", ["", "?day={day}"])
def test_the_first_session_is_seen_without_scrolling(
    browser, live_server, running, language, query
):
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    other = running.start_date + datetime.timedelta(days=2)
    page.goto(
        f"{live_server.url}/{language}/forum/2027/agenda/{query.format(day=other)}"
    )

    first = page.locator(".now li a, .slot h4").first.bounding_box()

    assert first["y"] + first["height"] <= PHONE["height"]
    context.close()


def test_from_home_to_a_star_of_a_named_speaker_in_four_taps(
    browser, live_server, running
):
    user = UserFactory()
    context = browser.new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    sign_in(page, live_server, user)
    page.goto(f"{live_server.url}/en/")

    page.locator("main .live").get_by_role("link", name="Agenda").tap()
    page.locator("#q").tap()
    page.keyboard.type("lucja kakol 5")
    page.locator(".search-box button").tap()
    page.wait_for_url("**/agenda/?**q=**")
    page.locator(".star").first.tap()
    expect(page.locator(".star[data-on]")).to_have_count(1)

    star = Star.objects.get(user=user)
    assert star.session.title.endswith("world 5")
    assert star.level == "attend"
    context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_running_forum_can_be_read_by_everybody(page, live_server, running, language):
    agenda = f"/{language}/forum/2027/agenda/"
    session = running.programme.first()
    with translation.override(language):
        addresses = [
            ("agenda-now", agenda),
            ("agenda-chips", f"{agenda}?q=villages&sdg=9&tz=Asia/Tokyo"),
            ("agenda-rooms", f"{agenda}?view=rooms&day={timezone.now().date()}"),
            ("agenda-all", f"{agenda}all/"),
            ("agenda-session", session.get_absolute_url()),
        ]

    assert walk(page, live_server, language, addresses) == []
