"""A regional report of each region: the same figures on the page and in every file."""

import csv
import io
import json
import re

import pytest

from reference.country.models import Region
from tests import restoring
from tests.factories import CountryFactory, ProjectFactory, RegionFactory
from tests.reports.builders.test_regional import report_of
from tests.reports.records import close, file_of, pdf_text, sheet_of

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


def numbers(text):
    return [int(n) for n in re.findall(r"<td>(\d+)</td>", text)]


def load_world():
    """Each region has as many entries as its place in the order."""
    for count, (region, country) in enumerate(PLACES.items(), start=1):
        place = CountryFactory(
            code=country, name=country, region=RegionFactory(code=region, name=region)
        )
        ProjectFactory.create_batch(count, country=place)


@pytest.fixture(scope="module", autouse=True)
def _world(django_db_setup, django_db_blocker):
    yield from restoring.for_one_file(django_db_blocker, load_world)


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
