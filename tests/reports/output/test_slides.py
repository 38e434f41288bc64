"""The slides: the words and numbers of the report, in each language, one thing on each slide."""

import io

import pytest
from PIL import Image
from pptx import Presentation
from pptx.util import Emu

from reports.layout.layout import number, taken_apart
from reports.output.brief import TALLEST_CHART
from reports.output.slides.deck import HEIGHT, WIDTH
from reports.output.slides.report import MOST_ROWS, write_slides
from reports.publication.models import Publication
from tests.factories import (
    ActionLineFactory,
    CountryFactory,
    ProjectFactory,
    RegionFactory,
)
from tests.reports.output.test_pdf import of_series
from tests.reports.output.test_word import EVIL, LANGUAGES, taken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def saved(monkeypatch):
    """The citation names the address of a version, and these are not stored."""
    monkeypatch.setattr(
        Publication, "citation_of", lambda self, _snapshot: f"ITU, {self.title}. 2026."
    )


def opened(content):
    return Presentation(io.BytesIO(content))


def words(slide):
    """Every paragraph of a slide, cells of tables included."""
    frames = [shape.text_frame for shape in slide.shapes if shape.has_text_frame]
    for shape in slide.shapes:
        if shape.has_table:
            frames += [cell.text_frame for cell in shape.table.iter_cells()]
    return [paragraph.text for frame in frames for paragraph in frame.paragraphs]


def pictures(presentation):
    """Alternative text of each picture."""
    return [
        shape._element.nvPicPr.cNvPr.get("descr")
        for slide in presentation.slides
        for shape in slide.shapes
        if hasattr(shape, "image")
    ]


def line(text, kind="text"):
    """A passage as the body of a report holds it."""
    return {"text": text, "language": "", "direction": "ltr", "runs": [], "kind": kind}


def block(kind, **fields):
    return {"kind": kind, "is_missing": False, "language": "", **fields}


def paragraph(words):
    return [{"kind": "paragraph", "inlines": [{"kind": "text", "text": words}]}]


@pytest.mark.parametrize("series", Publication.Series.values)
@pytest.mark.parametrize("language", LANGUAGES)
def test_title_numbers_summary_and_every_chart_in_each_language(series, language):
    ProjectFactory()
    snapshot = taken(language, series=series, **of_series(series))

    presentation = opened(write_slides(snapshot))

    slides = [words(slide) for slide in presentation.slides]
    assert slides[0][0] == snapshot.publication.title
    assert snapshot.texts["period"] in slides[0]
    assert snapshot.build_id in slides[0]
    low = [
        chart
        for chart in snapshot.charts
        if taken_apart(chart["svg"])["height"] <= TALLEST_CHART
    ]
    said = pictures(presentation)
    assert said == [f"{chart['title']}. {chart['alt']}" for chart in low]
    assert any(snapshot.publication.title in text for text in slides[-1])
    if "countries" in snapshot.figures:
        assert number(snapshot.figures["countries"]) in slides[1]


def test_numbers_quotations_and_short_tables_of_editors_have_slides_of_their_own():
    ProjectFactory(country=CountryFactory(code="KE", name="Kenya"))
    snapshot = taken(series="global")
    figure = {"kind": "figure", "text": "13,240", "token": "total", "address": ""}
    snapshot.body[1]["blocks"] = [
        *[block("key_number", figure=figure, label=line("villages"))] * 7,
        block("quote", nodes=paragraph("It rains."), attribution=line("A farmer")),
        block("table", table="country", caption=line("Where they are")),
    ]

    slides = [words(slide) for slide in opened(write_slides(snapshot)).slides]

    heading = snapshot.body[1]["heading"]["text"]
    numbers = [slide for slide in slides if slide[0] == heading and "13,240" in slide]
    assert [slide.count("13,240") for slide in numbers] == [5, 2]
    [quotation] = [slide for slide in slides if "It rains." in slide]
    assert "— A farmer" in quotation
    [table] = [slide for slide in slides if slide[0] == "Where they are"]
    assert {"Kenya", "1"} <= set(table)


def test_a_table_that_no_slide_holds_stays_in_the_report():
    for place in range(MOST_ROWS + 1):
        country = CountryFactory(code=f"X{chr(65 + place)}", name=f"Land {place}")
        ProjectFactory(country=country)
    snapshot = taken(series="global")
    table = block("table", table="country", caption=line("Where they are"))
    snapshot.body[1]["blocks"] = [table]

    slides = [words(slide) for slide in opened(write_slides(snapshot)).slides]

    assert "Where they are" not in [slide[0] for slide in slides]


def test_short_tables_without_a_chart_have_slides_too():
    snapshot = taken(series="roadmap_state", **of_series("roadmap_state"))
    assert snapshot.charts == []

    slides = [words(slide) for slide in opened(write_slides(snapshot)).slides]

    counted = [t for t in snapshot.figures["tables"] if 0 < len(t["rows"]) <= MOST_ROWS]
    headings = [snapshot.texts["headings"][table["name"]] for table in counted]
    assert headings
    assert [slide[0] for slide in slides if slide[0] in headings] == headings


def test_a_chart_that_a_section_shows_has_its_caption_and_stands_once():
    ProjectFactory()
    snapshot = taken(series="global")
    [chart, *others] = snapshot.charts
    shown = block("chart", chart=chart["name"], caption=line("Ours"), alt=line("Alt"))
    snapshot.body[1]["blocks"] = [shown]

    said = pictures(opened(write_slides(snapshot)))

    assert said[0] == "Ours. Alt"
    low = [one for one in others if taken_apart(one["svg"])["height"] <= TALLEST_CHART]
    assert len(said) == 1 + len(low)


def test_a_chart_too_tall_to_read_gives_way_to_its_largest_rows():
    for place in range(MOST_ROWS + 2):
        line = ActionLineFactory(code=f"L{place}", name=f"Line {place}")
        ProjectFactory.create_batch(1 + place % 3, main_action_line=line)
    snapshot = taken(series="global")
    tall = next(c for c in snapshot.charts if c["table"] == "action_line")
    assert taken_apart(tall["svg"])["height"] > TALLEST_CHART

    slides = list(opened(write_slides(snapshot)).slides)

    [slide] = [one for one in slides if words(one)[0] == tall["title"]]
    [table] = [shape.table for shape in slide.shapes if shape.has_table]
    numbers = [int(table.cell(row, 1).text) for row in range(1, len(table.rows))]
    assert len(numbers) == MOST_ROWS
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] == 3


def test_arabic_runs_from_the_right_and_foreign_words_do_not():
    region = RegionFactory(code="ARB", name="Arab States", name_ar="الدول العربية")
    ProjectFactory(country__region=region)
    snapshot = taken("ar", series="global")

    presentation = opened(write_slides(snapshot))

    title = presentation.slides[0].shapes.title.text_frame.paragraphs[0]
    assert title._p.pPr.get("rtl") == "1"
    assert title.runs[0]._r.rPr.get("lang") == "ar"
    foot = presentation.slides[1].shapes[-1]
    assert foot.text_frame.paragraphs[0]._p.pPr.get("algn") == "r"


def test_everything_stays_on_the_slide_and_has_a_title():
    ProjectFactory()
    snapshot = taken(series="global")
    snapshot.publication.title = "Long title " * 18

    for slide in opened(write_slides(snapshot)).slides:
        assert slide.shapes.title.text_frame.text
        for shape in slide.shapes:
            assert Emu(0) <= shape.left
            assert shape.left + shape.width <= WIDTH
            assert shape.top + shape.height <= HEIGHT


def test_words_that_no_xml_may_hold_do_not_break_the_file():
    ProjectFactory()
    snapshot = taken(series="global")
    quote = block("quote", nodes=paragraph(EVIL), attribution=line(EVIL))
    snapshot.body[1]["blocks"] = [quote]

    said = [
        text for slide in opened(write_slides(snapshot)).slides for text in words(slide)
    ]

    assert any("<w:p>, & “=1+1”" in text for text in said)


def test_the_same_snapshot_makes_the_same_bytes():
    ProjectFactory()
    snapshot = taken("zh-hans")

    assert write_slides(snapshot) == write_slides(snapshot)


def test_pictures_keep_their_proportions():
    ProjectFactory()
    presentation = opened(write_slides(taken(series="global")))

    for slide in presentation.slides:
        for shape in slide.shapes:
            if hasattr(shape, "image"):
                width, height = Image.open(io.BytesIO(shape.image.blob)).size
                assert shape.width / shape.height == pytest.approx(width / height, 0.01)
