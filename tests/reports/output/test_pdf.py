"""What people and machines read out of the PDF: letters, scripts, directions, figures, links."""

import io
import re

import pypdfium2
import pytest
from django.utils import timezone, translation
from pypdf import PdfReader

from reference.action_line.models import ActionLine
from reports.builders.series import builder_of
from reports.charts.drawing import draw_all
from reports.output.models import Snapshot
from reports.output.writers import write_pdf
from reports.publication.models import Publication
from roadmap.figure.models import Figure
from tests.factories import ProjectFactory, RegionFactory
from tests.forum import records as forum
from tests.reports.records import awarded_contest
from tests.roadmap.records import (
    MilestoneFactory,
    ResolutionFactory,
    focal_point,
    published,
)

pytestmark = pytest.mark.django_db

ARABIC = re.compile("[\u0621-\u064a]{2,}")
MARKS = re.compile("[\u064b-\u0652]")  # vowel signs, which print leaves out
TORN_AT_MOST = 0.03  # of the words; with Noto Sans Arabic four in five are lost
PYPDF_REORDERS = "لإل"  # it sets the second lam before its alef; PDFium does not
TITLE = "بوابة وطنية للخدمات الرقمية ورؤية زيارة أولوية الأطفال"
# A word in each script in which a Member State of the United Nations writes.
SCRIPTS = {
    "Amharic": "አማርኛ",
    "Arabic": "العربية",
    "Armenian": "Հայերեն",
    "Bengali": "বাংলা",
    "Chinese": "信息社会",
    "Cyrillic": "Українська",
    "Devanagari": "भारत",
    "Dhivehi": "ދިވެހި",
    "Georgian": "ქართული",
    "Greek": "Ελληνικά",
    "Gujarati": "ભારત",
    "Gurmukhi": "ਭਾਰਤ",
    "Hangul": "한국어",
    "Hebrew": "עברית",
    "Japanese": "ひらがなカタカナ",
    "Kannada": "ಭಾರತ",
    "Khmer": "កម្ពុជា",
    "Lao": "ລາວ",
    "Malayalam": "ഭാരതം",
    "Myanmar": "မြန်မာ",
    "Oriya": "ଭାରତ",
    "Sinhala": "ලංකා",
    "Tamil": "இந்தியா",
    "Telugu": "భారత",
    "Thai": "ไทย",
    "Tifinagh": "ⵜⴰⵎⴰⵣⵉⵖⵜ",
    "Urdu": "گزارش",
    "Vietnamese": "Tiếng",
}


def printed(language, **fields):
    """The document that is printed, and the PDF, without a worker."""
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
        content_hash="0" * 64,
    )
    snapshot.entries = entries
    return builder.document(snapshot, entries), write_pdf(snapshot)


def read_by_pypdf(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def read_by_pdfium(pdf):
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def words_of(value):
    """All Arabic words of a document that its reader sees."""
    if isinstance(value, str):
        return set(ARABIC.findall(MARKS.sub("", value)))
    if isinstance(value, dict):
        return set().union(
            *(words_of(v) for k, v in value.items() if k not in UNPRINTED)
        )
    if isinstance(value, list):
        return set().union(*map(words_of, value))
    return set()


UNPRINTED = {"labels", "messages", "charts", "alt", "shapes", "section", "summary"}


def of_series(name):
    """What each series of reports needs to have something to say."""
    if name == "success_stories":
        contest = awarded_contest()
        contest.entries.filter(status="winner").update(title=TITLE, language="ar")
        return {"contest": contest}
    if name == "roadmap_state":
        milestone = MilestoneFactory(title="Consultation")
        text = "التزمت الوكالة بإنجاز الدراسة، ورؤيتها زيارة 12 بلدا."
        published(
            milestone, focal_point("ITU", approves=True), text=text, language="ar"
        )
        return {"as_of": timezone.now().date()}
    if name == "forum_outcome":
        session = forum.released(title=TITLE, language="ar")
        forum.OutcomeFactory(session=session)
        return {"edition": session.edition}
    region = RegionFactory(code="ARB", name="Arab States", name_ar="الدول العربية")
    ProjectFactory(
        title=TITLE,
        language="ar",
        summary="مشروع (رائد) في 3 مدن.",
        country__region=region,
    )
    if name == "custom":
        return {"query": "region=ARB"}
    return {"region": region} if name == "regional" else {}


@pytest.mark.parametrize("series", Publication.Series.values)
def test_arabic_words_come_out_of_the_pdf_as_they_went_in(series):
    document, pdf = printed("ar", series=series, **of_series(series))

    source = words_of(document)
    assert len(source) > 60
    by_pdfium, by_pypdf = read_by_pdfium(pdf), read_by_pypdf(pdf)
    # Both extractors still tear a few words where a line turns its direction.
    allowed = len(source) * TORN_AT_MOST
    assert len({word for word in source if word not in by_pdfium}) <= allowed
    lost = {word for word in source if word not in by_pypdf}
    assert len({word for word in lost if PYPDF_REORDERS not in word}) <= allowed


def test_a_word_in_each_script_of_member_states_is_printed():
    for name, word in SCRIPTS.items():
        ProjectFactory(title=f"{name} {word}", language="en")

    _document, pdf = printed("en", series="global")

    extracted = read_by_pdfium(pdf) + read_by_pypdf(pdf)
    assert "\ufffd" not in extracted
    letters = set(extracted)
    assert {name for name, word in SCRIPTS.items() if not set(word) <= letters} == set()


def place_of(pdf, text):
    """(page, left edge) of a text in the PDF; its first digits are looked for."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number, page in enumerate(document):
            found = page.get_textpage().search(text, match_whole_word=True)
            if hit := found.get_next():
                return number, page.get_textpage().get_charbox(hit[0])[0]
    finally:
        document.close()
    raise AssertionError(text)


def test_numbers_that_sources_wrote_keep_their_order_in_arabic():
    for written in ("71 240", "8,000+"):
        Figure.objects.create(
            subject="projects", as_of="2024", written=written, source="Source"
        )
    for figure in Figure.objects.all():
        figure.keep()

    _document, pdf = printed("ar", series="roadmap_state", as_of=timezone.now().date())

    first, second = place_of(pdf, "71"), place_of(pdf, "240")
    assert first[0] == second[0]
    assert first[1] < second[1]
    assert "8,000+" in read_by_pypdf(pdf)


def test_each_part_of_a_mixed_line_stands_for_itself():
    milestone = MilestoneFactory(title="Consultation")
    published(
        milestone, focal_point("UNESCO", approves=True), text="6000 people were heard."
    )

    document, _pdf = printed("ar", series="roadmap_state", as_of=timezone.now().date())

    (story,) = [s for part in document["sections"] for s in part["items"]]
    said = story["details"][0]["passage"]
    assert (said["text"], said["language"]) == ("6000 people were heard.", "en")
    assert said["direction"] == "ltr"


def figures_in(node):
    node = node.get_object()
    if isinstance(node, list):
        return [found for child in node for found in figures_in(child)]
    if not isinstance(node, dict):
        return []
    own = [node] if node.get("/S") == "/Figure" else []
    return own + (figures_in(node["/K"]) if "/K" in node else [])


def test_every_figure_has_a_box_an_alternative_text_and_content():
    ProjectFactory(main_action_line=ActionLine.objects.first())

    document, pdf = printed("en", series="global")

    root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]
    found = figures_in(root)
    assert len(found) == len(document["charts"]) > 0
    for figure in found:
        attributes = figure["/A"]
        rows = attributes if isinstance(attributes, list) else [attributes]
        assert any("/BBox" in row.get_object() for row in rows), figure["/Alt"]
        assert figure["/Alt"]
        assert figure["/K"]


def test_links_of_the_records_lead_out_of_the_pdf():
    resolution = ResolutionFactory(link="https://undocs.org/A/RES/80/1", adopted="2025")
    resolution.source = "UN DESA https://publicadministration.desa.un.org/wsis20, table"
    resolution.save()
    resolution.keep()

    _document, pdf = printed("en", series="roadmap_state", as_of=timezone.now().date())

    annotations = [
        annotation.get_object()
        for page in PdfReader(io.BytesIO(pdf)).pages
        for annotation in page.get("/Annots", [])
    ]
    leads = {a["/A"]["/URI"] for a in annotations if "/URI" in a.get("/A", {})}
    assert leads >= {
        "https://undocs.org/A/RES/80/1",
        "https://publicadministration.desa.un.org/wsis20",
    }


def test_a_period_of_several_years_is_in_the_title():
    publication = Publication(
        series="global", from_year=2005, to_year=2006, language="en"
    )

    assert publication.default_title() == "Global stocktaking report 2005–2006"
