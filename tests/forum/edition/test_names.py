"""The name of an edition on the pages of the desk is the official one of the reader's language."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from tests.forum.records import EditionFactory, officer

pytestmark = pytest.mark.django_db
PAGES = (
    "plan",
    "plan-clashes",
    "suggestions",
    "screening",
    "reviews",
    "input-groups",
    "decisions",
    "mailings",
    "mailing-new",
    "reports",
)
OFFICIAL = {
    "ar": "منتدى القمة العالمية لمجتمع المعلومات 2026",
    "ru": "Форум ВВУИО 2026",
}


@pytest.mark.parametrize("language", OFFICIAL)
@pytest.mark.parametrize("name", PAGES)
def test_crumbs_and_title_name_the_edition_in_the_readers_language(
    client, name, language
):
    edition = EditionFactory(slug="2026", title="WSIS Forum 2026")
    client.force_login(officer())
    with translation.override(language):
        address = reverse(f"forum:{name}", args=[edition.slug])

    html = client.get(address).content.decode()

    crumbs = re.search(r'class="breadcrumbs\b.*?</nav>', html, re.DOTALL)[0]
    title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1]
    assert OFFICIAL[language] in crumbs
    assert "WSIS Forum 2026" not in crumbs + title


def test_the_hours_of_a_clash_stand_beside_the_clock_of_the_place(client):
    edition = EditionFactory(time_zone="Asia/Tokyo")
    client.force_login(officer())

    html = client.get(reverse("forum:plan-clashes", args=[edition.slug]))

    page = " ".join(html.content.decode().split())
    assert "Times are in the time zone of the venue (time of Tokyo)." in page
