"""Check-in in the browser: with the network cut, on two devices, by keyboard."""

import pytest
from playwright.sync_api import expect

from forum.checkin.models import CheckIn, Gate
from tests.browser.test_pages import sign_in
from tests.forum.records import EditionFactory, badged, officer

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/en/forum/2027/check-in/"
KEPT = """async () => {
    await navigator.serviceWorker.ready;
    return Boolean(navigator.serviceWorker.controller)
        && Boolean(await caches.match(location.pathname));
}"""
TRIES = 300


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def people():
    edition = EditionFactory()
    Gate.objects.create(edition=edition, name="North")
    names = ("Amina Otieno", "José Álvarez", "欧阳娜娜", "Li Wei")
    return [badged(edition, name=name) for name in names]


def device(browser, live_server):
    """A browser of its own, which has the page and the list."""
    page = browser.new_context().new_page()
    sign_in(page, live_server, officer())
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(live_server.url + ADDRESS)
    expect(page.locator("#network")).to_contain_text("With network")
    for _try in range(TRIES):
        if page.evaluate(KEPT):
            return page
        page.wait_for_timeout(100)
    raise AssertionError("the page is not kept")


def scan(page, badge):
    """As a hand scanner does: it types the code and Enter."""
    page.locator("#code").fill(badge.token)
    page.keyboard.press("Enter")


def answer(page):
    return page.locator("#answer")


def three_without_network(page, people):
    """Two by their code, one by name; then one again, and a code that nobody has."""
    for badge in people[:2]:
        scan(page, badge)
        expect(answer(page)).to_have_attribute("data-state", "good")
        expect(answer(page)).to_contain_text(badge.registration.name)
    page.locator("#code").fill("娜娜")
    page.keyboard.press("Enter")
    page.locator("#matches button").click()
    expect(answer(page)).to_contain_text("欧阳娜娜")
    scan(page, people[0])
    expect(answer(page)).to_have_attribute("data-state", "bad")
    expect(answer(page)).to_contain_text("Already checked in")
    page.locator("#code").fill("2" * 20)
    page.keyboard.press("Enter")
    expect(answer(page)).to_contain_text("No badge of this code or name")


def test_check_ins_without_network_are_merged_once(browser, live_server, people):
    page = device(browser, live_server)
    page.context.set_offline(True)
    page.goto(live_server.url + ADDRESS)  # the page itself comes from the device
    expect(page.locator("#network")).to_contain_text("Without network")

    three_without_network(page, people)
    expect(page.locator("#present")).to_have_text("3")
    expect(page.locator("#waiting")).to_have_text("Waiting to be sent: 4")
    expect(page.locator("#clear")).to_be_disabled()
    assert CheckIn.objects.count() == 0

    page.reload()  # nothing is lost when the device is switched off
    expect(page.locator("#waiting")).to_have_text("Waiting to be sent: 4")
    page.context.set_offline(False)
    expect(page.locator("#waiting")).to_have_text("Waiting to be sent: 0")
    page.reload()
    expect(page.locator("#network")).to_contain_text("With network")

    assert CheckIn.objects.count() == 4
    assert CheckIn.objects.arrivals().count() == 3
    expect(page.locator("#present")).to_have_text("3")
    assert page.faults == []
    page.context.close()


def test_two_devices_check_in_one_badge_without_network(browser, live_server, people):
    devices = [device(browser, live_server) for _device in range(2)]
    for page in devices:
        page.context.set_offline(True)
        scan(page, people[0])
        expect(answer(page)).to_have_attribute("data-state", "good")

    for page in reversed(devices):  # the second device finds the network first
        page.context.set_offline(False)
        expect(page.locator("#waiting")).to_have_text("Waiting to be sent: 0")

    first, second = CheckIn.objects.order_by("at")
    assert (first.is_arrival, second.is_arrival) == (True, False)
    assert first.device != second.device
    assert all(page.faults == [] for page in devices)
    for page in devices:
        page.context.close()


def test_what_another_entrance_has_done_is_known_and_undone(
    browser, live_server, people
):
    page = device(browser, live_server)
    page.locator("#gate").select_option(label="North")
    scan(page, people[3])
    expect(page.locator("#by-gate")).to_contain_text("North")
    expect(page.locator("#waiting")).to_have_text("Waiting to be sent: 0")
    other = device(browser, live_server)
    scan(other, people[3])
    expect(answer(other)).to_contain_text("North")

    page.locator("#recent summary").click()
    page.locator("#recent button").click()  # no reason yet
    page.locator("#recent input").fill("The wrong Li Wei")
    page.locator("#recent button").click()
    expect(answer(page)).to_contain_text("undone")
    expect(page.locator("#waiting")).to_have_text("Waiting to be sent: 0")

    row = CheckIn.objects.order_by("pk").first()
    assert row.undo_reason == "The wrong Li Wei"
    expect(other.locator("#clear")).to_be_enabled()
    other.locator("#clear").click()
    kept = "Object.keys(localStorage).filter((key) => key.endsWith(' list'))"
    assert other.evaluate(kept) == []
    for one in (page, other):
        assert one.faults == []
        one.context.close()
