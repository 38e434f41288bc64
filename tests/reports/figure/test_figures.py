"""Each table and chart at its own address: the same numbers everywhere, and who may read them."""

import csv
import io
import json
import re

import openpyxl
import pytest
from django.urls import reverse
from PIL import Image

from reports.figure.reading import figure_named
from reports.publication.workflow import Status
from tests.factories import CountryFactory, ProjectFactory, UserFactory
from tests.reports.records import (
    approved_and_published,
    built,
    frozen,
    pdf_text,
    requested,
    secretariat,
    stories,
)

pytestmark = pytest.mark.django_db
FORMATS = ["csv", "xlsx", "json", "svg", "png"]


def address(publication, page="figure", name="region", **more):
    kwargs = {"pk": publication.pk, "version": 1, "name": name} | more
    return reverse(f"reports:{page}", kwargs=kwargs)


def file(client, publication, name, file_format):
    url = address(publication, "figure-file", name, file_format=file_format)
    return client.get(url).content


@pytest.fixture
def report(transactional_db):
    """A published report that a worker built of projects in three regions."""
    for country, count in (("KE", 3), ("EG", 2), ("FR", 1)):
        ProjectFactory.create_batch(count, country_id=country)
    return approved_and_published(built(requested()))


def numbers(texts):
    return [int(text) for text in texts]


def test_page_and_files_hold_the_same_numbers(client, report):
    snapshot = report.snapshots.get()
    names = {table["name"] for table in snapshot.figures["tables"] if table["rows"]}
    for name in names | {chart["name"] for chart in snapshot.charts}:
        figure = figure_named(snapshot, name)
        values = [v for row in figure.counted["rows"] for v in row["values"]]
        sums = json.loads(file(client, report, name, "json"))["totals"]

        html = client.get(address(report, name=name)).content.decode()
        assert numbers(re.findall(r"<td>(\d+)</td>", html)) == values + [
            n for n in sums if n is not None
        ]

        text = file(client, report, name, "csv").decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))[1:]
        assert numbers(cell for row in rows for cell in row[2:]) == values

        book = openpyxl.load_workbook(
            io.BytesIO(file(client, report, name, "xlsx")), read_only=True
        )
        cells = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
        assert [c for row in cells[: len(rows)] for c in row[2:]] == values

        said = json.loads(file(client, report, name, "json"))
        assert [v for row in said["table"]["rows"] for v in row["values"]] == values

        if figure.chart:
            svg = file(client, report, name, "svg").decode()
            words = re.findall(r">([\d,]+)</text>", svg)
            column = 1 if name == "action_line_all" else 0
            drawn = [row["values"][column] for row in figure.counted["rows"]]
            assert [n for n in numbers(words) if n < 1000] == drawn
            assert figure.chart["title"] in html


def test_page_pdf_and_files_say_from_where_the_numbers_are(client, report):
    snapshot = report.snapshots.get()
    source = figure_named(snapshot, "region").source
    short = snapshot.content_hash[:12]

    page = client.get(report.get_absolute_url()).content.decode()
    figures = len(snapshot.charts) + len(
        [table for table in snapshot.figures["tables"] if table["rows"]]
    )

    assert source.startswith("Source: WSIS Stocktaking, snapshot of ")
    assert source.endswith(f", {short}")
    assert page.count(source) == figures
    assert pdf_text(report).count(short) >= figures
    assert source in client.get(address(report)).content.decode()
    assert json.loads(file(client, report, "region", "json"))["source"] == source
    book = openpyxl.load_workbook(io.BytesIO(file(client, report, "region", "xlsx")))
    assert book.worksheets[1]["A2"].value == source


def test_the_picture_has_the_width_that_the_page_states(client, report):
    picture = Image.open(io.BytesIO(file(client, report, "region", "png")))

    html = client.get(address(report)).content.decode()
    assert f"PNG, {picture.width:,} pixels wide" in html


def is_red(pixel):
    red, green, blue = pixel[:3]
    return red > 150 and green < 60 and blue < 80


@pytest.mark.parametrize(("language", "word"), [("en", "DRAFT"), ("ar", "مسودة")])
def test_pictures_say_that_they_are_of_a_draft(
    client, transactional_db, language, word
):
    ProjectFactory(country_id="KE")
    publication = built(requested(language=language))
    build = publication.snapshots.get().build_id

    def pictures():
        drawing = file(client, publication, "region", "svg").decode()
        content = file(client, publication, "region", "png")
        picture = Image.open(io.BytesIO(content)).convert("RGB")
        return drawing, any(
            is_red(pixel) for _count, pixel in picture.getcolors(1 << 24)
        )

    client.force_login(secretariat())
    drawing, has_red = pictures()
    assert f"{word} {build}" in drawing.split("</title>")[0]
    assert f"{word} {build}" in drawing.split("</desc>")[1]
    assert has_red

    approved_and_published(publication)
    client.logout()
    drawing, has_red = pictures()
    assert word not in drawing
    assert not has_red


def test_a_figure_leads_to_the_list_of_today(client):
    ProjectFactory(country_id="KE")
    publication = frozen(
        series="regional", region_id="AFR", from_year=2023, to_year=2024
    )

    html = client.get(address(publication, name="year")).content.decode()

    assert "/en/projects/?region=AFR&amp;year=2023&amp;year=2024" in html


def test_each_row_of_a_vocabulary_leads_to_its_list(client):
    ProjectFactory(country_id="EG", title="A")
    publication = frozen()

    html = client.get(address(publication)).content.decode()
    (link,) = re.findall(r'<a href="(/en/projects/\?region=ARB)">', html)

    assert ">A</a>" in client.get(link).content.decode()


@pytest.mark.parametrize("signed_in", [False, True])
def test_strangers_find_no_figure_of_what_is_not_public(client, signed_in):
    ProjectFactory()
    publication = frozen(status=Status.READY)
    if signed_in:
        client.force_login(UserFactory())

    pages = [address(publication), address(publication, "figure-embedded")]
    files = [address(publication, "figure-file", file_format=f) for f in FORMATS]

    assert {client.get(url).status_code for url in pages + files} == {404}


def test_the_secretariat_reads_it_before_but_nobody_frames_it(client):
    ProjectFactory()
    publication = frozen(status=Status.READY)
    client.force_login(secretariat())

    page = client.get(address(publication))
    data = client.get(address(publication, "figure-file", file_format="csv"))
    framed = client.get(address(publication, "figure-embedded"))

    assert (page.status_code, framed.status_code) == (200, 404)
    assert "private" in data["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "file_format"),
    [("region", "exe"), ("nothing", "csv"), ("country", "svg"), ("country", "png")],
)
def test_what_is_not_there(client, name, file_format):
    ProjectFactory()
    publication = frozen()

    url = address(publication, "figure-file", name, file_format=file_format)

    assert client.get(url).status_code == 404


def test_bad_places_are_not_found(client):
    ProjectFactory()
    publication = frozen()

    assert client.get(address(publication, version=10**18)).status_code == 404
    assert client.get(address(publication, name="x")).status_code == 404


def test_a_figure_may_be_framed_and_nothing_else(client):
    ProjectFactory()
    publication = frozen()

    framed = client.get(address(publication, "figure-embedded"))
    page = client.get(address(publication))
    html = framed.content.decode()

    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert dict(framed.cookies) == {}
    assert re.findall(r"<form|<script|<nav|<style| style=", html) == []
    assert "Source: WSIS Stocktaking, snapshot of" in html
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert address(publication, "figure-embedded") in page.content.decode()


def test_a_known_file_is_not_sent_again(client):
    ProjectFactory()
    url = address(frozen(), "figure-file", file_format="csv")
    first = client.get(url)

    again = client.get(url, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert first["Content-Disposition"].startswith('attachment; filename="wsis-report-')


def test_what_a_member_wrote_is_inert_in_the_files(client):
    ProjectFactory(country=CountryFactory(code="ZZ", name='=HYPERLINK("x")'))
    publication = frozen()

    text = file(client, publication, "country", "csv").decode("utf-8-sig")

    assert "'=HYPERLINK" in text


def test_figures_of_the_prizes_are_read_by_name(client, transactional_db):
    publication = approved_and_published(built(stories()))

    html = client.get(address(publication, name="category")).content.decode()

    assert "Source: WSIS Prizes, snapshot of" in html
    assert f'href="/en/prizes/{publication.contest.slug}/"' in html


@pytest.mark.parametrize("rows", [1, 10])
def test_queries(client, django_assert_num_queries, rows):
    for number in range(rows):
        ProjectFactory(country=CountryFactory(code=f"X{number}"))
    publication = frozen()

    with django_assert_num_queries(1):
        client.get(address(publication, name="country"))
