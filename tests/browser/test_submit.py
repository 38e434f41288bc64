"""A person submits in the browser, with and without JavaScript; the secretariat publishes it."""

import re

import pytest

from accounts.roles import Role
from common.models import OutgoingMail
from stocktaking.workflow import Status
from tests.factories import PASSWORD, OrganisationFactory, ProjectFactory, UserFactory
from tests.stocktaking.entry import COMPLETE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


def sign_in(page, live_server, user, target):
    page.goto(f"{live_server.url}/en/account/login/?next={target}")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"**{target}")


def fill_in(page):
    for name, value in COMPLETE.items():
        if name == "timescale":
            page.check(f"[name=timescale][value={value}]")
        elif isinstance(value, list):
            for code in value:
                page.check(f"[name={name}][value='{code}']")
        elif page.locator(f"select[name={name}]").count():
            page.select_option(f"[name={name}]", value)
        else:
            page.fill(f"[name={name}]", value)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_submit_publish_find(browser, live_server, javascript):
    context = browser.new_context(java_script_enabled=javascript)
    page, member = context.new_page(), UserFactory()

    page.goto(f"{live_server.url}/en/projects/new/")
    page.get_by_role("link", name="Sign in to start").click()
    page.fill("[name=login]", member.email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/projects/new/")
    page.get_by_role("button", name="Start now").click()
    page.get_by_role("button", name="Check and submit").click()
    assert page.get_by_role("link", name=re.compile("^Title: ")).count() == 1
    fill_in(page)
    page.get_by_role("button", name="Check and submit").click()
    page.get_by_role("button", name="Submit project").click()
    number = re.search(r"WSIS-\d{4}-\d{6}", page.inner_text("main"))[0]
    context.close()

    desk = browser.new_context(java_script_enabled=javascript).new_page()
    sign_in(desk, live_server, UserFactory(role=Role.SECRETARIAT), "/en/admin/stocktaking/project/")
    desk.get_by_role("link", name=number).click()
    desk.get_by_role("button", name="Publish").click()
    desk.wait_for_url("**/admin/stocktaking/project/")
    desk.goto(f"{live_server.url}/en/projects/")
    desk.fill("[name=q]", "telecentres")
    desk.press("[name=q]", "Enter")
    desk.get_by_role("link", name=COMPLETE["title"]).click()

    assert desk.inner_text("h1") == COMPLETE["title"]
    assert OutgoingMail.objects.filter(to=member.email, subject__startswith=number).count() == 2
    desk.context.close()


def test_form_helps_while_it_is_filled_in(page, live_server):
    draft = ProjectFactory(
        status=Status.DRAFT, main_action_line=None, organisation=None, organisation_name=""
    )
    OrganisationFactory(name="Ministry of Fisheries")
    sign_in(page, live_server, draft.owner, f"/en/projects/{draft.pk}/edit/")

    page.locator("[name=organisation_name]").press_sequentially("fisher", delay=10)
    offered = "#organisation-names option[value='Ministry of Fisheries']"
    page.wait_for_selector(offered, state="attached")
    page.select_option("[name=main_action_line]", "C2")
    page.wait_for_selector("#suggested-sdgs li")

    assert "SDG" in page.inner_text("#suggested-sdgs")
