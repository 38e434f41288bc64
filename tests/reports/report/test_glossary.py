"""The words beside a translation."""

import pytest

from reports.report.glossary import terms_in
from tests.reports.records import secretariat
from tests.reports.report.pages import Editor
from tests.reports.report.records import report, section_of

pytestmark = pytest.mark.django_db

TEXT = "The World Summit on the Information Society met in Geneva; E-government grew."


def test_the_official_words_are_found_in_the_order_of_the_text():
    terms = terms_in(TEXT, "fr")

    assert ("E-government", "Administration électronique") in terms
    assert terms[0] == (
        "World Summit on the Information Society",
        "Sommet mondial sur la société de l’information",
    )
    assert terms_in("Nothing of the kind", "fr") == []


def test_they_stand_beside_the_translation_only(client):
    section = section_of(report(), kind="foreword")
    section.blocks.get().write("text", "en", TEXT, secretariat())
    client.force_login(secretariat())

    assert "Administration électronique" in Editor(client, section, "fr").html
    assert "Administration électronique" not in Editor(client, section).html
