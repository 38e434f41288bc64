"""The vocabularies as they are delivered: complete, and under the United Nations' own names."""

import csv
from pathlib import Path

import pytest
from django.conf import settings

from reference.action_line.models import SDG, ActionLine, MatrixCell
from reference.country.models import Commission, Country, Region
from reference.loading.files import NAMES, TABLES

pytestmark = pytest.mark.django_db

# Names that differ from everyday ones, from the lists of UNTERM and M49
with (Path(__file__).parent / "un_names.csv").open(
    encoding="utf-8", newline=""
) as file:
    UN_NAMES = {row.pop("code"): row for row in csv.DictReader(file)}


def test_the_vocabularies_are_complete():
    rows = {table.file: table.model._default_manager.count() for table in TABLES}

    assert rows == {
        "action_lines": 19,
        "sdgs": 17,
        "matrix": 124,
        "regions": 7,
        "commissions": 5,
        "countries": 196,
        "stakeholder_types": 7,
        "activity_types": 10,
        "coverage_levels": 4,
        "target_groups": 10,
        "technologies": 9,
    }


def test_eighteen_action_lines_have_a_number_and_c7_has_eight_parts():
    numbers = ActionLine.objects.filter(number__isnull=False).values_list(
        "number", flat=True
    )

    assert sorted(numbers) == list(range(1, 19))
    assert ActionLine.objects.get(pk="C7").parts.count() == 8
    assert list(
        ActionLine.objects.filter(number=None).values_list("pk", flat=True)
    ) == ["C7"]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.file)
def test_every_name_stands_in_six_languages(table):
    if table.model is MatrixCell:
        return

    empty = [
        (row["pk"], column)
        for row in table.model._default_manager.values("pk", *NAMES)
        for column in NAMES
        if not row[column]
    ]

    assert len(NAMES) == len(settings.LANGUAGES) == 6
    assert empty == []


@pytest.mark.parametrize("code", UN_NAMES)
def test_countries_bear_the_united_nations_names(code):
    assert Country.objects.values(*NAMES).get(pk=code) == UN_NAMES[code]


@pytest.mark.parametrize(
    ("alias", "code"),
    [
        ("South Korea", "KR"),
        ("Ivory Coast", "CI"),
        ("Turkey", "TR"),
        ("Laos", "LA"),
        ("USA", "US"),
        ("UK", "GB"),
        ("Burma", "MM"),
        ("Swaziland", "SZ"),
        ("俄罗斯", "RU"),
        ("فلسطين", "PS"),
        ("Holanda", "NL"),
        ("Великобритания", "GB"),
        ("Corée du Nord", "KP"),
    ],
)
def test_common_names_find_the_country(alias, code):
    found = Country.objects.filter(aliases__contains=[alias])

    assert [country.pk for country in found] == [code]


def test_only_international_lies_outside_the_six_regions():
    sizes = {region.pk: region.countries.count() for region in Region.objects.all()}

    assert [country.pk for country in Country.objects.filter(region="INTL")] == ["INTL"]
    assert sum(sizes.values()) == 196
    assert len([size for size in sizes.values() if size > 1]) == 6


def test_a_country_may_be_in_several_commissions():
    codes = {
        code: sorted(
            Country.objects.get(pk=code).commissions.values_list("pk", flat=True)
        )
        for code in ("KE", "EG", "US", "VA")
    }

    assert codes == {
        "KE": ["ECA"],
        "EG": ["ECA", "ESCWA"],
        "US": ["ECE", "ECLAC", "ESCAP"],
        "VA": [],
    }
    assert Commission.objects.count() == 5


def test_status_of_the_two_observer_states():
    flags = {
        country.pk: (country.is_un_member, country.is_itu_member)
        for country in Country.objects.filter(pk__in=["PS", "VA"])
    }

    assert flags == {"PS": (False, False), "VA": (False, True)}
    assert Country.objects.filter(is_un_member=True).count() == 193
    assert Country.objects.filter(is_itu_member=True).count() == 194


def test_every_row_says_where_it_comes_from():
    silent = [
        table.file for table in TABLES if table.model.objects.filter(source="").exists()
    ]

    assert silent == []


def test_goals_carry_their_own_colours():
    colours = dict(SDG.objects.values_list("pk", "colour"))

    assert (colours["1"], colours["9"], colours["17"]) == (
        "#E5243B",
        "#FD6925",
        "#19486A",
    )
