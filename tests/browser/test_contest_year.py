"""The next contest as an officer without training makes it: with what the pages offer alone.

Every press counts, and no address is typed after the home page.
"""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.contest.models import Contest
from prizes.panel.models import PanelMember
from tests.browser.test_pages import sign_in
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, expert

pytestmark = pytest.mark.django_db(transaction=True)
MOST_PRESSES = 40
WEEK = datetime.timedelta(weeks=1)


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def last_contest():
    """All 18 categories have panels; the first one a chair and an expert."""
    year = timezone.now().year - 1
    contest = ContestFactory(
        now="none", year=year, slug=str(year), title=f"WSIS Prizes {year}"
    )
    contest.champions_at = contest.winners_at = timezone.now()
    contest.save()
    for category in contest.categories.all():
        expert(category, chair=True)
    return contest


class Officer:
    """A browser that counts what is pressed and filled in."""

    def __init__(self, page):
        self.page, self.presses = page, 0

    def follow(self, *names):
        for name in names:
            self.presses += 1
            self.page.get_by_role("link", name=name, exact=True).first.click()

    def press(self, name):
        self.presses += 1
        self.page.get_by_role("button", name=name).click()

    def tick(self, box):
        self.presses += 1
        box.check()

    def choose(self, label, option):
        self.presses += 1
        self.page.get_by_role("combobox", name=label).select_option(option)


def hours(contest):
    """Phase → beginning and end by the clock of the contest, without a zone."""
    return {
        phase.kind: [
            end.astimezone(contest.zone).replace(tzinfo=None)
            for end in (phase.opens_at, phase.closes_at)
        ]
        for phase in contest.phases.all()
    }


def accept(browser, letter):
    """The expert answers by the link of the mail, without an account at hand."""
    page = browser.new_context().new_page()
    page.goto(re.search(r"https?://\S+", letter.body)[0])
    page.get_by_label("I accept").first.check()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("You have accepted", exact=False).first).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/New_York"])
def test_an_officer_makes_the_next_contest(
    page, live_server, last_contest, browser, settings, zone
):
    settings.SITE_URL = live_server.url
    sign_in(page, live_server, UserFactory(role=Role.SECRETARIAT, time_zone=zone))
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(live_server.url)
    officer = Officer(page)

    officer.follow(
        "Secretariat",
        "Contests, phases and rules",
        last_contest.title,
        "Copy this contest",
    )
    officer.press("Show what will be made")
    expect(page.get_by_role("heading", name="This will be made")).to_be_visible()
    officer.press("Make the contest")
    made = Contest.objects.exclude(pk=last_contest.pk).get()
    officer.follow("The year")

    shown = page.locator("main, #content").first.inner_text()
    for kind, before in hours(last_contest).items():
        for earlier, later in zip(before, hours(made)[kind], strict=True):
            assert (later - earlier) % WEEK == datetime.timedelta(0)
            assert f"{later:%H:%M}" in shown
    officer.follow("Ask the experts")
    officer.tick(page.locator("#action-toggle"))
    officer.choose("Action:", "Ask by e-mail, or remind")
    officer.press("Go")
    expect(page.get_by_text("18 people are asked by e-mail.")).to_be_visible()

    assert officer.presses <= MOST_PRESSES
    accept(browser, OutgoingMail.objects.earliest("pk"))
    seat = PanelMember.objects.get(panel__category__contest=made)
    assert seat.is_chair
