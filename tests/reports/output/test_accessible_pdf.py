"""What PDF/UA asks of each series in each language, seen in the file itself."""

import io

import pdfua
import pikepdf
import pytest
from django.conf import settings

from reports.publication.models import Publication
from tests.reports.output.test_pdf import of_series, printed

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in settings.LANGUAGES]
SHOWN = {"Tj", "TJ", "'", '"'}  # the operators that paint text
BOOKMARKS = 3  # at least: a report has more headings than its title


def bookmarks(document):
    with document.open_outline() as outline:
        return [item.title for item in outline.root]


def hidden_words(document):
    """How often our own files hide text from readers; Typst names a type of what it hides by
    itself: headers, footers, the dots of the contents."""
    return sum(hidden_words_of(page) for page in document.pages)


def hidden_words_of(page):
    hidden, opened = 0, []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BMC", "BDC"):
            opened.append(is_hidden(operands))
        elif name == "EMC":
            opened.pop()
        elif name in SHOWN and any(opened):
            hidden += 1
    return hidden


def is_hidden(operands):
    if operands[0] != "/Artifact":
        return False
    about = operands[1] if len(operands) > 1 else {}
    return "/Type" not in about


def structure(node):
    """Every element of the tag tree."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from structure(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from structure(node.K)


def charts_in(value):
    """Every chart of the plain document, wherever its series prints them."""
    if isinstance(value, dict):
        if "shapes" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from charts_in(one)


@pytest.mark.parametrize("series", Publication.Series.values)
def test_the_pdf_is_accessible_in_every_language(series, tmp_path):
    fields = of_series(series)
    for language in LANGUAGES:
        plain, pdf = printed(language, series=series, **fields)
        path = tmp_path / f"{language}.pdf"
        path.write_bytes(pdf)

        assert [str(one) for one in pdfua.validate(path).findings] == []
        with pikepdf.open(io.BytesIO(pdf)) as document:
            require_described(document, plain, language)


def require_described(document, plain, language):
    root = document.Root
    spoken = str(root.Lang).lower()
    assert spoken.split("-")[0] == language.split("-")[0]
    assert root.MarkInfo.Marked
    assert root.ViewerPreferences.DisplayDocTitle
    direction = root.ViewerPreferences.get("/Direction", "/L2R")
    assert direction == ("/R2L" if language == "ar" else "/L2R")
    with document.open_metadata() as metadata:
        assert metadata["dc:title"] == plain["title"]
        assert metadata["pdfuaid:part"] == "1"
    assert len(bookmarks(document)) >= BOOKMARKS
    assert hidden_words(document) == 0
    figures = [one for one in structure(root.StructTreeRoot.K) if one.S == "/Figure"]
    assert len(figures) == len(list(charts_in(plain)))
    for figure in figures:
        assert str(figure.Alt).strip()


def links(document):
    """The addresses that a reader can press."""
    for page in document.pages:
        for annotation in page.get("/Annots", []):
            action = annotation.get("/A", {})
            if "/URI" in action:
                yield str(action.URI)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_address_of_the_methodology_is_a_link(language):
    _plain, pdf = printed(language, series="global", **of_series("global"))

    with pikepdf.open(io.BytesIO(pdf)) as document:
        pressed = list(links(document))

    assert f"{settings.SITE_URL}/{language}/reports/methodology/" in pressed
