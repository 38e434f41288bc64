"""Regional reports: six regions and International, empty ones too, the same figures everywhere."""

import csv
import io
import json
import re

import pytest

from reference.country.models import Country, Region
from reports.builders.figures import collect_figures
from reports.builders.scope import Scope
from reports.builders.texts import compose
from tests.factories import CountryFactory, ProjectFactory, RegionFactory
from tests.reports.records import (
    approved_and_published,
    built,
    close,
    file_of,
    pdf_text,
    requested,
    sheet_of,
)

pytestmark = pytest.mark.django_db(transaction=True)
PLACES = {
    "AFR": "KE",
    "AMS": "BR",
    "ARB": "EG",
    "ASP": "IN",
    "CIS": "KZ",
    "EUR": "FR",
    "INTL": "INTL",
}


def report_of(region, **fields):
    publication = built(requested(series="regional", region_id=region, **fields))
    return approved_and_published(publication)


def numbers(text):
    return [int(n) for n in re.findall(r"<td>(\d+)</td>", text)]


@pytest.fixture
def world():
    """Each region has as many entries as its place in the order."""
    for count, (region, country) in enumerate(PLACES.items(), start=1):
        place = CountryFactory(
            code=country, name=country, region=RegionFactory(code=region, name=region)
        )
        ProjectFactory.create_batch(count, country=place)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("region", PLACES)
def test_page_pdf_sheet_csv_and_json_agree(client, region):
    total = list(PLACES).index(region) + 1
    report = report_of(region)

    snapshot = report.snapshots.get()
    page = client.get(report.get_absolute_url()).content.decode()
    figures = json.loads(file_of(report, "json"))["figures"]
    rows = list(csv.DictReader(io.StringIO(file_of(report, "csv").decode("utf-8-sig"))))
    assert figures == snapshot.figures
    assert (figures["total"], len(rows), len(sheet_of(report, "projects"))) == (
        total,
    ) * 3
    assert {row["region"] for row in rows} == {Region.objects.get(pk=region).name}
    printed = pdf_text(report)
    for table in figures["tables"]:
        values = [row["values"] for row in table["rows"]]
        part = page.split(f'id="table-{table["name"]}"')[1].split("</section>")[0]
        flat = [n for row in values for n in row]
        assert numbers(part)[: len(flat)] == flat
        assert [list(row[2:]) for row in sheet_of(report, table["name"])] == values
        for row in table["rows"]:
            line = row["label"] + "".join(str(value) for value in row["values"])
            assert close(line) in printed


def test_an_empty_region_makes_a_report_that_says_so(client):
    RegionFactory(code="CIS", name="Commonwealth of Independent States")

    report = report_of("CIS")

    html = client.get(report.get_absolute_url()).content.decode()
    assert "There are no published projects for this region and period." in html
    assert "noprojecthasthislineasitsmainactionline" in pdf_text(report).lower()
    assert sheet_of(report, "projects") == []


@pytest.mark.parametrize("language", ["ar", "zh-hans"])
def test_an_empty_region_in_other_scripts(language):
    RegionFactory(code="ARB", name="Arab States")

    assert report_of("ARB", language=language).snapshots.get().figures["total"] == 0


def test_international_is_no_region_and_has_no_countries():
    place = CountryFactory(
        code="INTL",
        name="International",
        region=RegionFactory(code="INTL", name="International"),
    )
    ProjectFactory.create_batch(2, country=place)
    scope = Scope(region="INTL")

    texts = compose(scope, collect_figures(scope))
    publication = requested(series="regional", region_id="INTL", to_year=2026)

    assert publication.title == "Stocktaking report on international projects 2026"
    assert "2 international projects" in texts["summary"][0]
    assert "countr" in texts["summary"][0]
    assert "0 countries" not in " ".join(texts["summary"])


def test_a_region_is_named_and_not_praised_for_its_own_entries():
    ProjectFactory(country=Country.objects.get(code=CountryFactory(code="KE").pk))
    scope = Scope(region="AFR")

    texts = compose(scope, collect_figures(scope))

    assert requested(series="regional", region_id="AFR", to_year=2026).title == (
        "Regional stocktaking report 2026: Africa"
    )
    assert "accounts for the largest share of projects by region" not in " ".join(
        texts["summary"]
    )
