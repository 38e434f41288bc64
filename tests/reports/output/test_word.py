"""The Word document: the words and numbers of the page, and what Word needs to read them well."""

import io
import re
import zipfile

import docx
import pytest
from django.utils import timezone, translation
from docx.oxml.ns import qn

from common.typesetting.passages import passage
from reports.builders.series import builder_of
from reports.charts.drawing import draw_all
from reports.output.models import Snapshot
from reports.output.word.report import write_docx
from reports.publication.models import Publication
from tests.factories import ProjectFactory, RegionFactory
from tests.reports.output.test_pdf import TITLE, of_series
from tests.reports.records import (
    approved_and_published,
    built,
    file_of,
    requested,
)

pytestmark = pytest.mark.django_db
LANGUAGES = ["ar", "en", "es", "fr", "ru", "zh-hans"]
EVIL = "Bell \x07, lone \ud800, <w:p>, & “=1+1”\nsecond line http://[x and https://a.example/b?c=d&e"


def taken(language="en", **fields):
    """A snapshot with its records, without a worker."""
    publication = Publication(language=language, **fields)
    builder = builder_of(publication)
    with translation.override(language):
        publication.title = builder.title(publication)
        scope = builder.scope_of(publication)
        figures, entries = builder.collect(scope)
        texts = builder.compose(scope, figures)
        charts = draw_all(figures, texts, language, {}, builder.CHARTS)
    snapshot = Snapshot(
        publication=publication,
        version=1,
        taken_at=timezone.now(),
        figures=figures,
        body=texts.pop("body", []),
        texts=texts,
        charts=charts,
        content_hash="0123456789abcdef" * 4,
    )
    snapshot.entries = entries
    return snapshot


def opened(content):
    return docx.Document(io.BytesIO(content))


def words(document):
    """All words in reading order, those of links and tables included."""
    return "\n".join(
        "".join(part.text or "" for part in paragraph.iter(qn("w:t")))
        for paragraph in document.element.body.iter(qn("w:p"))
    )


# Names, codes and drawings, which nobody reads as words.
UNPRINTED = {
    *("svg", "shapes", "words", "alt", "name", "table", "code"),
    *("language", "direction", "values", "kind", "id"),
}


def texts_of(value):
    """Every text of the plain document that a reader sees."""
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, dict):
        if "runs" in value:
            return [value["text"]] if value["text"] else []
        return [t for k, v in value.items() if k not in UNPRINTED for t in texts_of(v)]
    if isinstance(value, list):
        return [t for one in value for t in texts_of(one)]
    return []


@pytest.mark.parametrize("series", Publication.Series.values)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_plain_document_is_in_the_file(language, series):
    snapshot = taken(language, series=series, **of_series(series))
    printed = builder_of(snapshot.publication).document(snapshot, snapshot.entries)
    parts = (
        "title",
        "source",
        "body",
        "tables",
        "chapters",
        "index",
        "sources",
        "sections",
    )
    if "tables" in printed:
        printed["tables"] = [table for table in printed["tables"] if table["rows"]]
    expected = texts_of({name: printed.get(name) for name in parts})

    extracted = words(opened(write_docx(snapshot)))

    assert len(expected) > 30
    assert [text for text in expected if text not in extracted] == []


def test_numbers_are_those_of_the_page(client, transactional_db):
    ProjectFactory.create_batch(3)
    publication = approved_and_published(built(requested()))
    html = client.get(publication.get_absolute_url()).content.decode()

    document = opened(file_of(publication, "docx"))

    figures = publication.snapshots.get().figures
    for table, counted in zip(document.tables, figures["tables"], strict=False):
        part = html.split(f'id="table-{counted["name"]}"')[1].split("</section>")[0]
        on_page = re.findall(r"<td>([\d,]*)</td>", part)
        cells = [cell.text for row in table.rows[1:] for cell in row.cells[1:]]
        assert cells == on_page
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_headings_contents_and_metadata():
    ProjectFactory(title="Village radio")
    snapshot = taken(series="global")

    document = opened(write_docx(snapshot))

    styles = {p.style.name for p in document.paragraphs}
    assert styles >= {"Title", "Heading 1", "Heading 2", "Heading 3", "toc 1", "toc 2"}
    assert "Village radio" in [
        p.text for p in document.paragraphs if p.style.name == "Heading 3"
    ]
    marks = {
        mark.get(qn("w:name"))
        for mark in document.element.body.iter(qn("w:bookmarkStart"))
    }
    leads = {
        link.get(qn("w:anchor"))
        for link in document.element.body.iter(qn("w:hyperlink"))
        if link.get(qn("w:anchor"))
    }
    assert leads == marks
    assert 'TOC \\o "1-2"' in document.element.xml
    about = document.core_properties
    assert about.title == snapshot.publication.title
    assert about.author == "World Summit on the Information Society"
    assert (about.language, about.comments) == ("en", "")


def test_each_chart_is_a_picture_with_an_alternative_text():
    ProjectFactory()
    snapshot = taken(series="global")

    document = opened(write_docx(snapshot))

    said = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert said == [f"{chart['title']}. {chart['alt']}" for chart in snapshot.charts]


def test_an_arabic_report_runs_from_right_to_left():
    region = RegionFactory(code="ARB", name="Arab States", name_ar="الدول العربية")
    ProjectFactory(title=TITLE, language="ar", country__region=region)
    ProjectFactory(title="An English title", language="en")
    snapshot = taken("ar", series="global")

    document = opened(write_docx(snapshot))

    by_words = {p.text: p._p for p in document.paragraphs if p.text}
    arabic, english = by_words[TITLE], by_words["An English title"]
    assert arabic.pPr.find(qn("w:bidi")) is not None
    assert arabic.find(f".//{qn('w:rtl')}") is not None
    assert arabic.find(f".//{qn('w:lang')}").get(qn("w:bidi")) == "ar"
    assert english.pPr.find(qn("w:bidi")) is None
    assert english.find(f".//{qn('w:lang')}").get(qn("w:val")) == "en"
    assert all(
        t._tbl.tblPr.find(qn("w:bidiVisual")) is not None for t in document.tables
    )


def test_the_same_snapshot_makes_the_same_bytes():
    ProjectFactory()
    snapshot = taken(series="global")

    first, second = write_docx(snapshot), write_docx(snapshot)

    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_nothing_that_a_member_wrote_breaks_the_file():
    ProjectFactory(
        title="Radio", summary=EVIL.replace("\ud800", ""), website="https://x:y"
    )
    snapshot = taken(series="global")

    document = opened(write_docx(snapshot))

    assert "Bell , lone , <w:p>, & “=1+1”second line http://[x and https://" in words(
        document
    )
    targets = {
        relation.target_ref
        for relation in document.part.rels.values()
        if relation.is_external
    }
    assert targets == {"https://a.example/b?c=d&e"}


def test_an_empty_report_says_so():
    snapshot = taken(series="global")

    document = opened(write_docx(snapshot))

    assert "There are no published projects for this region and period." in words(
        document
    )


def text_node(words):
    return {"kind": "text", "text": words}


def paragraph(*inlines):
    return {"kind": "paragraph", "inlines": list(inlines)}


NODES = [
    {"kind": "heading", "level": 1, "inlines": [text_node("Why it matters")]},
    paragraph(
        {"kind": "strong", "inlines": [text_node("Strong words ")]},
        {"kind": "figure", "text": "1,234", "address": "/en/projects/?region=ARB"},
        text_node(" and "),
        {
            "kind": "link",
            "address": "https://a.example/",
            "inlines": [{"kind": "emphasis", "inlines": [text_node("a link")]}],
        },
        {"kind": "break"},
        {"kind": "claim", "text": "the largest number", "address": ""},
    ),
    {
        "kind": "list",
        "ordered": True,
        "start": 3,
        "items": [
            [paragraph(text_node("Third"))],
            [
                paragraph(text_node("Fourth")),
                {
                    "kind": "list",
                    "ordered": False,
                    "items": [[paragraph(text_node("Inner"))]],
                },
            ],
        ],
    },
    {"kind": "quotation", "nodes": [paragraph(text_node("A saying"))]},
]


def written(kind, **more):
    block = {"id": 1, "kind": kind, "language": "en", "state": "", "is_missing": False}
    return block | {"caption": passage(""), "alt": passage("")} | more


def test_what_editors_wrote_is_drawn_block_by_block(settings):
    settings.SITE_URL = "https://portal.example"
    ProjectFactory(title="Village radio")
    snapshot = taken(series="global")
    number = {"kind": "figure", "text": "5,678", "address": "/en/projects/"}
    blocks = [
        written("text", nodes=NODES, is_missing=True),
        written(
            "quote", nodes=[paragraph(text_node("Said"))], attribution=passage("Ada")
        ),
        written("key_number", figure=number, label=passage("projects")),
        written("table", table="region", caption=passage("A caption")),
        written(
            "chart", chart="region", alt=passage("Bars"), caption=passage("A chart")
        ),
        written("picture", file="nothing.webp", alt=passage("A village")),
        written("boxes", entries=snapshot.entries, caption=passage("Chosen")),
    ]
    heading = passage("Foreword")
    snapshot.body = [
        {"id": 1, "kind": "foreword", "level": 1, "heading": heading, "blocks": blocks}
    ]

    document = opened(write_docx(snapshot))

    by_style = {}
    for one in document.paragraphs:
        by_style.setdefault(one.style.name, []).append(one.text)
    said = words(document)
    assert by_style["Heading 1"] == ["Foreword"]
    assert by_style["Heading 2"] == ["Why it matters", "Village radio"]
    assert "Strong words 1,234 and a link" in said
    assert "the largest number" in said
    assert by_style["List Number"] == ["Third", "Fourth"]
    assert by_style["List Bullet 2"] == ["Inner"]
    assert by_style["Quote"][:2] == ["A saying", "Said"]
    assert "— Ada" in said
    assert "5,678 projects" in said
    assert "Not translated yet" in said
    assert "A village" in said
    assert [shape._inline.docPr.get("descr") for shape in document.inline_shapes] == [
        "A chart. Bars"
    ]
    assert len(document.tables) == 1
    targets = {r.target_ref for r in document.part.rels.values() if r.is_external}
    assert targets >= {
        "https://portal.example/en/projects/?region=ARB",
        "https://a.example/",
    }
    start = document.part.numbering_part.element.xpath("//w:startOverride/@w:val")
    assert start == ["3"]
