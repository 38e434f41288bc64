"""The brief: one page, from the same snapshot, in each language."""

import io

import pikepdf
import pytest
from pypdf import PdfReader

from reports.output.brief import summary, write_brief
from reports.publication.models import Publication
from tests.factories import ProjectFactory
from tests.reports.output.test_pdf import of_series
from tests.reports.output.test_word import LANGUAGES, taken
from tests.reports.records import close

pytestmark = pytest.mark.django_db
SERIES = ["global", "regional", "success_stories", "roadmap_state"]


@pytest.fixture(autouse=True)
def saved(monkeypatch):
    """The citation names the address of a version, and these are not stored."""
    monkeypatch.setattr(
        Publication, "citation_of", lambda self, _snapshot: f"ITU, {self.title}. 2026."
    )


def text_of(content):
    return close(
        "".join(p.extract_text() for p in PdfReader(io.BytesIO(content)).pages)
    )


@pytest.mark.parametrize("series", SERIES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_one_tagged_page_in_each_language_and_series(series, language):
    snapshot = taken(language, series=series, **of_series(series))

    content = write_brief(snapshot)

    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == 1
        assert pdf.Root.Lang == language.partition("-")[0]
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.docinfo["/Title"]) == snapshot.publication.title
        assert [float(x) for x in pdf.pages[0].MediaBox][2:] == pytest.approx(
            [595.28, 841.89], abs=0.1
        )
    if language != "ar":  # lines of Arabic are compared in test_pdf.py
        assert close(summary(snapshot)[0]) in text_of(content)
        assert close(snapshot.build_id) in text_of(content)


def test_the_numbers_and_the_text_of_editors_come_first():
    ProjectFactory()
    snapshot = taken()
    figure = {"kind": "figure", "text": "7", "token": "total", "address": ""}
    label = {
        "text": "villages",
        "language": "",
        "direction": "ltr",
        "runs": [{"text": "villages", "link": ""}],
    }
    words = "First one. Second one! Third one? Fourth one."
    paragraph = {
        "kind": "paragraph",
        "inlines": [{"kind": "text", "text": words}],
    }
    snapshot.body[1]["blocks"] = [
        {"kind": "text", "is_missing": False, "nodes": [paragraph]},
        *[
            {
                "kind": "key_number",
                "is_missing": False,
                "figure": figure,
                "label": label,
            }
        ]
        * 3,
    ]

    text = text_of(write_brief(snapshot))

    assert text.count("7villages") == 3
    assert "Firstone.Secondone!Thirdone?" in text
    assert "Fourthone" not in text


def test_the_same_snapshot_makes_the_same_bytes():
    ProjectFactory()
    snapshot = taken("ar")

    assert write_brief(snapshot) == write_brief(snapshot)


def test_a_long_title_and_a_long_summary_stay_on_the_page():
    snapshot = taken()
    snapshot.publication.title = "Long title " * 18
    snapshot.texts["summary"] = ["Words without an end " * 60]
    number = {
        "kind": "key_number",
        "is_missing": False,
        "figure": {"kind": "figure", "text": "13,240", "token": "total", "address": ""},
        "label": {"text": "projects of many kinds " * 13, "language": ""},
    }
    snapshot.body[1]["blocks"] = [number] * 6

    content = write_brief(snapshot)

    assert len(PdfReader(io.BytesIO(content)).pages) == 1
