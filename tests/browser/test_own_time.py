"""The reader's own time comes from the browser's clock, and only from there."""

import pytest
from django.urls import reverse

from tests.factories import UserFactory
from tests.forum.records import EditionFactory, at, release, scheduled
from tests.prizes.records import ContestFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def session():
    edition = EditionFactory()
    made = scheduled(edition=edition, start=at(10), end=at(10, 45))
    release(edition)
    return made


def lines(browser, live_server, path, **of_browser):
    """What stands beside times on the page, as this browser shows it."""
    context = browser.new_context(**of_browser)
    page = context.new_page()
    errors = []
    page.on("console", lambda message: errors.append(message.text))
    page.goto(f"{live_server.url}{path}")
    found = page.locator(".own-time").all_inner_texts()
    context.close()
    assert not [text for text in errors if "Content Security" in text]
    return found


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Africa/Nairobi", "11:00–11:45 in your time (Africa/Nairobi)"),
        ("Asia/Kathmandu", "13:45–14:30 in your time (Asia/Kathmandu)"),
        ("America/St_Johns", "05:30–06:15 in your time (America/St Johns)"),
        ("Pacific/Auckland", "20:00–20:45 in your time (Pacific/Auckland)"),
        ("Europe/Zurich", None),
        ("Europe/Paris", None),
    ],
)
def test_a_reader_elsewhere_sees_the_own_hours_too(
    browser, live_server, session, zone, expected
):
    path = reverse("forum:session", args=[session.pk])

    found = lines(browser, live_server, path, timezone_id=zone)

    kathmandu = {text.replace("Katmandu", "Kathmandu") for text in found}
    assert kathmandu == ({expected} if expected else set())


def test_another_day_is_said(browser, live_server, session):
    path = reverse("forum:session", args=[session.pk])

    (text,) = lines(browser, live_server, path, timezone_id="Pacific/Pago_Pago")

    assert text.startswith(("4 July, 21:00", "July 4, 21:00"))


def test_without_a_script_nothing_is_said(browser, live_server, session):
    path = reverse("forum:agenda", args=["2027"])
    nairobi = {"timezone_id": "Africa/Nairobi"}

    assert lines(browser, live_server, path, java_script_enabled=False, **nairobi) == []
    assert len(lines(browser, live_server, path, **nairobi)) == 1


def test_deadlines_of_a_contest_have_it_too(browser, live_server):
    contest = ContestFactory()
    path = reverse("prizes:contest", args=[contest.slug])

    found = lines(browser, live_server, path, timezone_id="Asia/Kathmandu")

    assert found
    assert all("in your time" in text for text in found)


def test_the_sign_up_form_is_told_the_zone(browser, live_server):
    context = browser.new_context(timezone_id="Africa/Cairo")
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('account_signup')}")

    value = page.locator("input[data-browser-zone]").input_value()

    context.close()
    assert value == "Africa/Cairo"
    assert UserFactory().time_zone == ""
