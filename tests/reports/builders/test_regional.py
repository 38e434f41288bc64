"""Regional reports: six regions and International, empty ones too, the same figures everywhere."""

import pytest

from reference.country.models import Country
from reports.builders.figures import collect_figures
from reports.builders.scope import Scope
from reports.builders.texts import compose
from tests.factories import CountryFactory, ProjectFactory, RegionFactory
from tests.reports.records import (
    approved_and_published,
    built,
    pdf_text,
    requested,
    sheet_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


def report_of(region, **fields):
    publication = built(requested(series="regional", region_id=region, **fields))
    return approved_and_published(publication)


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
