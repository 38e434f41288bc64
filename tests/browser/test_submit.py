"""A person submits in the browser, with and without JavaScript; the secretariat publishes it."""

import re

import pytest

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from stocktaking.base.workflow import Status
from stocktaking.project.forms import STEPS
from stocktaking.project.models import Project
from tests.factories import PASSWORD, OrganizationFactory, ProjectFactory, UserFactory
from tests.stocktaking.project_form import COMPLETE

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


def fill_in(page, names):
    for name in names:
        value = COMPLETE.get(name)
        if value is None:
            continue
        if name == "timescale":
            page.check(f"[name=timescale][value={value}]")
        elif isinstance(value, list):
            for code in value:
                page.check(f"[name={name}][value='{code}']")
        elif page.locator(f"select[name={name}]").count():
            page.select_option(f"[name={name}]", value)
        else:
            page.fill(f"[name={name}]", value)


def write_all_steps(page):
    for step in STEPS:
        assert page.inner_text("h1") == str(step.legend)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        fill_in(page, step.fields)
        page.get_by_role("button", name="Save and continue").click()


@pytest.mark.parametrize(
    "javascript", [True, False], ids=["with JavaScript", "without"]
)
def test_submit_publish_find(browser, live_server, javascript):
    context = browser.new_context(
        java_script_enabled=javascript, viewport={"width": 360, "height": 800}
    )
    page, member = context.new_page(), UserFactory()

    page.goto(f"{live_server.url}/en/projects/new/")
    page.get_by_role("link", name="Sign in to start").click()
    page.fill("[name=login]", member.email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/projects/new/")
    page.get_by_role("button", name="Start now").click()
    page.get_by_role("link", name="Check your answers, and submit").click()
    assert page.get_by_role("link", name=re.compile("^Title: ")).count() == 1
    page.get_by_role("link", name="Go to the first problem").click()
    write_all_steps(page)
    page.get_by_role("button", name="Submit project").click()
    number = re.search(r"WSIS-\d{4}-\d{6}", page.inner_text("main"))[0]
    context.close()

    desk = browser.new_context(java_script_enabled=javascript).new_page()
    sign_in(
        desk,
        live_server,
        UserFactory(role=Role.SECRETARIAT),
        "/en/admin/stocktaking/project/",
    )
    desk.get_by_role("link", name=number).click()
    desk.get_by_role("button", name="Publish").click()
    desk.wait_for_url("**/admin/stocktaking/project/")
    desk.goto(f"{live_server.url}/en/projects/")
    desk.fill("[name=q]", "telecentres")
    desk.press("[name=q]", "Enter")
    desk.get_by_role("link", name=COMPLETE["title"]).click()

    assert desk.inner_text("h1") == COMPLETE["title"]
    assert (
        OutgoingMail.objects.filter(to=member.email, subject__startswith=number).count()
        == 2
    )
    desk.context.close()


def test_form_helps_while_it_is_filled_in(page, live_server):
    draft = ProjectFactory(
        status=Status.DRAFT,
        main_action_line=None,
        organization=None,
        organization_name="",
    )
    ministry = OrganizationFactory(name="Ministry of Fisheries")
    sign_in(page, live_server, draft.owner, f"/en/projects/{draft.pk}/edit/who/")

    page.locator("[name=organization_name]").press_sequentially("fisher", delay=10)
    offered = f"#organization-names option[value='{ministry.name_with_country}']"
    page.wait_for_selector(offered, state="attached")
    page.goto(f"{live_server.url}/en/projects/{draft.pk}/edit/lines/")
    page.select_option("[name=main_action_line]", "C2")
    page.wait_for_selector("#suggested-sdgs li")

    assert "SDG" in page.inner_text("#suggested-sdgs")


def stored_title(draft):
    return Project.objects.get(pk=draft.pk).title


@pytest.fixture
def writing(page, live_server):
    """A draft, open at its first step."""
    draft = ProjectFactory(status=Status.DRAFT, title="Before")
    sign_in(page, live_server, draft.owner, f"/en/projects/{draft.pk}/edit/what/")
    return draft


def test_saved_by_itself_a_second_after_the_last_key(page, writing):
    page.locator("#id_title").fill("Typed and not sent by hand")

    page.wait_for_selector("#saved:has-text('Saved at')", timeout=5000)

    assert stored_title(writing) == "Typed and not sent by hand"


def test_who_types_without_a_pause_is_saved_after_three_seconds(page, writing):
    field = page.locator("#id_summary")
    for _n in range(20):  # a key every 300 ms: never a pause of a second
        field.press_sequentially("x")
        page.wait_for_timeout(300)
        if page.locator("#saved:has-text('Saved at')").count():
            break

    assert Project.objects.get(pk=writing.pk).summary.startswith("xxxx")


def test_without_a_connection_it_says_so_and_sends_the_text_later(page, writing):
    page.context.set_offline(True)
    page.locator("#id_title").fill("Typed on the train")
    page.wait_for_selector(
        "#saved.saved-amber:has-text('cannot be reached')", timeout=5000
    )
    before = stored_title(writing)

    page.context.set_offline(False)
    page.wait_for_selector(
        "#saved:not(.saved-amber):has-text('Saved at')", timeout=8000
    )

    assert (before, stored_title(writing)) == ("Before", "Typed on the train")


def test_second_window_is_told_and_sees_both_texts(page, writing):
    other = page.context.new_page()
    other.goto(page.url)
    page.locator("#id_title").fill("From the first window")
    page.wait_for_selector("#saved:has-text('Saved at')")

    other.locator("#id_title").fill("From the second window")
    other.wait_for_selector("#conflicts .error-summary")

    told = other.inner_text("#conflicts")
    assert "From the first window" in told
    assert "From the second window" in told
    assert stored_title(writing) == "From the first window"
    other.get_by_role("button", name="Save and return to the list").click()
    other.wait_for_url("**/edit/")
    assert stored_title(writing) == "From the second window"


def test_button_pressed_while_saving_is_no_conflict_with_oneself(page, writing):
    page.route(
        "**/edit/what/", lambda route: (page.wait_for_timeout(300), route.continue_())
    )
    page.locator("#id_title").fill("One")
    page.wait_for_timeout(1050)
    page.locator("#id_title").fill("Two")
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/edit/who/")

    assert stored_title(writing) == "Two"


def test_signed_out_meanwhile_the_text_stays_in_the_page(page, writing):
    page.context.clear_cookies(name="session")
    page.locator("#id_title").fill("Typed after the session ended")

    page.wait_for_selector("#saved.saved-amber:has-text('sign in again')", timeout=5000)

    assert page.input_value("#id_title") == "Typed after the session ended"
    assert stored_title(writing) == "Before"
