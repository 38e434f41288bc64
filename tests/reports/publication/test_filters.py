"""Filters of the list and of the API: the same names, the same answers, a sentence for the rest."""

import datetime

import pytest
from django.urls import reverse

from tests.factories import RegionFactory
from tests.reports.records import awarded_contest, frozen

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    """A report of each series; the day and the years differ."""
    RegionFactory(code="AFR")
    return {
        "global": frozen(from_year=2019, to_year=2020),
        "regional": frozen(
            series="regional", region_id="AFR", from_year=2023, to_year=2024
        ),
        "success_stories": frozen(series="success_stories", contest=awarded_contest()),
        "roadmap_state": frozen(
            series="roadmap_state", as_of=datetime.date(2025, 7, 11)
        ),
    }


ASKED = [
    ("series=global", ["global"]),
    ("series=global&series=regional", ["global", "regional"]),
    ("region=AFR", ["regional"]),
    ("year=2019", ["global", "success_stories"]),
    ("year=2024", ["regional"]),
    ("year=2025", ["roadmap_state"]),
    ("year=2003", []),
    ("series=regional&year=2020", []),
]


@pytest.mark.parametrize(("query", "names"), ASKED)
def test_page_and_api_find_the_same(client, shelf, query, names):
    expected = {shelf[name].pk for name in names}

    page = client.get(f"{reverse('reports:publications')}?{query}")
    api = client.get(f"/api/v1/reports/?{query}").json()

    assert {p.pk for p in page.context["page"].object_list} == expected
    assert {row["id"] for row in api["results"]} == expected


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("series=novel", "series"),
        ("region=MOON", "region"),
        ("year=soon", "year"),
        ("year=1066", "year"),
        ("year=" + "9" * 40, "year"),
        ("colour=red", "colour"),
    ],
)
def test_what_is_unknown_gets_a_sentence(client, query, name):
    page = client.get(f"{reverse('reports:publications')}?{query}")
    api = client.get(f"/api/v1/reports/?{query}")

    assert list(page.context["filters"].problems) == [name]
    assert page.status_code == 200
    assert (api.status_code, api.json()["errors"][0]["field"]) == (400, name)


def test_the_next_page_keeps_the_filters(client, monkeypatch):
    monkeypatch.setattr("reports.page.views.PAGE_SIZE", 1)
    made = [frozen() for _ in range(2)]
    address = f"{reverse('reports:publications')}?series=global"

    first = client.get(address).context["page"]
    second = client.get(f"{reverse('reports:publications')}{first.next}").context[
        "page"
    ]

    assert "series=global" in first.next
    assert [first.object_list, second.object_list] == [[made[1]], [made[0]]]
    assert second.next is None


def test_the_api_says_what_a_report_is_about(client, shelf):
    rows = client.get("/api/v1/reports/").json()["results"]

    assert {(r["series"], r["region"], r["contest"], r["as_of"]) for r in rows} == {
        ("global", None, None, None),
        ("regional", "AFR", None, None),
        ("success_stories", None, "2019", None),
        ("roadmap_state", None, None, "2025-07-11"),
    }
