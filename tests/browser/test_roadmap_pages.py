"""Pages of the roadmap in a browser: nothing for axe to find, nothing wider than a phone."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from roadmap.milestone.models import Milestone
from tests.browser.test_pages import sign_in, walk
from tests.roadmap.records import focal_point, published, state

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = [
    "timeline",
    "updates",
    "resolutions",
    "meetings",
    "bodies",
    "figures",
    "state",
    "action-lines",
]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_roadmap_can_be_read_and_used_by_everybody(page, live_server, language):
    call_command("load_roadmap", stdout=io.StringIO())
    milestone = Milestone.objects.get(title__startswith="Para 67")
    milestone.revise({"end": "2028"}, {}, None, "The session was moved.")
    itu, unesco = (
        focal_point("ITU", approves=True),
        focal_point("UNESCO", approves=True),
    )
    published(milestone, itu, "complete")
    published(milestone, unesco, "limited")
    state(milestone, itu, seen=1)
    with translation.override(language):
        addresses = [(name, reverse(f"roadmap:{name}")) for name in PAGES]
        addresses += [
            ("milestone", milestone.get_absolute_url()),
            ("resolution", reverse("roadmap:resolution", args=["a-res-80-173"])),
            ("body", reverse("roadmap:body", args=["UNGIS"])),
            ("action-line", reverse("roadmap:action-line", args=["C7-EHEA"])),
            ("filtered", f"{reverse('roadmap:timeline')}?track=GA&year=2025"),
            ("unknown", f"{reverse('roadmap:timeline')}?track=MOON"),
        ]
        own = [
            ("mine", reverse("roadmap:my-positions")),
            ("own-milestone", milestone.get_absolute_url()),
            ("position", reverse("roadmap:position", args=[milestone.pk, "ITU"])),
        ]

    found = walk(page, live_server, language, addresses)
    sign_in(page, live_server, itu)
    found += walk(page, live_server, language, own)

    assert found == []
