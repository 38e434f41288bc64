"""The figures of a report against plain SQL, their sums, and what the check refuses."""

import copy

import pytest
from django.db import connection
from django.utils import translation

from common.records.hashing import content_hash
from reference.country.models import Country, Region
from reports.builders.checks import FiguresDisagreeError, require_agreement
from reports.builders.figures import collect_figures, table_named
from reports.builders.projects import collect_entries
from reports.builders.scope import Scope
from reports.builders.texts import compose, message
from stocktaking.base.workflow import Status
from tests.factories import (
    ActionLineFactory,
    CountryFactory,
    ProjectFactory,
    StakeholderTypeFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def register():
    """Four published entries that differ in all that is counted, and a draft that is not."""
    ProjectFactory(year=2023, sdgs=["4", "9"], other_action_lines=["C1", "C7-EGOV"])
    ProjectFactory(
        year=2025,
        country=CountryFactory(code="INTL"),
        sdgs=["9"],
        main_action_line=ActionLineFactory(code="C1"),
        other_action_lines=["C2"],
    )
    ProjectFactory(
        year=2025, country=None, stakeholder_type=None, coverage=None, sdgs=[]
    )
    ProjectFactory(
        year=2025, main_action_line=None, stakeholder_type=StakeholderTypeFactory()
    )
    ProjectFactory(status=Status.DRAFT)


def column(figures, name, index=0):
    rows = table_named(figures, name)["rows"]
    return {row["code"]: row["values"][index] for row in rows if row["values"][index]}


def sql(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())


ONE_VALUE = {
    "stakeholder_type": "stakeholder_type_id",
    "coverage": "coverage_id",
    "country": "country_id",
    "year": "year::text",
}


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("name", ONE_VALUE)
def test_counts_are_those_of_the_database(name):
    expected = sql(
        f"SELECT coalesce({ONE_VALUE[name]}, ''), count(*) FROM stocktaking_project"
        " WHERE status = 'published' GROUP BY 1"
    )

    assert column(collect_figures(Scope()), name) == expected


HEADLINES = {
    "total": "count(*)",
    "countries": "count(DISTINCT nullif(p.country_id, 'INTL'))",
    "organizations": "count(DISTINCT nullif(coalesce(o.name, btrim(organization_name)), ''))",
    "with_text": "count(*) FILTER (WHERE summary <> '')",
    "first_year": "min(year)",
    "last_year": "max(year)",
}


@pytest.mark.usefixtures("register")
def test_each_headline_is_that_of_the_database():
    figures = collect_figures(Scope())

    headlines = {name: value for name, value in figures.items() if name != "tables"}
    assert headlines.keys() == HEADLINES.keys()
    for name, expression in HEADLINES.items():
        counted = sql(
            f"SELECT 1, {expression} FROM stocktaking_project p"
            " LEFT JOIN stocktaking_organization o ON o.id = p.organization_id"
            " WHERE p.status = 'published'"
        )
        assert figures[name] == counted[1], name


@pytest.mark.usefixtures("register")
def test_regions_and_not_stated_add_up():
    expected = sql(
        "SELECT coalesce(c.region_id, ''), count(*) FROM stocktaking_project p"
        " LEFT JOIN reference_country c ON c.code = p.country_id"
        " WHERE p.status = 'published' GROUP BY 1"
    )

    figures = collect_figures(Scope())

    assert column(figures, "region") == expected
    assert sum(expected.values()) == figures["total"] == 4


@pytest.mark.usefixtures("register")
def test_a_line_counts_once_per_project_even_when_named_twice():
    figures = collect_figures(Scope())

    assert column(figures, "action_line", 0) == {"C7-EGOV": 2, "C1": 1, "": 1}
    assert column(figures, "action_line", 1) == {"C7-EGOV": 2, "C1": 2, "C2": 1, "": 1}


@pytest.mark.usefixtures("register")
def test_goals_may_add_up_to_more_than_the_total():
    assert column(collect_figures(Scope()), "sdg") == {"4": 1, "9": 3, "": 1}


@pytest.mark.usefixtures("register")
def test_international_is_no_country():
    assert collect_figures(Scope())["countries"] == 1


@pytest.mark.usefixtures("register")
def test_years_without_entries_keep_their_place():
    years = [
        (row["code"], *row["values"])
        for row in table_named(collect_figures(Scope()), "year")["rows"]
    ]

    assert years == [("2023", 1), ("2024", 0), ("2025", 3)]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("scope", "total"),
    [
        (Scope(from_year=2024), 3),
        (Scope(to_year=2024), 1),
        (Scope(from_year=2023, to_year=2025), 4),
        (Scope(from_year=2030), 0),
    ],
)
def test_the_period_limits_the_entries(scope, total):
    figures, entries = collect_figures(scope), list(collect_entries(scope))

    assert (figures["total"], len(entries)) == (total, total)


def test_a_region_limits_the_entries():
    kenya = ProjectFactory(country=Country.objects.get(code="KE"))
    ProjectFactory(country=Country.objects.get(code="FR"))
    africa = Region.objects.get(pk=kenya.country.region_id)

    assert [e["pk"] for e in collect_entries(Scope(region=africa.pk))] == [kenya.pk]


@pytest.mark.usefixtures("register")
def test_contact_data_are_not_in_the_entries():
    assert "Amina" not in str(list(collect_entries(Scope())))


@pytest.mark.usefixtures("register")
def test_figures_and_entries_agree():
    require_agreement(collect_figures(Scope()), list(collect_entries(Scope())))


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    "name", ["stakeholder_type", "region", "action_line", "sdg", "country"]
)
def test_one_project_too_many_is_refused(name):
    figures, entries = collect_figures(Scope()), list(collect_entries(Scope()))
    wrong = copy.deepcopy(figures)
    table_named(wrong, name)["rows"][0]["values"][-1] += 1

    with pytest.raises(FiguresDisagreeError):
        require_agreement(wrong, entries)


@pytest.mark.usefixtures("register")
def test_a_lost_entry_is_refused():
    figures, entries = collect_figures(Scope()), list(collect_entries(Scope()))

    with pytest.raises(FiguresDisagreeError):
        require_agreement(figures, entries[1:])


@pytest.mark.usefixtures("register")
def test_the_hash_is_stable_and_sees_each_change():
    first = content_hash([collect_figures(Scope()), list(collect_entries(Scope()))])
    again = content_hash([collect_figures(Scope()), list(collect_entries(Scope()))])
    ProjectFactory()
    changed = content_hash([collect_figures(Scope()), list(collect_entries(Scope()))])

    assert first == again
    assert changed != first


def test_an_empty_register_makes_sentences_too():
    figures = collect_figures(Scope())
    texts = compose(Scope(), figures)

    assert figures["total"] == 0
    assert texts["period"] == "All years of entry"
    assert texts["messages"]["region"] == "Projects by region"


@pytest.mark.usefixtures("register")
def test_a_message_names_the_largest_row_only_when_one_stands_out():
    figures = collect_figures(Scope())
    table = table_named(figures, "sdg")
    equal = copy.deepcopy(table)
    for row in equal["rows"]:
        row["values"] = [1]

    with translation.override("en"):
        said = message(table, figures, "neutral")

    assert said.endswith(": 3 of 4, more than any other in this chart")
    assert message(equal, figures, "neutral") == "neutral"
