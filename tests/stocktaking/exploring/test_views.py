import csv
import io

import pytest
from django.http import QueryDict

from reference.names import vocabulary
from stocktaking.exploring.gaps import Gaps
from stocktaking.search.filters import ProjectSearch
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db
PAGES = ["map/", "heat/", "gaps/", "gaps.csv"]


def cell(gaps, line, goal):
    return next(cell for cell in gaps.by_goal[line] if cell.code == goal)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("rows", [1, 10])
def test_queries(client, django_assert_max_num_queries, page, rows):
    ProjectFactory.create_batch(rows)
    client.get(f"/en/projects/{page}")

    with django_assert_max_num_queries(3):
        assert client.get(f"/en/projects/{page}").status_code == 200


def test_a_linked_field_without_projects_is_white_and_one_without_link_is_not():
    line, goals = next(iter(vocabulary.matrix().items()))
    other = next(goal for goal in vocabulary.labels("sdg") if goal not in goals)
    ProjectFactory(main_action_line__code=line, sdgs=[other])

    gaps = Gaps()

    assert (cell(gaps, line, goals[0]).level, cell(gaps, line, other).level) == (
        "white",
        "none",
    )
    assert gaps.linked == sum(map(len, vocabulary.matrix().values()))


@pytest.mark.parametrize(("count", "level"), [(1, "thin"), (2, "thin"), (3, "filled")])
def test_few_projects_are_thin(count, level):
    line, goals = next(iter(vocabulary.matrix().items()))
    ProjectFactory.create_batch(count, main_action_line__code=line, sdgs=[goals[0]])

    assert cell(Gaps(), line, goals[0]).level == level


def test_each_number_is_what_its_link_finds():
    ProjectFactory(country__code="KE", sdgs=["9"])
    ProjectFactory(country__code="FR", country__region__code="EUR", sdgs=["9"])

    for gaps in (Gaps(), Gaps("AFR"), Gaps("AFR", ldcs=True)):
        count = cell(gaps, "C7-EGOV", "9").count
        link = QueryDict(f"action_line=C7-EGOV&sdg=9&{gaps.search.query}")
        assert ProjectSearch(link).total == count


def test_a_region_without_ldcs_has_nothing_to_count():
    ProjectFactory(country__code="FR", country__region__code="EUR", sdgs=["9"])

    gaps = Gaps("EUR", ldcs=True)

    assert (gaps.places, cell(gaps, "C7-EGOV", "9").count) == ([], 0)


def test_the_csv_holds_every_field(client):
    ProjectFactory(country__code="KE", year=2019)

    content = client.get("/en/projects/gaps.csv?region=AFR").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))

    by_kind = {
        kind: [row for row in rows if row["kind"] == kind]
        for kind in ("sdg", "country")
    }
    kenya = next(row for row in by_kind["country"] if row["code"] == "KE")
    assert len(by_kind["sdg"]) == 18 * 17
    assert (kenya["projects"], kenya["level"], kenya["latest_year"]) == (
        "1",
        "thin",
        "2019",
    )


def test_the_map_says_what_is_not_on_it(client):
    ProjectFactory(title="No place", country=None)
    ProjectFactory(
        title="Everywhere", country__code="INTL", country__region__code="INTL"
    )

    said = client.get("/en/projects/map/").content.decode()

    assert ("No place" in said, "1 international project" in said) == (True, True)


def test_a_white_field_leads_to_the_nearest_projects_elsewhere(client):
    line, (goal, other, *_more) = next(
        (line, goals) for line, goals in vocabulary.matrix().items() if len(goals) > 1
    )

    def made(title, line, goal, country, region):
        ProjectFactory(
            title=title,
            main_action_line__code=line,
            sdgs=[goal],
            country__code=country,
            country__region__code=region,
        )

    made("Old, of both", line, goal, "FR", "EUR")
    made("Of both", line, goal, "FR", "EUR")
    made("Of the line, there", line, other, "KE", "AFR")
    made(
        "Of neither",
        "C1" if line != "C1" else "C2",
        "17" if goal != "17" else "16",
        "FR",
        "EUR",
    )

    page = client.get(f"/en/projects/gaps/?region=AFR&line={line}&sdg={goal}")

    assert [(str(p), shared) for p, shared in page.context["field"]["nearest"]] == [
        ("Of both", "both"),
        ("Old, of both", "both"),
        ("Of the line, there", "line"),
    ]
    world = client.get(f"/en/projects/gaps/?line={line}&sdg={goal}").context["field"]
    assert (world["count"], [str(p) for p, _shared in world["nearest"]]) == (
        2,
        ["Of the line, there"],
    )


@pytest.mark.parametrize(
    "field", ["line=C99&sdg=4", "line=C1&sdg=40", "sdg=4", "line=%00&sdg=x"]
)
def test_what_is_no_field_of_the_matrix_shows_none(client, field):
    answer = client.get(f"/en/projects/gaps/?{field}")

    assert (
        answer.status_code == 400 if "%00" in field else answer.context["field"] is None
    )


@pytest.mark.parametrize(
    "query", ["order=x%27", "order=name", "order=region", "order="]
)
def test_orders_of_the_table(client, query):
    ProjectFactory()

    assert client.get(f"/en/projects/map/?{query}").status_code == 200


@pytest.mark.parametrize(
    "query", ["region=MOON", "region=INTL", "ldc=2", "region=AFR&ldc=1"]
)
def test_odd_places_are_the_whole_world(client, query):
    assert client.get(f"/en/projects/gaps/?{query}").status_code == 200
    assert client.get(f"/en/projects/gaps.csv?{query}").status_code == 200
