import csv
import io
import json
import re

import openpyxl
import pytest
from django.urls import reverse
from django.utils import translation

from stocktaking.base.workflow import Status
from stocktaking.export import writers
from stocktaking.search.filters import ProjectSearch
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db
EVIL = '=HYPERLINK("http://evil.example","x")'


def file(client, kind, query="", language="en"):
    with translation.override(language):
        response = client.get(f"{reverse('stocktaking:export', args=[kind])}?{query}")
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def as_rows(kind, content):
    """The file as a list of dictionaries of texts."""
    if kind == "csv":
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    if kind == "json":
        return json.loads(content)
    head, *rows = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(
        values_only=True
    )
    assert list(head) == writers.headings()
    return [dict(zip(writers.COLUMNS, row, strict=True)) for row in rows]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_a_file_holds_the_result_in_its_order_with_codes_and_names(client, kind):
    ProjectFactory(title="Beta", sdgs=["4", "9"])
    ProjectFactory(title="Alpha", sdgs=["9"])
    ProjectFactory(title="Hidden", status=Status.DRAFT)
    ProjectFactory(title="Elsewhere", sdgs=["5"])

    rows = as_rows(kind, file(client, kind, "sdg=9&sort=title"))

    if kind != "xlsx":
        assert tuple(rows[0]) == writers.COLUMNS
    several = (
        (["4", "9"], ["Quality Education"]) if kind == "json" else ("4;9", "Quality")
    )
    assert [row["title"] for row in rows] == ["Alpha", "Beta"]
    assert (rows[0]["country_code"], rows[0]["country"]) == ("KE", "Kenya")
    assert rows[1]["sdgs_codes"] == several[0]
    assert rows[1]["sdgs"][: len(several[1])] == several[1]
    assert "contact@ministry.example" not in str(rows)


def test_names_come_in_the_language_of_the_page(client):
    ProjectFactory()

    rows = as_rows("csv", file(client, "csv", language="fr"))

    assert rows[0]["region"] == "Afrique"


def test_no_text_becomes_a_formula(client):
    ProjectFactory(title=EVIL, summary="+1\x0b2 <b>&", organization_name="@x")

    sheet = as_rows("csv", file(client, "csv"))[0]
    book = openpyxl.load_workbook(io.BytesIO(file(client, "xlsx"))).active
    cells = dict(zip(writers.COLUMNS, book[2], strict=True))

    assert (sheet["title"], sheet["organization_name"]) == (f"'{EVIL}", "'@x")
    assert (cells["title"].data_type, cells["title"].value) == ("s", EVIL)
    assert cells["summary"].value == "+12 <b>&"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_nothing_found_is_an_empty_file(client, kind):
    assert as_rows(kind, file(client, kind, "q=quixotic")) == []


@pytest.mark.parametrize("rows", [1, 10])
def test_export_queries(client, django_assert_num_queries, rows):
    ProjectFactory.create_batch(rows)
    file(client, "csv")

    with django_assert_num_queries(3):  # what is new, twice; the rows with their lists
        file(client, "csv")


@pytest.mark.parametrize("rows", [1, 10])
def test_download_page_queries(client, django_assert_num_queries, rows):
    ProjectFactory.create_batch(rows)
    client.get("/en/projects/download/")

    with django_assert_num_queries(3):  # what is new, twice; the sizes
        response = client.get("/en/projects/download/?sdg=9")

    assert "/en/projects/export.xlsx?sdg=9" in response.content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_a_file_begins_before_its_search_is_made(
    client, django_assert_num_queries, kind
):
    ProjectFactory()

    with django_assert_num_queries(0):
        response = client.get(f"/en/projects/export.{kind}?sdg=9")
        assert len(next(response.streaming_content)) > 0


def test_many_chunks_are_one_file(client, monkeypatch):
    monkeypatch.setattr("stocktaking.export.writers.CHUNK", 2)
    monkeypatch.setattr("stocktaking.export.writers.FIRST_CHUNK", 1)
    ProjectFactory.create_batch(5)

    found = [len(as_rows(kind, file(client, kind))) for kind in ("csv", "xlsx", "json")]

    assert found == [5, 5, 5]


def test_sizes_are_near_the_truth(client):
    ProjectFactory.create_batch(20, summary="Broadband for all. " * 40)

    said = writers.sizes(ProjectSearch(client.get("/en/").wsgi_request.GET))
    real = {kind: len(file(client, kind)) for kind in said}

    assert {k: 0.5 < said[k] / real[k] < 2 for k in ("csv", "json")} == {
        "csv": True,
        "json": True,
    }


@pytest.mark.parametrize("address", ["export.csv", "download/", "feed.atom"])
@pytest.mark.parametrize("query", ["region=MOON", "nonsense=1", "year=%D9%A1"])
def test_what_is_not_understood_is_refused_with_sentences(client, address, query):
    response = client.get(f"/en/projects/{address}?{query}")

    assert response.status_code == 400
    assert "There is a problem" in response.content.decode()


def test_other_formats_do_not_exist(client):
    assert client.get("/en/projects/export.exe").status_code == 404


def test_exports_are_limited(client, settings):
    settings.LIMITS = settings.LIMITS | {"export": (1, 60)}

    answers = [
        client.get("/en/projects/export.csv", REMOTE_ADDR="192.0.2.7") for _time in "12"
    ]

    assert [answer.status_code for answer in answers] == [200, 429]


def test_a_feed_names_the_newest_of_a_search(client):
    old = ProjectFactory(title="Old & <b>\x0b")
    new = ProjectFactory(title="New")
    ProjectFactory(title="Other", sdgs=["5"])

    response = client.get("/en/projects/feed.atom?sdg=9&utm_source=x")
    said = re.findall(
        '<entry><title>(.*?)</title><link href="(.*?)"', response.content.decode()
    )

    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert [title for title, _link in said] == ["New", "Old &amp; &lt;b&gt;"]
    assert [link.rsplit("/", 2)[1] for _title, link in said] == [
        str(new.pk),
        str(old.pk),
    ]
