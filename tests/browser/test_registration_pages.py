"""The pages of registrations, used by everybody: axe, width, both scripts; sign-up without a
script."""

import datetime

import pytest
from django.urls import reverse
from django.utils import translation

from forum.sign_up.models import SignUp
from tests.browser.test_pages import sign_in, walk
from tests.factories import UserFactory
from tests.forum.records import (
    CapacityFactory,
    EditionFactory,
    delegation,
    officer,
    registered,
    sign_up_list,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place():
    """A person who is approved, registers a delegation, and may sign up for a session."""
    edition = EditionFactory(follow_up_until=datetime.date(2027, 6, 15))
    CapacityFactory(edition=edition, places=20)
    offered = sign_up_list(places=1)
    user = UserFactory()
    mine = registered(user=user, name="Amina Otieno", listed="public")
    mine = mine.move("approve", officer())
    mission = delegation(user, quota=9, seats=3)
    for name in ("Łukasz Kąkol", "محمد الأمين", "W" * 90):
        registered(delegation=mission, name=name, organization_name="O" * 90)
    return offered, mine, mission


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_of_registrations_can_be_used_by_everybody(
    page, live_server, place, language
):
    offered, mine, mission = place
    other = registered()
    offered.enter(other, offered.session.released)
    offered.enter(mine, offered.session.released)
    sign_in(page, live_server, mine.user)
    with translation.override(language):
        addresses = [
            ("forum-registered", mine.get_absolute_url()),
            (
                "forum-registration-edit",
                reverse("forum:registration-edit", args=[mine.pk]),
            ),
            ("forum-follow-up", reverse("forum:follow-up", args=[mine.pk])),
            ("forum-delegation", mission.get_absolute_url()),
            ("forum-attendees", reverse("forum:attendees", args=["2027"])),
            ("forum-sign-up", offered.session.get_absolute_url()),
            ("forum-my-places", reverse("forum:my-agenda")),
        ]

    assert walk(page, live_server, language, addresses) == []


def test_one_signs_up_and_withdraws_without_a_script(browser, live_server, place):
    offered, mine, _mission = place
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server, mine.user)
    page.goto(f"{live_server.url}/en/forum/sessions/{offered.session_id}/")

    page.click("button[value=enter]")
    page.wait_for_load_state()
    said = page.inner_text("main")
    held = SignUp.objects.get().held_at
    page.click("button[value=leave]")
    page.wait_for_load_state()

    assert "Withdraw from this session" in said
    assert "1 of 1 places is free." in page.inner_text("main")
    assert (held is not None, SignUp.objects.count()) == (True, 0)
    context.close()
