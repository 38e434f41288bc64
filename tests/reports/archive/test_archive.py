"""The archive of editions since 2005: what ships, its search, pages, API and admin."""

import csv

import pytest
from django.core.management import call_command
from django.urls import reverse

from reports.archive.models import ArchivedEdition
from reports.management.commands.load_archive import DATA
from tests.reports.records import secretariat

pytestmark = pytest.mark.django_db
ARCHIVE = "/en/reports/archive/"


@pytest.fixture
def archive():
    call_command("load_archive")
    return ArchivedEdition.objects.all()


def titles(response):
    return [edition.title for edition in response.context["page"].object_list]


def test_what_ships_is_loaded_once_and_keeps_corrections(archive):
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    archive.filter(year=2008).update(note="Corrected.")

    call_command("load_archive")

    assert archive.count() == len(rows)
    assert archive.get(year=2008).note == "Corrected."
    assert {e.year for e in archive} >= {2005, 2006, 2008, 2010, *range(2012, 2026)}


def test_every_edition_has_a_source_and_what_is_not_sure_says_so(archive):
    assert not archive.filter(source="").exists()
    for edition in archive.filter(link="", series="success_stories"):
        assert "unconfirmed" in edition.source_note


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=golden", ["The Golden Book"]),
        ("q=978-92-61-14881-2", ["Report on the WSIS Stocktaking 2014"]),
        ("year=2017&series=global", ["Report on the WSIS Stocktaking 2017"]),
        ("series=regional", ["WSIS Stocktaking regional reports 2023–2024"]),
        ("q=no+such+edition", []),
    ],
)
@pytest.mark.usefixtures("archive")
def test_page_and_api_answer_the_same_search(client, query, expected):
    page = client.get(f"{ARCHIVE}?{query}")
    rows = client.get(f"/api/v1/reports/archive/?{query}").json()["results"]

    assert titles(page) == [row["title"] for row in rows] == expected


@pytest.mark.parametrize("query", ["year=1066", "year=soon", "series=x", "colour=red"])
@pytest.mark.usefixtures("archive")
def test_bad_filters_get_a_sentence(client, query):
    page = client.get(f"{ARCHIVE}?{query}")

    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert client.get(f"/api/v1/reports/archive/?{query}").status_code == 400


@pytest.mark.usefixtures("archive")
def test_pages_follow_each_other(client, monkeypatch):
    monkeypatch.setattr("reports.archive.views.PAGE_SIZE", 12)

    seen, address = [], ""
    while address is not None:
        page = client.get(f"{ARCHIVE}{address}")
        seen += titles(page)
        address = page.context["page"].next

    assert sorted(seen) == sorted(e.title for e in ArchivedEdition.objects.all())


def test_the_page_of_an_edition_says_what_is_known_and_from_where(client, archive):
    edition = archive.get(title="Report on the WSIS Stocktaking 2014")

    html = client.get(edition.get_absolute_url()).content.decode()

    assert (
        "International Telecommunication Union (2014). Report on the WSIS Stocktaking"
        f" 2014. ISBN 978-92-61-14881-2. {edition.link}"
    ) in html
    assert "ITU iLibrary" in html
    assert "Number 6 in its series" in html


def test_what_is_unconfirmed_is_marked(client, archive):
    edition = archive.get(year=2018, series="global")

    row = client.get(ARCHIVE, {"year": 2018, "series": "global"}).content.decode()
    page = client.get(edition.get_absolute_url()).content.decode()

    assert "Unconfirmed" in row
    assert "unconfirmed: known by its year only" in page


@pytest.mark.usefixtures("archive")
def test_the_reports_page_shows_the_newest_and_the_way_to_all(client):
    html = client.get(reverse("reports:publications")).content.decode()

    assert "WSIS+20 Stocktaking Report" in html
    assert f'action="{ARCHIVE}"' in html
    assert "Report on the WSIS Stocktaking 2008" not in html


def test_staff_add_and_correct_editions(client, archive):
    client.force_login(secretariat())
    edition = archive.get(title="Report on the WSIS Stocktaking 2014")
    page = reverse("admin:reports_archivededition_change", args=[edition.pk])
    fields = {
        "series": "global",
        "title": edition.title,
        "year": 2014,
        "number": 6,
        "publisher": edition.publisher,
        "source": edition.source,
    }

    refused = client.post(page, fields | {"isbn": "978-92-61-14881-3"})
    saved = client.post(page, fields | {"isbn": "", "note": "Read again."})
    twice = client.post(reverse("admin:reports_archivededition_add"), fields)

    assert "check it" in refused.content.decode()
    assert saved.status_code == 302
    assert archive.get(pk=edition.pk).note == "Read again."
    assert "The archive has this edition already." in twice.content.decode()


@pytest.mark.parametrize("pk", [0, 10**30])
def test_editions_that_are_not_there(client, pk):
    assert client.get(reverse("reports:edition", args=[pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 10])
def test_queries(client, django_assert_num_queries, rows):
    for number in range(rows):
        ArchivedEdition.objects.create(
            series="global", title=f"Report {number}", year=2010, source="A list"
        )

    with django_assert_num_queries(2):  # how many, editions
        client.get(ARCHIVE)
