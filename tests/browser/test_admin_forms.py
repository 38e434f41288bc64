"""Every list and form of the admin in the browser: no axe violation, and as wide as the screen.

The tables and their pages are found by walking `admin.site`: a new one cannot be forgotten.
"""

import json
import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from accounts.role.roles import Role
from tests.admin.records import one_of_each, place, tables
from tests.browser.test_pages import RULES, sign_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = (360, 1280)
ASK = """async ([rules, withContrast]) => {
    const asked = {
        runOnly: rules,
        resultTypes: ["violations"],
        rules: {"color-contrast": {enabled: withContrast}},
    };
    const found = await axe.run(document, asked);
    return found.violations.map(v => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 160)]);
}"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Cells of a list that are cut off although the list has nothing else to show them.
CUT = """() => [...document.querySelectorAll("#result_list")].map(
    list => list.getBoundingClientRect().width - list.parentElement.clientWidth
).filter(width => width > 1)"""


def pages_of(user):
    """(name, address) of each list and form that this person may open; the form of a new record
    where there is none of an older one."""
    request = RequestFactory().get("/")
    request.user = user
    with translation.override("en"):
        for label, (model, desk) in tables().items():
            if not desk.has_view_permission(request):
                continue
            yield f"{label} list", _address(model, "changelist")
            record = desk.get_queryset(request).first()
            if record is not None:
                yield f"{label} change", _address(model, "change", record.pk)
            is_same_form = record is not None and desk.has_change_permission(
                request, record
            )
            if desk.has_add_permission(request) and not is_same_form:
                yield f"{label} add", _address(model, "add")


def _address(model, page, *args):
    name, more = place(model, page, *args)
    return reverse(name, args=more)


def faults(page, address, *, with_contrast):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(address, wait_until="load")
    page.evaluate("() => document.fonts.ready")
    page.evaluate(Axe().axe_script)
    found = [
        tuple(violation) for violation in page.evaluate(ASK, [RULES, with_contrast])
    ]
    found += [("cut off at 1280", width) for width in page.evaluate(CUT)]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if by := page.evaluate(TOO_WIDE):
            found.append((f"too wide at {width}", by))
    return found


def walk(page, live_server, addresses):
    """The faults of each page by its name. Colours come from the style sheets that all share, and
    to judge them takes longest: one list and one form of each app stand for the others."""
    found = {}
    judged = set()
    for name, address in addresses:
        kind = name.partition(".")[0], name.rpartition(" ")[2]
        wrong = faults(
            page, live_server.url + address, with_contrast=kind not in judged
        )
        judged.add(kind)
        if wrong:
            found[name] = wrong
    if folder := os.environ.get("AXE_REPORT"):
        with open(f"{folder}/axe.json", "a", encoding="utf-8") as file:
            json.dump(found, file, indent=1)
    return found


@pytest.mark.parametrize("part", [0, 1])
def test_every_page_of_the_secretariat_can_be_used_by_everybody(
    page, live_server, part
):
    one_of_each()
    officer = UserFactory(role=Role.SECRETARIAT)
    sign_in(page, live_server, officer)

    assert walk(page, live_server, list(pages_of(officer))[part::2]) == {}


def test_pages_that_only_administrators_open_can_be_used_by_everybody(
    page, live_server
):
    one_of_each()
    officer, administrator = (
        UserFactory(role=r) for r in (Role.SECRETARIAT, Role.ADMINISTRATOR)
    )
    sign_in(page, live_server, administrator)
    known = {name for name, _address in pages_of(officer)}
    more = [(name, url) for name, url in pages_of(administrator) if name not in known]

    assert walk(page, live_server, more) == {}
