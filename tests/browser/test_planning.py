"""The planner's timetable in the browser: by keyboard alone, by pointer, two planners at once, and
for everybody."""

import datetime

import pytest
from django.utils import translation
from playwright.sync_api import expect

from forum.session.models import Session
from tests.browser.test_pages import sign_in, walk
from tests.forum.records import (
    DAY,
    EditionFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    TrackFactory,
    at,
    blocked,
    hours,
    officer,
    scheduled,
)

pytestmark = pytest.mark.django_db(transaction=True)
NEXT = DAY + datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def rooms():
    edition = EditionFactory(interpretation_teams=1)
    rooms = [
        RoomFactory(edition=edition, name=name, building="CICG", capacity=120, booths=6)
        for name in ("Popov", "Room A", "Room C")
    ]
    hours(rooms[2], "10:00", "16:00")
    blocked("Lunch", "12:30", "13:30", edition=edition)
    return rooms


def draft(title, **fields):
    return SessionFactory(title=title, room=None, start=None, end=None, **fields)


def stands(session):
    session = Session.objects.get(pk=session.pk)
    zone = session.edition.zone
    if session.status != "scheduled":
        return session.status
    start, end = (one.astimezone(zone) for one in (session.start, session.end))
    return f"{start:%d %H:%M}-{end:%H:%M} {session.room.name}"


def open_plan(page, live_server, query=""):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/en/forum/2027/plan/{query}")
    page.wait_for_load_state("networkidle")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def said(page, text, refused=False):
    line = page.locator("#plan-said.is-refused" if refused else "#plan-said")
    expect(line).to_contain_text(text)


def card(page, session):
    return page.locator(f'[data-session="{session.pk}"]')


def test_placing_and_moving_by_keyboard_alone(page, live_server, rooms):
    one = draft("Villages")
    sign_in(page, live_server, officer())
    open_plan(page, live_server)

    card(page, one).focus()
    press(page, "Enter")
    said(page, "Picked: Villages.")
    press(page, "ArrowDown", "ArrowDown", "ArrowRight")
    said(page, "09:00, Room A, 60 minutes Free.")
    press(page, "Enter")
    said(page, "“Villages”: 5 July 2027, 09:00–10:00, Room A, CICG")
    assert stands(one) == "05 09:00-10:00 Room A"

    expect(card(page, one)).to_be_focused()
    press(page, "Space", "ArrowDown", "+", "+", "+", "+", "+", "+", "Enter")
    said(page, "09:30–11:00")
    assert stands(one) == "05 09:30-11:00 Room A"

    press(page, "Enter", "ArrowLeft", "Escape")
    said(page, "Put back: Villages.")
    assert stands(one) == "05 09:30-11:00 Room A"


def test_swapping_undoing_and_another_day_by_keyboard_alone(page, live_server, rooms):
    one = scheduled(title="Villages", room=rooms[1], start=at(9, 30), end=at(11))
    two = draft("Broadband")
    sign_in(page, live_server, officer())
    open_plan(page, live_server)

    card(page, two).focus()
    press(page, "Enter", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight")
    said(page, "09:30, Room A, 60 minutes Here is: Villages.")
    said(page, "“Room A, CICG” is occupied by “Villages”")  # before the drop
    press(page, "Enter")
    said(page, "“Room A, CICG” is occupied by “Villages”", refused=True)

    press(page, "Enter", "ArrowDown", "ArrowDown", "Enter")
    said(page, "“Broadband”: 5 July 2027, 09:00–10:00, Popov, CICG")
    press(page, "Enter", "ArrowDown", "ArrowRight", "s")
    said(page, "“Villages”: 5 July 2027, 09:00–10:30, Popov, CICG")
    assert stands(one) == "05 09:00-10:30 Popov"
    assert stands(two) == "05 09:30-10:30 Room A"

    page.get_by_role("button", name="Undo").focus()
    press(page, "Enter")
    said(page, "Undone:")
    assert stands(one) == "05 09:30-11:00 Room A"
    assert stands(two) == "05 09:00-10:00 Popov"
    expect(page.get_by_role("button", name="Undo")).to_be_focused()

    card(page, two).focus()
    press(page, "Enter", "PageDown")
    expect(page.locator("table caption")).to_contain_text("6 July")
    press(page, "Enter")
    said(page, "6 July 2027, 09:00–10:00, Popov")
    press(page, "Enter", "Delete")
    said(page, "“Broadband”: not placed")
    assert stands(two) == "draft"


def middle(box):
    return box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 10)


def drag(page, source, target):
    page.mouse.move(*middle(source.bounding_box()))
    page.mouse.down()
    page.mouse.move(*middle(target.bounding_box()), steps=8)
    page.mouse.up()


def cell(page, time, room):
    return page.locator(f'tr[data-time="{time}"] td[data-room="{room.pk}"]')


def test_dragging_with_the_mouse_and_a_refusal_with_a_swap(page, live_server, rooms):
    one = scheduled(title="Villages", room=rooms[0], start=at(9), end=at(10))
    two = draft("Broadband")
    sign_in(page, live_server, officer())
    open_plan(page, live_server)

    drag(page, card(page, two), cell(page, "10:00", rooms[1]))
    said(page, "“Broadband”: 5 July 2027, 10:00–11:00, Room A, CICG")
    drag(page, card(page, two), cell(page, "09:00", rooms[2]))
    said(page, "“Room C, CICG” is open only 10:00–16:00.")
    assert stands(two) == "05 10:00-11:00 Room A"
    drag(page, card(page, two), cell(page, "09:00", rooms[0]))
    page.get_by_role("button", name="Swap with “Villages”").click()
    said(page, "“Broadband”: 5 July 2027, 09:00–10:00, Popov, CICG")
    assert stands(one) == "05 10:00-11:00 Room A"
    drag(page, card(page, one), page.locator(".plan-aside h2"))
    said(page, "“Villages”: not placed")
    assert stands(one) == "draft"


def test_two_planners_see_each_other(page, live_server, rooms, browser):
    session = draft("Villages")
    first, second = officer(), officer()
    sign_in(page, live_server, first)
    other = browser.new_context().new_page()
    sign_in(other, live_server, second)
    for tab in (page, other):
        open_plan(tab, live_server)

    card(page, session).focus()
    press(page, "Enter", "Enter")
    said(page, "08:00–09:00, Popov")
    card(other, session).focus()
    press(other, "Enter", "ArrowRight", "Enter")
    said(other, f"{first} changed “Villages”")
    expect(card(other, session)).to_contain_text("08:00–09:00")
    press(other, "Enter", "ArrowRight", "Enter")
    said(other, "“Villages”: 5 July 2027, 08:00–09:00, Room A")

    said(page, f"{second} has moved: “Villages” → 5 July 2027, 08:00–09:00, Room A")
    expect(cell(page, "08:00", rooms[1])).to_contain_text("Villages")
    other.context.close()


def test_without_a_script_each_session_has_its_form(browser, live_server, rooms):
    session = draft("Villages")
    page = browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server, officer())
    page.goto(f"{live_server.url}/en/forum/2027/plan/")

    page.get_by_role("button", name="Villages").click()
    page.get_by_label("Day").select_option("2027-07-06")
    page.get_by_label("Start").fill("14:15")
    page.get_by_label("Room", exact=True).select_option(label="Popov, CICG")
    page.get_by_role("button", name="Place the session").click()

    expect(
        page.get_by_text("“Villages”: 6 July 2027, 14:15–15:15, Popov")
    ).to_be_visible()
    assert stands(session) == "06 14:15-15:15 Popov"
    page.context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_timetable_can_be_used_by_everybody(page, live_server, rooms, language):
    person = PersonFactory()
    scheduled(
        title="Opening", room=rooms[0], interpretation=["fr"], track=TrackFactory()
    )
    clashing = scheduled(
        title="Villages", room=rooms[1], interpretation=["fr"], speakers=[person]
    )
    draft("مستقبل القرى")
    blocked("Rehearsal", "10:00", "10:20", room=rooms[1], day=DAY)
    sign_in(page, live_server, officer())
    with translation.override(language):
        base = f"/{language}/forum/2027/plan/"
    addresses = [
        ("plan", base),
        ("plan-5", f"{base}?step=5"),
        ("plan-clashes", f"{base}clashes/"),
        ("plan-session", f"{base}{clashing.pk}/"),
    ]

    assert walk(page, live_server, language, addresses) == []
