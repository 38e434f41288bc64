import datetime

import pytest
from django.core.exceptions import TooManyFieldsSent
from django.http import QueryDict
from django.utils import translation

from stocktaking.project.models import Project
from stocktaking.search.filters import Chip, CursorError, ProjectSearch
from tests.factories import ProjectFactory


def search(query: str = "") -> ProjectSearch:
    return ProjectSearch(QueryDict(query))


def day(number: int) -> datetime.datetime:
    return datetime.datetime(2025, 1, number, tzinfo=datetime.UTC)


def test_values_of_a_facet_widen_and_facets_narrow(db):
    both = ProjectFactory(sdgs=["4", "9"], year=2024)
    ProjectFactory(sdgs=["4"], year=2025)
    ProjectFactory(sdgs=["5"], year=2024)

    found = search("sdg=4&sdg=9&year=2024")

    assert found.pks(9) == [both.pk]
    assert found.counts["sdg"] == {"4": 1, "5": 1, "9": 1}
    assert found.counts["year"] == {"2024": 1, "2025": 1}


def test_main_and_other_action_lines_count_once(db):
    ProjectFactory(main_action_line__code="C4", other_action_lines=["C4", "C1"])

    assert search().counts["action_line"] == {"C1": 1, "C4": 1}
    assert search("action_line=C1").total == 1


def test_a_facet_names_its_values_in_the_readers_language(db):
    ProjectFactory(country__code="KE", year=2024)
    ProjectFactory(country__code="KE", year=2025)

    with translation.override("fr"):
        facets = {facet.name: facet for facet in search("country=KE").facets}

    value = facets["country"].values[0]
    assert (value.code, value.count, value.selected) == ("KE", 2, True)
    assert [year.code for year in facets["year"].values] == ["2025", "2024"]


def test_a_chip_leads_to_the_search_without_it(db):
    ProjectFactory(sdgs=["4"], year=2025)

    chips = search("q=villages&sdg=4&year=2025&sort=title&page=1").chips

    assert [chip.query for chip in chips] == [
        "q=villages&year=2025&sort=title",
        "q=villages&sdg=4&sort=title",
    ]
    assert chips[1] == Chip("year", "Year", "2025", "q=villages&sdg=4&sort=title")


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("sdg=99", {"sdg": ["“99” is not a value of “SDG” and was ignored."]}),
        ("year=1e9", {"year": ["“1e9” is not a value of “Year” and was ignored."]}),
        (
            "country=%00",
            {"country": ["“�” is not a value of “Country” and was ignored."]},
        ),
        ("regoin=AFR", {"regoin": ["There is no filter with this name."]}),
        (
            "sort=best",
            {"sort": ["This order is not available; the default order is used."]},
        ),
        ("page=0", {"page": ["Page numbers start at 1; this is the first page."]}),
        ("page=-1", {"page": ["Page numbers start at 1; this is the first page."]}),
        (
            "page=" + "9" * 400,
            {"page": ["Page numbers start at 1; this is the first page."]},
        ),
        ("utm_source=mail&sdg=", {}),
    ],
)
def test_what_is_not_understood_is_named(db, query, errors):
    ProjectFactory()

    found = search(query)

    assert found.errors == errors
    assert found.is_valid == (not errors)
    assert len(found.page("x").object_list) == 1


def test_a_page_beyond_the_end_is_the_last(db):
    ProjectFactory.create_batch(3)
    found = search("page=999999999")

    page = found.page("999999999", size=2)

    assert (
        page.number,
        page.pages,
        len(page.object_list),
        page.has_next,
        page.has_previous,
    ) == (
        2,
        2,
        1,
        False,
        True,
    )
    assert found.errors == {"page": ["There are only 2 pages; this is the last."]}


def test_ten_thousand_parameters_are_refused_before_us():
    with pytest.raises(TooManyFieldsSent):
        QueryDict("&".join(f"sdg={n}" for n in range(10_000)))


def test_a_thousand_unknown_values_give_three_sentences(db):
    query = "&".join(f"sdg=x{n}" for n in range(900))

    assert len(search(query).errors["sdg"]) == 3


def test_broken_bytes_find_nothing_and_break_nothing(db):
    ProjectFactory()

    found = search("q=%ff%fe&sdg=%c3%28")

    assert (found.total, len(found.errors["sdg"])) == (0, 1)


@pytest.mark.parametrize("sort", ["newest", "title", "relevance"])
def test_pages_part_the_result_in_its_order(db, sort):
    for number in (3, 1, 2, 5, 4):
        ProjectFactory(title=f"Village {9 - number}", published_at=day(number))
    query = f"q=village&sort={sort}"

    whole = search(query).pks(9)
    parts = [p.pk for n in (1, 2, 3) for p in search(query).page(n, size=2)]

    by_day = list(Project.objects.newest().values_list("pk", flat=True))
    assert whole == parts == by_day


def test_titles_sort_without_accents_and_case(db):
    for title in ("Zebra", "école", "Eagle", "abacus"):
        ProjectFactory(title=title, sdgs=["4"] if title != "Eagle" else ["5"])

    assert [p.title for p in search("sort=title").page()] == [
        "abacus",
        "Eagle",
        "école",
        "Zebra",
    ]
    assert [p.title for p in search("sort=title&sdg=4").page()] == [
        "abacus",
        "école",
        "Zebra",
    ]


@pytest.mark.parametrize("query", ["", "sdg=9", "sort=title", "q=digital"])
def test_cursors_read_everything_once(db, query):
    ProjectFactory.create_batch(5)
    seen, cursor = [], None

    while True:
        page = search(query).cursor_page(cursor, 2)
        seen += [project.pk for project in page.object_list]
        cursor = page.next
        if cursor is None:
            break

    assert seen == search(query).pks(9)
    assert len(seen) == 5


def test_a_cursor_by_date_is_not_moved_by_what_is_new(db):
    ProjectFactory.create_batch(4)
    expected = search().pks(9)
    first = search().cursor_page(None, 2)

    ProjectFactory()

    second = search().cursor_page(first.next, 2)
    assert [p.pk for p in first.object_list + second.object_list] == expected


@pytest.mark.parametrize(
    "cursor", ["x", "%", "é", "A" * 1000, "bgAGL4B", "cAAA" * 6, "a" * 23]
)
def test_a_cursor_of_others_is_refused(db, cursor):
    ProjectFactory()

    with pytest.raises(CursorError):
        search().cursor_page(cursor, 2)


@pytest.mark.parametrize(
    "rows", [5, 15]
)  # for fewer than five a text is looked for again
@pytest.mark.parametrize(
    ("query", "queries"),
    [
        ("sdg=9", 2),  # what is new, the page's rows
        ("q=digital", 4),  # and what the text finds, and their rank
        ("sort=title", 3),  # and the order of titles
    ],
)
def test_queries_do_not_grow_with_rows(
    db, django_assert_num_queries, rows, query, queries
):
    ProjectFactory.create_batch(rows)
    search().facets  # noqa: B018  (vocabularies and bitmaps are in the process)
    len(search("q=water").page().object_list)  # what the first text asks for is kept

    with django_assert_num_queries(queries):
        found = search(query)
        shown = (found.total, len(found.facets), len(found.page().object_list))

    assert shown == (rows, 6, rows)
