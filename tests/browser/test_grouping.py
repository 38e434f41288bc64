"""Similar inputs as an officer without training groups them: from the first page of the admin, by
links and buttons that are on the pages, and an author who answers by the link of the mail."""

import datetime
import re

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from forum.consultation.models import Submission
from forum.grouping.models import InputGroup
from tests.browser.test_forum_year import desk, follow, opened_home
from tests.factories import UserFactory
from tests.forum.records import EditionFactory, SubmissionFactory, officer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def inputs():
    """Two that say the same, one that seems to, and one that was sent with other words."""
    edition = EditionFactory(title="WSIS Forum 2027")
    rows = {
        "Amina": "Masts for fishing villages",
        "Boris": "Masts for the fishing villages",
        "Chen": "Masts of fishing boats in villages",
        "Dina": "صواري لقرى الصيادين",
    }
    return [
        SubmissionFactory(
            edition=edition,
            owner=UserFactory(first_name=name, last_name="Example"),
            title=title,
            text=f"{name} writes.",
            kind="theme",
            status="submitted",
            submitted_at=timezone.now(),
        )
        for name, title in rows.items()
    ]


def card(page, title):
    return page.locator("main li").filter(
        has=page.get_by_role("heading", name=title, exact=True)
    )


def group_similar_ones(page):
    """All that the page has found alike stay ticked; the officer writes the theme."""
    desk(page, "Groups of inputs")
    expect(page.get_by_text("4 inputs wait for an answer")).to_be_visible()
    found = page.locator("form.card").first
    for title in ("Masts for fishing villages", "Masts of fishing boats in villages"):
        expect(found.get_by_label(title, exact=True)).to_be_checked()
    found.get_by_label("Theme").fill("Villages online")
    found.get_by_role("button", name="Group these").click()
    expect(page.get_by_text("The inputs are grouped.")).to_be_visible()
    expect(page.get_by_text("The authors do not see it yet.")).to_be_visible()
    expect(page.get_by_text("not told yet")).to_have_count(3)


def tell_the_authors(page):
    page.get_by_role("button", name="Show it to its authors").click()
    expect(page.get_by_text("3 authors are told by e-mail.")).to_be_visible()
    for name in ("Amina", "Boris", "Chen"):
        told = page.locator("main li").filter(has_text=f"Author: {name} Example")
        expect(told).to_contain_text("told by e-mail:")
        expect(told).to_contain_text("(Geneva time)")


def add_one_more(page, other):
    """The search of the page, by the number that stands on the input."""
    page.get_by_label("Number, title or organization").fill(other.number)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name=f"Add to the group : {other.number}").click()
    expect(page.get_by_text("1 author is told by e-mail.")).to_be_visible()
    expect(card(page, other.title)).to_contain_text("told by e-mail:")


def answer_by_mail(page, live_server, user, reason):
    """The author has no session: only the link of the mail."""
    told = next(one for one in mail.outbox if one.to == [user.email])
    page.goto(live_server.url + re.search(r"/en/forum/same/\S+", told.body)[0])
    expect(page.get_by_text("under the theme “Villages online”")).to_be_visible()
    page.get_by_label("Why not").fill(reason)
    page.get_by_role("button", name="Not the same").click()
    expect(page.get_by_text("It will be answered on its own.")).to_be_visible()


def see_the_answer(page):
    desk(page, "Groups of inputs")
    expect(page.get_by_text("1 author says that it is not the same")).to_be_visible()
    follow(page, "Villages online")
    different = card(page, "Masts of fishing boats in villages")
    expect(different).to_contain_text("Not the same")
    expect(different).to_contain_text("Mine is about boats.")


def answer_all(page):
    """When the week is over the button appears; the one that is not the same stays open."""
    yesterday = timezone.now().date() - datetime.timedelta(days=1)
    InputGroup.objects.update(object_by=yesterday)
    page.reload()
    page.get_by_role("button", name="Answer all as merged").click()
    expect(page.get_by_text("3 inputs are answered.")).to_be_visible()


def test_an_officer_groups_similar_inputs_and_an_author_disagrees(
    page, live_server, inputs, browser
):
    opened_home(page, live_server, officer())
    group_similar_ones(page)
    tell_the_authors(page)
    add_one_more(page, inputs[3])
    with browser.new_context() as stranger:
        author = inputs[2].owner
        answer_by_mail(stranger.new_page(), live_server, author, "Mine is about boats.")
    see_the_answer(page)
    answer_all(page)

    statuses = list(Submission.objects.order_by("pk").values_list("status", flat=True))
    assert statuses == ["noted", "merged", "submitted", "merged"]
