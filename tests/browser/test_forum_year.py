"""The year of the Forum as an officer without training runs it: with what the pages offer alone.

From the copy of last year's edition through the call, ten inputs, the timetable, the release and a
cancellation to the report of a session. No address is typed after the home page.
"""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from forum.consultation.models import Submission
from forum.edition.models import Edition
from forum.session.models import Session
from tests.browser.test_pages import sign_in
from tests.factories import (
    ActionLineFactory,
    CountryFactory,
    StakeholderTypeFactory,
    UserFactory,
)
from tests.forum.records import (
    EditionFactory,
    PhaseFactory,
    RoomFactory,
    SessionTypeFactory,
    hours,
    kind_of,
    officer,
)

pytestmark = pytest.mark.django_db(transaction=True)
WORKSHOPS = [f"Fishing villages {number}" for number in range(1, 9)]
REMARKS = ["No more panels", "Start at ten"]


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def last_year():
    """An edition whose copy, a week later, has its call today."""
    StakeholderTypeFactory(name="Government")
    CountryFactory(code="KE")
    SessionTypeFactory(name="Thematic Workshop")
    ActionLineFactory(code="C2")
    edition = EditionFactory(title="WSIS Forum 2027")
    for name in ("Popov", "Room A"):
        hours(RoomFactory(edition=edition, name=name))
    today = timezone.now().date()
    PhaseFactory(
        edition=edition,
        opens_on=today - datetime.timedelta(days=12),
        closes_on=today - datetime.timedelta(days=2),
    )
    kind_of(edition)
    return edition


def opened_home(page, live_server, user):
    sign_in(page, live_server, user)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(live_server.url)
    return page


def follow(page, *names):
    for name in names:
        page.get_by_role("link", name=name, exact=True).first.click()


def desk(page, name):
    """A page of the desk: from public pages by the menu, from those of the desk by “Home”."""
    in_menu = page.get_by_role("link", name="Secretariat", exact=True)
    follow(page, "Secretariat" if in_menu.count() else "Home", name)


def copy_edition(page):
    desk(page, "Editions, phases and places")
    follow(page, "WSIS Forum 2027", "Copy this edition")
    page.get_by_label("Short name").fill("2028")
    page.get_by_label("Title").fill("WSIS Forum 2028")
    page.get_by_label("First day").fill("2027-07-12")
    page.get_by_role("button", name="Show what will be made").click()
    expect(page.get_by_text("Popov, CICG")).to_be_visible()
    page.get_by_role("button", name="Make the edition").click()
    expect(page.get_by_text("“WSIS Forum 2028” is made.")).to_be_visible()


def send(page, title, kind):
    """An input, by the button of its kind."""
    follow(page, "Forum", "WSIS Forum 2028", "Open consultation")
    page.get_by_role("link", name=f"Write a submission : {kind}").click()
    page.get_by_label("Title").fill(title)
    page.get_by_label("Proposal").fill("Boats come online.")
    page.get_by_label("Organization").fill("Fisheries Board")
    page.get_by_label("Stakeholder type").select_option("Government")
    page.get_by_label("Country").select_option("Kenya")
    if kind == "Workshop request":
        page.get_by_label("Type of session").select_option("Thematic Workshop")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Your submission has been received.")).to_be_visible()


def act(page, action, kind):
    """One action of the list of inputs on all inputs of a kind."""
    desk(page, "Proposals and inputs")
    follow(page, kind)
    page.locator("#action-toggle").check()
    page.get_by_role("combobox", name="Action:").select_option(action)
    page.get_by_role("button", name="Go").click()


def place_all(page):
    """Each card at the side on the next free place, by keyboard."""
    desk(page, "Editions, phases and places")
    follow(page, "WSIS Forum 2028", "Plan the agenda")
    page.wait_for_load_state("networkidle")
    for number in range(len(WORKSHOPS)):
        page.locator(".plan-aside [data-session]").first.focus()
        page.keyboard.press("Enter")
        for _row in range(2 * (number // 2)):
            page.keyboard.press("ArrowDown")
        if number % 2:
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        expect(page.locator(".plan-aside [data-session]")).to_have_count(
            len(WORKSHOPS) - number - 1
        )


def release(page):
    desk(page, "Release the agenda")
    page.get_by_label("Edition").select_option("WSIS Forum 2028")
    page.get_by_label("Name").fill("First agenda")
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_text("New in the agenda (8)")).to_be_visible()


def cancel(page, title, reason):
    desk(page, "Sessions")
    follow(page, title)
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Cancel").click()


def report(page, title, outcome):
    """The organizer’s report, from the page of the session."""
    follow(page, "WSIS Forum 2028", "Agenda", title, "Write the outcome report")
    page.get_by_label("Key points of the discussion").fill("Boats agreed.")
    page.get_by_label("Outcomes and commitments").fill(outcome)
    page.get_by_role("button", name="Submit the report").click()
    expect(page.get_by_text("not published yet")).to_be_visible()


def publish_report(page, title):
    follow(page, "Home")
    page.get_by_role("link", name="Outcome reports to publish").click()
    follow(page, title, "View on site", "Edit")
    page.get_by_role("button", name="Save and publish").click()


def test_an_officer_runs_the_forum_from_copy_to_outcome(
    page, live_server, last_year, browser
):
    opened_home(page, live_server, officer())
    copy_edition(page)
    edition = Edition.objects.get(slug="2028")

    writer = opened_home(browser.new_context().new_page(), live_server, UserFactory())
    for title in WORKSHOPS:
        send(writer, title, "Workshop request")
    for title in REMARKS:
        send(writer, title, "General comment")
    assert Submission.objects.filter(edition=edition, status="submitted").count() == 10

    act(page, "Accept", "Workshop request")
    act(page, "Make a session of each of the selected requests", "Workshop request")
    expect(page.get_by_text("8 sessions are now drafts.")).to_be_visible()
    act(page, "Noted", "General comment")
    place_all(page)
    assert Session.objects.filter(edition=edition, status="scheduled").count() == 8

    release(page)
    cancel(page, WORKSHOPS[0], "The boats have left.")
    follow(writer, "Forum", "WSIS Forum 2028", "Agenda", WORKSHOPS[0])
    expect(writer.get_by_text("The boats have left.").first).to_be_visible()

    report(writer, WORKSHOPS[1], "A mast in each village.")
    publish_report(page, WORKSHOPS[1])
    follow(writer, "Home", "Forum", "WSIS Forum 2028", "Documents and outcomes")
    follow(writer, WORKSHOPS[1])
    expect(writer.get_by_text("A mast in each village.")).to_be_visible()
    expect(writer.get_by_text("not published yet")).to_have_count(0)
    writer.context.close()
