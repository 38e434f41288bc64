"""Last year's edition is copied by the buttons of the pages alone; rooms and breaks beside it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from forum.edition.models import Edition
from tests.browser.test_admin_forms import faults
from tests.browser.test_pages import sign_in
from tests.forum.records import (
    EditionFactory,
    PhaseFactory,
    RoomFactory,
    blocked,
    hours,
    officer,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


def test_an_edition_is_copied_and_its_pages_can_be_used_by_everybody(page, live_server):
    edition = EditionFactory(title="WSIS Forum 2027")
    room = RoomFactory(edition=edition, name="Popov")
    hours(room)
    blocked("Lunch", edition=edition)
    PhaseFactory(edition=edition)
    sign_in(page, live_server, officer())
    page.goto(
        live_server.url + reverse("admin:forum_edition_change", args=[edition.pk])
    )

    page.get_by_role("link", name="Copy this edition").click()
    page.get_by_label("First day").fill("2028-07-03")
    page.get_by_role("button", name="Show what will be made").click()
    expect(page.get_by_text("Popov, CICG")).to_be_visible()
    page.get_by_role("button", name="Make the edition").click()
    expect(page.get_by_text("“WSIS Forum 2028” is made.")).to_be_visible()
    made = Edition.objects.get(slug="2028")
    page.get_by_role("link", name="Plan the agenda").click()
    expect(page.get_by_role("columnheader", name="Popov")).to_be_visible()

    addresses = [
        reverse("admin:forum_edition_copy", args=[made.pk]),
        reverse("admin:forum_room_change", args=[made.rooms.get().pk]),
        reverse("admin:forum_blockedtime_add"),
        reverse("admin:forum_edition_change", args=[made.pk]),
    ]
    found = {
        address: wrong
        for address in addresses
        if (wrong := faults(page, live_server.url + address, with_contrast=True))
    }
    assert found == {}
