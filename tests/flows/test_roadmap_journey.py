"""Two agencies report, they disagree, the secretariat reconciles, the state page shows it all."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from roadmap.position.models import PositionVersion
from tests.factories import UserFactory
from tests.roadmap.records import MilestoneFactory, focal_point

pytestmark = pytest.mark.django_db
LINKS = "https://example.org/minutes Minutes of the meeting"


def browser(user=None):
    client = Client()
    if user:
        client.force_login(user)
    return client


def report(milestone, user, completion):
    """A focal point fills in the form, an approver of the same agency publishes."""
    agency = user.agencies.get().agency_id
    form = {
        "version": "0",
        "completion": completion,
        "text": f"{agency} held its consultations.",
        "language": "en",
        "links": LINKS,
    }
    address = reverse("roadmap:position", args=[milestone.pk, agency])
    answer = browser(user).post(address, form, follow=True)
    assert "it awaits your agency’s approver" in answer.content.decode()
    position = PositionVersion.objects.get(agency=agency)
    move = reverse("roadmap:position-move", args=[position.pk])
    refused = browser(user).post(move, {"move": "publish"})
    assert refused.status_code == 403
    approver = browser(focal_point(agency, approves=True))
    assert approver.post(move, {"move": "publish"}).status_code == 302


def read(address):
    return browser().get(address).content.decode()


def test_report_disagree_reconcile_state():
    milestone = MilestoneFactory(
        title="Consultations feed the event of 2025", start="2025-05"
    )
    page = milestone.get_absolute_url()
    state = f"{reverse('roadmap:state')}?at={timezone.now().date()}"

    assert "No agency has published a position" in read(page)
    report(milestone, focal_point("ITU"), "complete")
    assert "Disagreement" not in read(page)
    report(milestone, focal_point("UNESCO"), "limited")
    html = read(page)
    assert "Disagreement" in html
    assert (
        "ITU held its consultations." in html,
        "UNESCO held its consultations." in html,
    ) == (
        True,
        True,
    )
    assert "disagreement" in read(reverse("roadmap:timeline"))

    lane = reverse("roadmap:position", args=[milestone.pk, "ITU"])
    assert browser(focal_point("UNESCO")).post(lane, {}).status_code == 404

    desk = browser(UserFactory(role=Role.SECRETARIAT))
    note = {"text": "UNESCO waits for the minutes of two regions."}
    desk.post(reverse("roadmap:reconcile", args=[milestone.pk]), note)
    html = read(page)
    assert "UNESCO waits for the minutes of two regions." in html
    assert "ITU held its consultations." in html

    told = read(state)
    assert ("Complete" in told, "Limited" in told, "disagreement" in told) == (
        True,
        True,
        True,
    )
    assert "ITU held its consultations." in read(reverse("roadmap:updates"))
