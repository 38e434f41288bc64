"""Maps, curves and crossed tables: against plain SQL, their sums, in all outputs, and only where a
block asks for them."""

import copy
import csv
import io
import json
import re

import docx
import openpyxl
import pytest
from django.db import connection
from django.utils import translation

from reference.country.models import Country
from reports.builders.added import CROSSED, add_figures
from reports.builders.checks import FiguresDisagreeError, require_agreement
from reports.builders.figures import collect_figures, table_named
from reports.builders.projects import collect_entries
from reports.builders.scope import Scope
from reports.charts.tiles import bounds, places, step_of
from reports.report.kinds import BlockKind
from tests.factories import ActionLineFactory, CountryFactory, ProjectFactory
from tests.reports.output.test_pdf import read_by_pdfium
from tests.reports.output.test_written import close
from tests.reports.records import approved_and_published, built, file_of, requested
from tests.reports.written import written

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = [*CROSSED, "map", "map-AFR", "years-C7-EGOV", "years-C7", "heat-line-by-goal"]


@pytest.fixture
def register():
    ProjectFactory.create_batch(
        3, year=2021, sdgs=["4", "9"], other_action_lines=["C1", "C7-EGOV"]
    )
    ProjectFactory(
        year=2024,
        country=CountryFactory(code="INTL"),
        sdgs=["9"],
        other_action_lines=[],
    )
    ProjectFactory(
        year=2025,
        country=CountryFactory(code="FR"),
        main_action_line=ActionLineFactory(code="C1"),
        other_action_lines=["C7-EGOV", "C2"],
        sdgs=[],
    )
    ProjectFactory(year=2025, country=None, main_action_line=None, sdgs=[])


def collected(scope=None):
    scope = scope or Scope()
    figures, entries = collect_figures(scope), list(collect_entries(scope))
    add_figures(figures, NAMES, scope)
    return figures, entries


def sql(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {tuple(row[:-1]): row[-1] for row in cursor.fetchall()}


def cells(table):
    return {
        (row["code"], column): value
        for row in table["rows"]
        for column, value in zip(table["columns"], row["values"], strict=True)
        if value and column != "projects"
    }


PUBLISHED = "FROM stocktaking_project p %s WHERE p.status = 'published' GROUP BY 1, 2"
ONE = "SELECT coalesce(p.{}_id, ''), "
REGION = "LEFT JOIN reference_country c ON c.code = p.country_id"
GOALS = "LEFT JOIN stocktaking_project_sdgs g ON g.project_id = p.id"
SQL = {
    "line-by-region": ONE.format("main_action_line")
    + "coalesce(c.region_id, 'not_stated'), count(*) "
    + PUBLISHED % REGION,
    "type-by-region": ONE.format("stakeholder_type")
    + "coalesce(c.region_id, 'not_stated'), count(*) "
    + PUBLISHED % REGION,
    "line-by-goal": ONE.format("main_action_line")
    + "coalesce(g.sdg_id, 'not_stated'), count(*) "
    + PUBLISHED % GOALS,
}


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("name", CROSSED)
def test_crossed_tables_are_those_of_the_database(name):
    figures, _entries = collected()
    table = table_named(figures, name)

    assert cells(table) == sql(SQL[name])
    assert sum(row["values"][0] for row in table["rows"]) == figures["total"] == 6
    if name != "line-by-goal":  # a project has one region
        assert all(row["values"][0] == sum(row["values"][1:]) for row in table["rows"])


@pytest.mark.usefixtures("register")
def test_a_curve_has_every_year_of_the_report_and_counts_a_project_once():
    figures, _entries = collected(Scope(None, 2020, 2026))

    def years(name):
        rows = table_named(figures, name)["rows"]
        return [(row["code"], row["values"][0]) for row in rows]

    expected = [0, 3, 0, 0, 1, 1, 0]
    assert years("years-C7-EGOV") == list(
        zip(map(str, range(2020, 2027)), expected, strict=True)
    )
    assert years("years-C7") == years("years-C7-EGOV")  # of whose parts one is named


@pytest.mark.usefixtures("register")
def test_a_map_has_all_countries_and_adds_up():
    figures, _entries = collected()
    world, africa = (table_named(figures, name) for name in ("map", "map-AFR"))

    numbers = {r["code"]: r["values"][0] for r in world["rows"] if r["values"][0]}
    assert numbers == {"KE": 3, "FR": 1, "INTL": 1, "": 1}
    assert {r["code"]: r["values"][0] for r in africa["rows"] if r["values"][0]} == {
        "KE": 3
    }


@pytest.mark.usefixtures("register")
def test_all_are_counted_again_from_the_records():
    figures, entries = collected()
    require_agreement(figures, entries)

    for table in figures["added"]:
        wrong = copy.deepcopy(figures)
        first = next(r for r in table_named(wrong, table["name"])["rows"] if r["code"])
        first["values"][-1] += 1
        with pytest.raises(FiguresDisagreeError, match=table["name"]):
            require_agreement(wrong, entries)


def test_every_country_has_a_place_of_its_own_on_the_map():
    codes = set(Country.objects.exclude(code="INTL").values_list("code", flat=True))

    assert codes <= set(places())
    assert len(set(places().values())) == len(places())


@pytest.mark.parametrize("row", ["US BR NG KE IN", "PT DE KZ CN JP", "CL BW MG AU FJ"])
def test_countries_stand_from_west_to_east(row):
    columns = [places()[code][0] for code in row.split()]

    assert columns == sorted(set(columns))


@pytest.mark.parametrize("column", ["CA US MX PA CO", "NO DE IT TN NE", "KZ PK IN MU"])
def test_countries_stand_from_north_to_south(column):
    lines = [places()[code][1] for code in column.split()]

    assert lines == sorted(set(lines))


@pytest.mark.parametrize("most", [0, 1, 2, 3, 5, 372, 13_240])
def test_the_scale_gives_the_largest_number_the_strongest_colour(most):
    limits = bounds([0, most])

    assert step_of(0, limits) == 0
    if most:
        assert step_of(most, limits) == 4
        assert all(step_of(n, limits) >= 1 for n in (1, most))


def report_with_all():
    publication = requested(language="en")
    written(publication, "A map", kind=BlockKind.MAP, settings={"map": "map"})
    for kind, settings in (
        (BlockKind.CROSS_TABLE, {"crossed": "type-by-region"}),
        (BlockKind.HEAT_MAP, {"crossed": "line-by-region"}),
        (BlockKind.CURVE, {"line": "C7"}),
    ):
        written(publication, "", kind=kind, settings=settings)
    return approved_and_published(built(publication))


@pytest.mark.usefixtures("register")
def test_page_and_all_files_have_the_figures_that_blocks_ask_for(client):
    publication = report_with_all()
    snapshot = publication.snapshots.get()
    table = table_named(snapshot.figures, "type-by-region")
    numbers = [value for row in table["rows"] for value in row["values"]]

    page = client.get(f"/en/reports/{publication.pk}/").content.decode()
    one = page.split('<table aria-label="Projects by stakeholder type and region"')[1]
    drawn = re.findall(r"<td>(\d+)</td>", one.split("</table>")[0])
    assert [int(text) for text in drawn][: len(numbers)] == numbers
    assert "very many: 3" in page
    assert (
        page.count(snapshot.texts["disclaimer"][0]) == 2
    )  # of the map, and at the end

    book = openpyxl.load_workbook(io.BytesIO(file_of(publication, "xlsx")))
    rows = list(
        book["Projects by stakeholder type an"].iter_rows(min_row=2, values_only=True)
    )
    assert [v for row in rows[: len(table["rows"])] for v in row[2:]] == numbers

    words = close(read_by_pdfium(file_of(publication, "pdf")))
    file = docx.Document(io.BytesIO(file_of(publication, "docx")))
    texts = close("".join(p.text for p in file.paragraphs))
    for heading in (
        "Projects that name C7",
        "Projects by main action line and region",
        "Map of projects by country",
    ):
        assert close(heading) in words
        assert close(heading) in texts
    boundaries = close("The designations employed")  # on the title page, and of the map
    assert (words.count(boundaries), texts.count(boundaries)) == (2, 2)
    grids = [[c.text for c in row.cells] for t in file.tables for row in t.rows]
    assert [str(n) for n in table["rows"][0]["values"]] in [row[1:] for row in grids]
    machine = json.loads(file_of(publication, "json"))
    assert machine["figures"]["added"] == snapshot.figures["added"]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    "name",
    ["map", "type-by-region", "line-by-region", "heat-line-by-region", "years-C7"],
)
def test_each_has_its_own_address_and_files(client, name):
    publication = report_with_all()
    place = f"/en/reports/{publication.pk}/v1/figures/{name}/"
    table = name.removeprefix("heat-")
    counted = table_named(publication.snapshots.get().figures, table)

    page = client.get(place)
    text = client.get(f"{place}figure.csv").content.decode("utf-8-sig")
    svg = client.get(f"{place}figure.svg")
    png = client.get(f"{place}figure.png")

    assert page.status_code == 200
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["code", table, *counted["columns"]]
    assert [[int(v) for v in row[2:]] for row in rows[1:]] == [
        row["values"] for row in counted["rows"]
    ]
    is_drawn = name not in CROSSED
    assert (svg.status_code == 200, png.status_code == 200) == (is_drawn, is_drawn)
    if is_drawn:
        assert png.content.startswith(b"\x89PNG")
    if name == "map":
        assert "do not imply" in page.content.decode()


@pytest.mark.usefixtures("register")
def test_a_report_that_asks_for_none_has_none(client):
    publication = approved_and_published(built(requested(language="en")))
    snapshot = publication.snapshots.get()

    assert "added" not in snapshot.figures
    assert (
        client.get(f"/en/reports/{publication.pk}/v1/figures/map/").status_code == 404
    )


@pytest.mark.usefixtures("register")
def test_an_arabic_report_draws_them_too():
    publication = requested(language="ar")
    written(
        publication, "", kind=BlockKind.HEAT_MAP, settings={"crossed": "line-by-goal"}
    )
    written(
        publication,
        "",
        kind=BlockKind.CROSS_TABLE,
        settings={"crossed": "line-by-goal"},
    )
    written(publication, "", kind=BlockKind.MAP, settings={"map": "map-AFR"})
    publication = built(publication)

    with translation.override("ar"):
        chart = publication.snapshots.get().charts[-1]
    assert chart["name"] == "map-AFR"
    assert ">KE</text>" in chart["svg"]
    assert ">FR</text>" not in chart["svg"]
