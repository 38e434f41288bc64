"""The agenda without a network: what is kept, what it says, and what a new release changes."""

import pytest
from playwright.sync_api import expect

from forum.session.models import Session
from tests.browser.test_pages import sign_in
from tests.forum.records import DAY, EditionFactory, at, officer, release, scheduled

pytestmark = pytest.mark.django_db(transaction=True)
AGENDA = "/en/forum/2027/agenda/"
TRIES = 300
CONTENTS = """async () => {
    const found = [];
    for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys())
            found.push(new URL(request.url).pathname);
    return found.sort();
}"""


@pytest.fixture
def agenda():
    edition = EditionFactory()
    scheduled(title="Villages", start=at(10), end=at(11))
    later = DAY.replace(day=DAY.day + 3)
    scheduled(title="Farewell", start=at(9, 0, later), end=at(10, 0, later))
    release(edition)
    return edition


def wait_for_copy(page, number, agenda=AGENDA):
    """Until the worker of this release answers for the page, and no older copy is left."""
    script = """async () => {
        const registration = await navigator.serviceWorker.ready;
        const isCalm = !registration.installing && !registration.waiting;
        const state = navigator.serviceWorker.controller?.state;
        return `${isCalm} ${state} ${await caches.keys()}`;
    }"""
    state = ""
    for _try in range(TRIES):
        state = page.evaluate(script)
        if state == f"true activated agenda {agenda}all/ {number}":
            return
        page.wait_for_timeout(100)
    raise AssertionError(state)


def test_the_agenda_opens_after_the_network_is_gone(browser, live_server, agenda):
    context = browser.new_context()
    page = context.new_page()
    faults = []
    page.on("console", lambda line: line.type == "error" and faults.append(line.text))
    page.goto(live_server.url + AGENDA)
    expect(page.locator("#saved-copy")).to_be_hidden()
    wait_for_copy(page, 1)
    assert faults == []

    context.set_offline(True)
    page.goto(f"{live_server.url}{AGENDA}?day=2027-07-06")

    expect(page.locator("#saved-copy")).to_contain_text("Saved at ")
    expect(page.locator("#saved-copy")).to_contain_text("without network")
    expect(page.locator(".slot")).to_have_count(2)  # all days
    assert page.locator(".slot").first.evaluate("e => getComputedStyle(e).display") == (
        "grid"
    )

    context.set_offline(False)
    page.goto(live_server.url + AGENDA)
    expect(page.locator("#saved-copy")).to_be_hidden()
    Session.objects.filter(title="Farewell").update(title="Closing")
    release(agenda)
    page.goto(live_server.url + AGENDA)
    wait_for_copy(page, 2)
    context.set_offline(True)
    page.goto(live_server.url + AGENDA)

    expect(page.locator(".slot h4")).to_have_text(["Villages", "Closing"])
    assert page.evaluate("caches.keys()") == [f"agenda {AGENDA}all/ 2"]
    context.close()


def test_nothing_personal_and_no_draft_is_kept(browser, live_server, agenda, settings):
    settings.REQUIRE_STAFF_MFA = False
    Session.objects.filter(title="Farewell").update(title="Secret plan")
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, live_server, officer())
    page.goto(f"{live_server.url}{AGENDA}?draft=1")
    wait_for_copy(page, 1)
    page.goto(f"{live_server.url}{AGENDA}all/?draft=1")
    expect(page.locator("main")).to_contain_text("Secret plan")
    kept = [path for path in page.evaluate(CONTENTS) if "/static/" not in path]

    context.set_offline(True)
    page.goto(f"{live_server.url}{AGENDA}?draft=1&day=2027-07-08")

    assert kept == [f"{AGENDA}all/"]
    expect(page.locator("main")).to_contain_text("Farewell")
    expect(page.locator("main")).not_to_contain_text("Secret plan")
    expect(page.locator("body")).to_contain_text("Sign in")
    assert page.locator(".star").count() == 0
    context.close()


def test_it_says_so_in_the_language_of_the_page(browser, live_server, agenda):
    address = f"{live_server.url}/ar/forum/2027/agenda/"
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    wait_for_copy(page, 1, "/ar/forum/2027/agenda/")
    context.set_offline(True)

    page.goto(address)

    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("#saved-copy")).to_be_visible()
    context.close()
