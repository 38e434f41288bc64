"""Pages travel compressed without a proxy in front; files that are compressed stay as they are."""

import gzip

import pytest
from django.conf import settings

BUDGET = 60 * 1024  # bytes of a public page on its way (the UN's rules for weak lines)
PAGES = (
    "matrix/",
    "projects/",
    "projects/map/",
    "projects/gaps/",
    "roadmap/",
    "",
)


@pytest.mark.django_db
@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_public_pages_keep_the_budget_without_a_proxy(client, language):
    heavy = {}
    for page in PAGES:
        plain = client.get(f"/{language}/{page}")
        packed = client.get(
            f"/{language}/{page}", headers={"Accept-Encoding": "gzip, br"}
        )
        assert packed["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed["Vary"]
        unpacked = gzip.decompress(packed.content)
        assert (
            unpacked.lstrip()[:15] == plain.content.lstrip()[:15] == b"<!DOCTYPE html>"
        )
        if len(packed.content) > BUDGET:
            heavy[page] = len(packed.content)

    assert heavy == {}


@pytest.mark.django_db
def test_data_are_compressed_and_archives_are_not(client):
    answer = client.get(
        "/api/v1/codelists/country/", headers={"Accept-Encoding": "gzip"}
    )
    sheet = client.get("/en/projects/export.xlsx", headers={"Accept-Encoding": "gzip"})

    assert answer["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in sheet.headers
