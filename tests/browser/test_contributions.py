"""The pages behind links without an account, in the browser: for everybody, on a phone, in
Arabic, saved by themselves."""

import pytest
from playwright.sync_api import expect

from common.mail.links import digest, new_token
from reports.asking.models import BoxQuestion, today
from tests.browser.test_pages import sign_in, walk
from tests.factories import ProjectFactory, UserFactory
from tests.reports.contribution.records import asked_for
from tests.reports.records import secretariat

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


def pages_of(officer):
    """The pages of a contribution and of project boxes, for both sides."""
    ProjectFactory(year=2024, main_action_line_id="C3")
    asked = asked_for(officer, note="By how much?")
    section = asked.block.section
    owner, token = UserFactory(), new_token()
    project = ProjectFactory(year=2024, owner=owner, summary="We dig wells.")
    settings = {"by": "country", "count": 1, "numbers": project.number}
    boxes = section.blocks.create(kind="boxes", position=30, settings=settings)
    BoxQuestion.objects.create(
        block=boxes,
        project=project,
        owner=owner,
        by=officer,
        tokens=[digest(token)],
        ends_on=today(),
    )
    edited = f"editions/{section.report_id}"
    return {
        "contribute": f"contributions/{asked.add_link()}/",
        "contribution": f"{edited}/edit/{section.pk}/contributions/{asked.block_id}/",
        "contributions": f"{edited}/contributions/",
        "box-answer": f"boxes/{token}/",
        "boxes": f"{edited}/edit/{section.pk}/boxes/{boxes.pk}/",
        "subscribe": "subscribe/",
    }


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_can_be_used_by_everybody(page, live_server, language):
    officer = secretariat()
    pages = pages_of(officer)
    sign_in(page, live_server, officer)
    addresses = [
        (f"reports-{name}", f"/{language}/reports/{path}")
        for name, path in pages.items()
    ]

    assert walk(page, live_server, language, addresses) == []


def test_the_text_saves_itself_and_is_sent(page, live_server):
    asked = asked_for(secretariat())
    page.goto(f"{live_server.url}/en/reports/contributions/{asked.add_link()}/")
    page.get_by_label("Your text").fill("C3 grew.")
    expect(page.locator("#saved")).to_contain_text("Saved at", timeout=15_000)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="Your text was sent")).to_be_visible()

    asked.refresh_from_db()
    assert asked.block.read("text", "en").text == "C3 grew."
