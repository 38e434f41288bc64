import json
import re
from datetime import datetime

import pytest
from django.conf import settings
from django.utils import timezone

from stocktaking.base.workflow import Status
from tests.factories import ProjectFactory
from wsis_portal.pages import sitemaps

pytestmark = pytest.mark.django_db
CODES = [code for code, _name in settings.LANGUAGES]
LOCATION = re.compile("<loc>(.*?)</loc>")
EVIL = '</script><script>alert(1)</script>"&'


def test_json_ld_says_what_the_page_says(client, settings):
    settings.SITE_URL = "https://portal.example"
    project = ProjectFactory(title=EVIL, website="https://x.example/")

    response = client.get(f"/en/projects/{project.pk}.jsonld")
    said = json.loads(response.content)

    page = client.get(project.get_absolute_url()).content.decode()
    assert response["Content-Type"] == "application/ld+json"
    assert (said["name"], said["identifier"]) == (EVIL, project.number)
    assert said["url"] == f"https://portal.example{project.get_absolute_url()}"
    assert said["areaServed"] == {"@type": "Country", "name": "Kenya"}
    assert "contact@ministry.example" not in response.content.decode()
    assert f'href="/en/projects/{project.pk}.jsonld"' in page


@pytest.mark.parametrize("address", ["{}.jsonld", "{}/card/"])
def test_drafts_have_none(client, address):
    draft = ProjectFactory(status=Status.DRAFT)

    assert client.get(f"/en/projects/{address.format(draft.pk)}").status_code == 404


def test_a_card_may_be_framed_and_nothing_else(client):
    project = ProjectFactory(title=EVIL)

    card = client.get(f"/en/projects/{project.pk}/card/")
    page = client.get(project.get_absolute_url())

    assert "frame-ancestors *" in card["Content-Security-Policy"]
    assert "X-Frame-Options" not in card
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert "<form" not in card.content.decode()
    assert "alert(1)</script>" not in card.content.decode()


def test_the_map_of_the_site_names_each_project_in_six_languages(
    client, monkeypatch, settings
):
    monkeypatch.setattr(sitemaps.Projects, "limit", 2 * 6)
    projects = ProjectFactory.create_batch(5)

    whole = client.get("/sitemap.xml").content.decode()
    addresses = LOCATION.findall(whole)
    parts = [client.get(address).content.decode() for address in addresses]

    assert len(addresses) == 4
    assert parts[0].count("/by/country/KE/</loc>") == 6
    assert [part.count("<url>") for part in parts[1:]] == [12, 12, 6]
    pages = [f"{settings.SITE_URL}/{code}/projects/{projects[4].pk}/" for code in CODES]
    assert all(parts[3].count(f"<loc>{page}</loc>") == 1 for page in pages)
    assert all(parts[3].count(f'href="{page}"') == 6 for page in pages)
    changed = projects[4].updated_at.date().isoformat()
    assert parts[3].count(f"<lastmod>{changed}</lastmod>") == 6
    assert client.get("/sitemap-projects.xml?p=4").status_code == 404
    assert client.get("/sitemap-nothing.xml").status_code == 404


def test_a_draft_is_on_no_map(client):
    ProjectFactory(status=Status.DRAFT)

    part = client.get("/sitemap-projects.xml")

    assert part.status_code == 200
    assert "<url>" not in part.content.decode()


def test_an_empty_register_has_a_map_too(client):
    whole = client.get("/sitemap.xml").content.decode()

    assert "/sitemap-pages.xml</loc>" in whole
    assert "/en/projects/</loc>" in client.get("/sitemap-pages.xml").content.decode()


def test_robots_are_shown_the_map(client):
    said = client.get("/robots.txt").content.decode()

    assert "Disallow: /api/" in said
    assert "/sitemap.xml" in said


@pytest.mark.parametrize(
    ("address", "contact"),
    [
        ("secretariat@agency.example", "mailto:secretariat@agency.example"),
        ("", "/help/"),
    ],
)
def test_whoever_finds_a_weakness_is_told_whom_to_tell(
    client, settings, address, contact
):
    settings.CONTACT_EMAIL, settings.SITE_URL = address, "https://portal.example"

    fields = dict(
        line.split(": ", 1)
        for line in client.get("/.well-known/security.txt")
        .content.decode()
        .splitlines()
    )

    assert fields["Contact"].endswith(contact)
    assert fields["Canonical"] == "https://portal.example/.well-known/security.txt"
    assert timezone.now() < datetime.fromisoformat(fields["Expires"])
