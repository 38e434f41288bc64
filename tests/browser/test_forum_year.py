"""The year of the Forum as an officer without training runs it: with what the pages offer alone.

From the copy of last year's edition through the call, ten inputs, their screening, the timetable,
the release and a cancellation, registration and badge to the report of a session and the published
outcome document. No address is typed after the home page.
"""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from forum.consultation.models import Submission
from forum.edition.models import Edition
from forum.registration.models import Registration
from forum.session.models import Session
from tests.browser.test_pages import sign_in
from tests.factories import (
    ActionLineFactory,
    CountryFactory,
    StakeholderTypeFactory,
    UserFactory,
)
from tests.forum.records import (
    CapacityFactory,
    EditionFactory,
    PhaseFactory,
    RoomFactory,
    SessionTypeFactory,
    hours,
    kind_of,
    officer,
    screened,
)

pytestmark = pytest.mark.django_db(transaction=True)
WORKSHOPS = [f"Fishing villages {number}" for number in range(1, 9)]
TWICE = WORKSHOPS[4:8:2]  # both name one speaker
OUTCOME = "WSIS Forum 2028: outcome document"
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
    screened("per_speaker", 1, edition=edition, is_hard=True)
    CapacityFactory(edition=edition, places=20)
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


def of_edition(page, name):
    """A page of the desk about this year, from the page of the edition."""
    desk(page, "Editions, phases and places")
    follow(page, "WSIS Forum 2028", name)


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


def send(page, title, kind, speaker=""):
    """An input, by the button of its kind; with a speaker whom another one names too, it is sent
    although the screening finds something."""
    follow(page, "Forum", "WSIS Forum 2028", "Open consultation")
    page.get_by_role("link", name=f"Write a submission : {kind}").click()
    page.get_by_label("Title").fill(title)
    page.get_by_label("Proposal").fill("Boats come online.")
    page.get_by_label("Organization").fill("Fisheries Board")
    page.get_by_label("Stakeholder type").select_option("Government")
    page.get_by_label("Country").select_option("Kenya")
    if kind == "Workshop request":
        page.get_by_label("Type of session").select_option("Thematic Workshop")
    if speaker:
        page.get_by_role("button", name="Save draft").click()
        follow(page, "Name the speakers")
        page.get_by_label("Name", exact=True).fill(speaker)
        page.get_by_role("button", name="Add").click()
        follow(page, "Check before you submit")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator("main").get_by_text("Submitted").first).to_be_visible()


def screen(page):
    """The proposals in which the screening found something: a waiver for each."""
    of_edition(page, "Screening of proposals")
    expect(page.get_by_text("8 proposals")).to_be_visible()
    for title in TWICE:
        follow(page, title)
        page.get_by_label("Reason for a waiver").fill("Two short talks.")
        page.get_by_role("button", name="Waive").click()
        expect(page.get_by_text("Two short talks.").first).to_be_visible()
        of_edition(page, "Screening of proposals")


def act(page, action, kind):
    """One action of the list of inputs on all inputs of a kind."""
    desk(page, "Proposals and inputs")
    follow(page, kind)
    page.locator("#action-toggle").check()
    page.get_by_role("combobox", name="Action:").select_option(action)
    page.get_by_role("button", name="Go").click()


def place_all(page):
    """Each card at the side on the next free place, by keyboard."""
    of_edition(page, "Plan the agenda")
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


def register(page):
    follow(page, "Home", "Forum", "WSIS Forum 2028", "Registration")
    page.locator("input[name=attendance][value=on_site]").check()
    page.get_by_label("Name on the badge").fill("Amina Otieno")
    page.get_by_label("Country").select_option("Kenya")
    page.locator("#id_agreed").check()
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("A place is reserved for you.")).to_be_visible()


def approve_registration(page):
    follow(page, "Home")
    page.get_by_role("link", name="Registrations to approve").click()
    page.locator("#action-toggle").check()
    page.get_by_role("combobox", name="Action:").select_option("Approve")
    page.get_by_role("button", name="Go").click()
    page.wait_for_load_state()
    assert Registration.objects.get().status == "approved"


def badge(page):
    follow(page, "Home", "Forum", "WSIS Forum 2028", "Registration", "My badge")
    expect(page.locator("main").get_by_text("Amina Otieno").first).to_be_visible()
    expect(page.get_by_role("img", name="QR code of the badge")).to_be_visible()


def compile_outcome(page):
    """One click; the report is built while the page waits."""
    desk(page, "Editions, phases and places")
    follow(page, "WSIS Forum 2028")
    page.set_default_timeout(120_000)
    page.get_by_role("button", name="Compile the outcome document").click()
    expect(page.get_by_text("Boats agreed.").first).to_be_visible(timeout=120_000)
    page.set_default_timeout(30_000)


def publish_outcome(approver, page):
    """A second person approves it, the first publishes it."""
    follow(approver, "Secretariat")
    approver.get_by_role("link", name="Reports to approve").click()
    follow(approver, OUTCOME, "View on site")
    approver.get_by_role("button", name="Approve").click()
    page.reload()
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text("Published").first).to_be_visible()


def publish_report(page, title):
    follow(page, "Home")
    page.get_by_role("link", name="Outcome reports to publish").click()
    follow(page, title, "View on site", "Edit")
    page.get_by_role("button", name="Save and publish").click()


def call_for_inputs(page, writer, edition):
    """Ten inputs are sent, screened and answered; eight become sessions."""
    for title in WORKSHOPS:
        speaker = "Li Wei" if title in TWICE else ""
        send(writer, title, "Workshop request", speaker)
    for title in REMARKS:
        send(writer, title, "General comment")
    assert Submission.objects.filter(edition=edition, status="submitted").count() == 10
    screen(page)
    act(page, "Accept", "Workshop request")
    act(page, "Make a session of each of the selected requests", "Workshop request")
    expect(page.get_by_text("8 sessions are now drafts.")).to_be_visible()
    act(page, "Noted", "General comment")


def publish_agenda(page, writer, edition):
    place_all(page)
    assert Session.objects.filter(edition=edition, status="scheduled").count() == 8
    release(page)
    cancel(page, WORKSHOPS[0], "The boats have left.")
    follow(writer, "Forum", "WSIS Forum 2028", "Agenda", WORKSHOPS[0])
    expect(writer.get_by_text("The boats have left.").first).to_be_visible()


def report_and_compile(page, writer, approver):
    follow(writer, "Home", "Forum")
    report(writer, WORKSHOPS[1], "A mast in each village.")
    publish_report(page, WORKSHOPS[1])
    follow(writer, "Home", "Forum", "WSIS Forum 2028", "Documents and outcomes")
    follow(writer, WORKSHOPS[1])
    expect(writer.get_by_text("A mast in each village.")).to_be_visible()
    expect(writer.get_by_text("not published yet")).to_have_count(0)
    compile_outcome(page)
    publish_outcome(approver, page)
    follow(writer, "Home", "Forum", "WSIS Forum 2028", "Documents and outcomes")
    follow(writer, OUTCOME)
    expect(writer.get_by_text("A mast in each village.").first).to_be_visible()


def test_an_officer_runs_the_forum_from_copy_to_outcome(
    page, live_server, last_year, browser
):
    opened_home(page, live_server, officer())
    copy_edition(page)
    edition = Edition.objects.get(slug="2028")
    writer, approver = (
        opened_home(browser.new_context().new_page(), live_server, user)
        for user in (UserFactory(), officer())
    )

    call_for_inputs(page, writer, edition)
    publish_agenda(page, writer, edition)
    register(writer)
    approve_registration(page)
    badge(writer)
    report_and_compile(page, writer, approver)
    for one in (writer, approver):
        one.context.close()
