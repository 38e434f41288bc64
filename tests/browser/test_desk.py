"""The moderation desk in the browser: fifty entries by keyboard alone, and what axe says."""

import os
from collections import Counter

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.role.roles import Role
from common.moves.models import StatusChange
from stocktaking.base.workflow import Status
from stocktaking.project.models import Project
from stocktaking.review.models import DeskAssignment, Reason, ReasonText
from tests.browser.test_pages import ASKED, LOOKS, look_at, sign_in, violations
from tests.factories import ProjectFactory, UserFactory
from tests.stocktaking.records import attached, revision_of

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 50
# Django's own frame of the admin: its skip link and its empty region are not ours to mend.
FRAME = {"region", "landmark-complementary-is-top-level", "heading-order"}


@pytest.fixture
def officer():
    return UserFactory(role=Role.SECRETARIAT)


@pytest.fixture
def reasons():
    for code, move in (("unclear", "send_back"), ("no-wsis", "refuse")):
        made = Reason.objects.create(code=code, move=move)
        ReasonText.objects.create(
            reason=made, language="en", label=code, text=f"It is {code}."
        )


def decide(page, keys):
    """Press the keys of one decision and wait for the entry that opens next."""
    before = page.url
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_url(lambda url: url != before, wait_until="domcontentloaded")


def test_fifty_submissions_by_keyboard_alone_with_a_reload_in_the_middle(
    page, live_server, officer, reasons
):
    """Every tenth is a new version of a public entry."""
    entries = ProjectFactory.create_batch(MANY - MANY // 10, status=Status.SUBMITTED)
    ages = [entry.submitted_at for entry in entries]
    versions = [revision_of(status=Status.SUBMITTED) for _ in range(MANY // 10)]
    for version in versions:
        version.submitted_at = ages[0]
        version.save()
    sign_in(page, live_server, officer)
    page.goto(f"{live_server.url}/en/admin/stocktaking/project/desk/")

    for number in range(MANY):
        if page.url.endswith("/desk/"):
            decide(page, ["s"])
        if number == MANY // 2 - 5:
            page.reload(wait_until="domcontentloaded")
        decide(page, [["a"], ["r", "1", "Enter"], ["f", "1", "Enter"]][number % 3])

    assert page.url.endswith("/desk/")
    assert not Project.objects.at_desk().exists()
    log = StatusChange.objects.filter(by=officer).values_list(
        "record_kind", "record_id", "move"
    )
    decided = [(kind, record) for kind, record, _move in log]
    assert sorted(decided) == sorted(
        [("stocktaking.project", entry.pk) for entry in entries]
        + [("stocktaking.revision", version.pk) for version in versions]
    )
    assert Counter(move for _kind, _record, move in log) == {
        "publish": 17,
        "send_back": 17,
        "refuse": 16,
    }
    assert not DeskAssignment.objects.exists()


def test_undo_help_and_switching_the_keys_off(page, live_server, officer, reasons):
    first, _second = ProjectFactory.create_batch(2, status=Status.SUBMITTED)
    sign_in(page, live_server, officer)
    page.goto(f"{live_server.url}/en/admin/stocktaking/project/desk/")
    decide(page, ["s"])
    assert page.evaluate("document.activeElement.id") == "item"

    decide(page, ["a"])
    page.locator("[data-said]").get_by_text("Published").wait_for()
    decide(page, ["u"])
    assert first.number in page.inner_text("h1#item")
    page.keyboard.press("?")
    assert page.locator("#desk-help[open]").count() == 1
    page.click("[data-keys-switch]")
    page.keyboard.press("a")
    page.keyboard.press("r")

    assert page.locator(".desk-panel[open]").count() == 0
    assert set(Project.objects.values_list("status", flat=True)) == {Status.SUBMITTED}


def test_without_javascript_the_buttons_do_the_same(
    browser, live_server, officer, reasons
):
    project = ProjectFactory(status=Status.SUBMITTED)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server, officer)
    page.goto(f"{live_server.url}/en/admin/stocktaking/project/desk/")
    page.get_by_role("button", name="Start").click()
    page.get_by_text("Return R").click()
    page.get_by_label("unclear").check()
    page.get_by_role("button", name="Return", exact=True).click()

    project.refresh_from_db()
    context.close()
    assert (project.status, project.history().get().note) == (
        "returned",
        "It is unclear.",
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_desk_can_be_used_by_everybody(page, live_server, officer, reasons, language):
    twin = ProjectFactory(title="Villages", status=Status.SUBMITTED)
    same = {"organization": twin.organization, "status": Status.SUBMITTED}
    project = ProjectFactory(
        title="Villages!", summary="Write to me@example.org", **same
    )
    revision_of(status=Status.SUBMITTED)
    attached(project, "Evaluation", scan="held")
    attached(project, "The mast of Lodwar", alt="A mast on a hill")
    DeskAssignment.objects.assign(officer, Project.objects.filter(pk=project.pk))
    sign_in(page, live_server, officer)
    with translation.override(language):
        addresses = {
            "queue": reverse("admin:stocktaking_project_desk"),
            "preview": reverse("admin:stocktaking_project_preview") + "?move=refuse",
            "item": reverse("admin:stocktaking_project_item", args=[project.pk]),
            "merge": reverse("admin:stocktaking_project_merge", args=[project.pk])
            + f"?with={twin.number}",
        }

    found = []
    for name, path in addresses.items():
        page.goto(live_server.url + path)
        for width, scheme in (
            LOOKS if os.environ.get("SCREENSHOTS") else ASKED[language]
        ):
            look_at(page, width, scheme, f"desk-{language}-{name}")
            # links of the admin fade from one scheme to the other
            page.evaluate(
                "Promise.all(document.getAnimations().map((one) => one.finished))"
            )
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [(name, width, "too wide", wide)] if wide > 0 else []
            found += [
                (name, width, scheme, *v) for v in violations(page) if v[0] not in FRAME
            ]

    assert found == []
