"""What an editor wrote, in six languages: page, PDF, JSON and spreadsheet say the same words."""

import io
import json
import re
from html.parser import HTMLParser

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image
from pypdf import PdfReader

from common.typesetting.fonts import VOWEL_MARKS
from reports.markup.nodes import plain
from reports.report.kinds import BlockKind
from tests.factories import CountryFactory, ProjectFactory
from tests.reports.output.test_pdf import TORN_AT_MOST, read_by_pdfium, read_by_pypdf
from tests.reports.records import built, file_of, requested, secretariat
from tests.reports.written import written

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = {
    "en": "The **region** has {{count: region=AFR, year=2025}} projects, {{largest: "
    "region=AFR, year=2025 | more than any other}} region.",
    "fr": "La **région** compte {{count: region=AFR, year=2025}} projets, {{largest: "
    "region=AFR, year=2025 | plus que toute autre}} région.",
    "es": "La **región** tiene {{count: region=AFR, year=2025}} proyectos, {{largest: "
    "region=AFR, year=2025 | más que ninguna otra}} región.",
    "ru": "В **регионе** {{count: region=AFR, year=2025}} проектов, {{largest: "
    "region=AFR, year=2025 | больше, чем в любом другом}} регионе.",
    "ar": "في **المنطقة** {{count: region=AFR, year=2025}} مشروع، {{largest: "
    "region=AFR, year=2025 | وهو العدد الأكبر}} بين المناطق.",
    "zh-hans": "该**区域**有{{count: region=AFR, year=2025}}个项目，{{largest: "
    "region=AFR, year=2025 | 多于任何其他区域}}。",
}
MORE = """

# 1

* *a* [ITU](https://www.itu.int/) <b>x</b>
* `c` {{share: region=AFR, year=2025}}
  1. one

> #show: *not* $x$ @y
"""
WORD = re.compile(r"[^\W_]+")


class Reader(HTMLParser):
    """The words of an article; the drawings of charts apart."""

    def __init__(self):
        super().__init__()
        self.text, self.inside, self.drawn = [], False, 0

    def handle_starttag(self, tag, attrs):
        self.inside = self.inside or tag == "article"
        self.drawn += tag == "svg"

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "article"
        self.drawn -= tag == "svg"

    def handle_data(self, data):
        if self.inside and not self.drawn:
            self.text.append(data)


def page_text(client, publication):
    reader = Reader()
    reader.feed(client.get(publication.get_absolute_url()).content.decode())
    return "".join(reader.text)


def close(text):
    """Without spaces, which a PDF only implies, and vowel signs, which it does not print."""
    return "".join(c for c in text if not c.isspace() and c not in VOWEL_MARKS)


def report_in(language):
    ProjectFactory.create_batch(3, year=2025)
    ProjectFactory(year=2025, country=CountryFactory(code="FR"))
    publication = requested(language=language)
    written(publication, WORDS[language] + MORE, publication.report.language)
    return built(publication)


@pytest.mark.parametrize("language", WORDS)
def test_page_and_pdf_have_every_word_of_the_text(client, language):
    publication = report_in(language)
    client.force_login(secretariat())
    (text,) = (
        block
        for section in publication.snapshots.get().body
        for block in section["blocks"]
        if block["kind"] == "text"
    )
    said = plain(text["nodes"])
    assert said.startswith(re.split(r"\*\*|{{", WORDS[language])[0])
    assert "{{" not in said

    page, pdf = page_text(client, publication), file_of(publication, "pdf")

    assert " ".join(said.split()) in " ".join(page.split())
    words = WORD.findall("".join(c for c in said if c not in VOWEL_MARKS))
    for extracted in (close(read_by_pdfium(pdf)), close(read_by_pypdf(pdf))):
        lost = [word for word in words if word not in extracted]
        assert len(lost) <= (len(words) * TORN_AT_MOST if language == "ar" else 0), lost
    if language not in ("ar", "zh-hans"):
        for line in said.split("\n"):
            assert close(line) in close(read_by_pdfium(pdf)).replace("-", "")


def test_the_page_links_each_number_to_its_list_and_names_its_token(client):
    publication = report_in("en")
    client.force_login(secretariat())

    page = client.get(publication.get_absolute_url()).content.decode()

    digest = publication.snapshots.get().content_hash[:12]
    link = re.search(r'<a href="([^"]+)"\s+title="count[^"]+"><bdi>3</bdi></a>', page)
    assert link[1] == "/en/projects/?region=AFR&amp;year=2025"
    assert f"count: region=AFR, year=2025 – {digest}" in link[0]
    assert "<strong>region</strong>" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert 'href="https://www.itu.int/" rel="nofollow"' in page


def test_the_pdf_links_each_number_to_its_list():
    publication = report_in("fr")

    annotations = [
        annotation.get_object()
        for page in PdfReader(io.BytesIO(file_of(publication, "pdf"))).pages
        for annotation in page.get("/Annots", [])
    ]
    leads = {a["/A"]["/URI"] for a in annotations if "/URI" in a.get("/A", {})}
    assert "https://www.itu.int/" in leads
    assert any(one.endswith("/fr/projects/?region=AFR&year=2025") for one in leads)


def test_json_and_spreadsheet_have_the_numbers_of_the_text():
    publication = report_in("en")

    body = json.loads(file_of(publication, "json"))["body"]
    book = openpyxl.load_workbook(io.BytesIO(file_of(publication, "xlsx")))

    assert body == publication.snapshots.get().body
    rows = list(book["Numbers in the text"].iter_rows(min_row=2, values_only=True))
    assert [row[:2] for row in rows] == [
        ("count: region=AFR, year=2025", "3"),
        ("largest: region=AFR, year=2025 | more than any other", "more than any other"),
        ("share: region=AFR, year=2025", "75%"),
    ]
    assert rows[0][2].endswith("/en/projects/?region=AFR&year=2025")


def test_what_is_not_translated_is_printed_in_the_original_and_marked(client):
    ProjectFactory(year=2025)
    requested(language="en")  # the report is written in English
    publication = requested(language="ar")
    written(publication, "There {{grew: from=2024, to=2025 | are more}} now.")
    built(publication)
    client.force_login(secretariat())

    page = client.get(publication.get_absolute_url()).content.decode()
    extracted = read_by_pypdf(file_of(publication, "pdf"))  # PDFium turns the line

    assert '<div lang="en" dir="ltr">' in page
    marked = publication.snapshots.get().texts["labels"]["untranslated"]
    assert marked in page
    assert "There are more now." in extracted


def pictured(content):
    path = default_storage.save("reports/pictures/1/t.webp", ContentFile(content))
    return {"file": path, "width": 40, "height": 20}


def picture():
    target = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(target, "WEBP")
    return target.getvalue()


@pytest.mark.parametrize("content", [picture(), b"broken"], ids=["webp", "broken"])
def test_every_kind_of_block_is_on_the_page_and_in_the_pdf(client, content):
    ProjectFactory(year=2025, title="Solar schools")
    publication = requested(language="en")
    for kind, text, more in (
        (BlockKind.KEY_NUMBER, "projects of 2025", {"token": "{{count: year=2025}}"}),
        (BlockKind.TABLE, "Table of years", {"table": "year"}),
        (BlockKind.CHART, "Bars of regions", {"chart": "region"}),
        (BlockKind.QUOTE, "It *works*.", {}),
        (BlockKind.PICTURE, "A school with a mast", pictured(content)),
        (BlockKind.BOXES, "Chosen projects", {"by": "country", "count": 2}),
    ):
        written(publication, text, kind=kind, settings=more)
    built(publication)
    client.force_login(secretariat())

    page = page_text(client, publication)
    pdf = close(read_by_pdfium(file_of(publication, "pdf")))

    for words in (
        "1 projects of 2025",
        "Table of years",
        "It works.",
        "Chosen projects",
    ):
        assert words in " ".join(page.split())
        assert close(words) in pdf
    assert page.count("Solar schools") >= 1
    html = client.get(publication.get_absolute_url()).content.decode()
    assert 'alt="A school with a mast"' in html
    source = re.search(r'src="(/en/reports/[^"]+/pictures/\d+/)"', html)[1]
    assert b"".join(client.get(source)) == content
    client.logout()
    assert client.get(source).status_code == 404
