"""Living numbers: each equals an SQL of its own, and its link leads to exactly its projects."""

import pytest
from django.http import QueryDict
from django.utils import translation

from reports.builders.scope import Scope
from reports.living.checking import problems_in
from reports.living.counting import Counter
from reports.living.evaluation import Evaluation
from reports.markup.nodes import plain
from stocktaking.search.filters import ProjectSearch
from tests.factories import ProjectFactory
from tests.reports.living.register import counted, register

pytestmark = pytest.mark.django_db

COUNTS = [
    {"region": "AFR"},
    {"region": "AFR", "year": "2024"},
    {"region": "INTL"},
    {"region": "ASP"},
    {"country": "NG", "type": "ACAD"},
    {"country": "INTL", "year": "2023"},
    {"line": "C10"},
    {"line": "C10", "region": "AFR"},
    {"line": "C7"},
    {"line": "C7-EAGR", "goal": "2"},
    {"goal": "9", "year": "2024"},
    {"goal": "4", "line": "C10", "country": "KE"},
    {"type": "OTHER"},
    {"year": "2019"},
    {"from_": "2023", "to": "2024"},
    {"from_": "2024"},
    {"to": "2023", "region": "EUR"},
    {"line": "C9", "from_": "2020", "to": "2030"},
]


def token(word, filters, tail=""):
    pairs = ", ".join(f"{n.removesuffix('_')}={value}" for n, value in filters.items())
    return f"{{{{{word}: {pairs}{tail}}}}}"


def evaluation(**scope):
    return Evaluation(Counter(Scope(**scope)))


def figure_of(text, **scope):
    asked = evaluation(**scope)
    nodes = asked.nodes(text)
    assert list(problems_in(nodes)) == []
    (paragraph,) = nodes
    return paragraph["inlines"][0]


def listed(address):
    """How many projects the page behind the address lists."""
    path, _question, query = address.partition("?")
    assert path == "/en/projects/"
    search = ProjectSearch(QueryDict(query), strict=True)
    assert search.is_valid
    return search.total


def test_a_count_is_that_of_the_database_and_of_the_list_behind_it():
    register()

    for filters in COUNTS:
        figure = figure_of(token("count", filters))
        assert figure["text"] == str(counted(**filters)), filters
        assert listed(figure["address"]) == counted(**filters), filters
        assert figure["token"] == token("count", filters).strip("{}")
    numbers = " ".join(str(counted(**filters)) for filters in COUNTS)
    assert numbers == "6 3 2 0 2 1 6 4 3 1 3 2 2 0 10 7 1 3"


def test_the_page_behind_a_number_says_the_same(client):
    register()

    figure = figure_of("{{count: line=c10, region=AFR}}")

    page = client.get(figure["address"]).content.decode()
    assert f"{figure['text']} projects" in " ".join(page.split())


@pytest.mark.parametrize(
    ("filters", "whole"),
    [
        ({"region": "AFR", "year": "2024"}, {"year": "2024"}),
        ({"year": "2024", "region": "AFR"}, {"region": "AFR"}),
        (
            {"line": "C10", "from_": "2022", "to": "2023"},
            {"from": "2022", "to": "2023"},
        ),
        ({"from_": "2024", "to": "2025", "goal": "9"}, {"goal": "9"}),
        ({"goal": "17"}, {}),
    ],
    ids=str,
)
def test_a_share_is_taken_of_the_same_without_its_first_filter(filters, whole):
    register()

    figure = figure_of(token("share", filters))

    share = 100 * counted(**filters) / counted(**whole)
    assert figure["text"] == f"{share:.1f}".removesuffix(".0") + "%"
    assert listed(figure["address"]) == counted(**filters)


def test_numbers_of_the_report_are_those_of_its_scope():
    register()
    asked = evaluation(region="AFR", from_year=2023, to_year=2024)

    written = plain(asked.nodes("{{total}} {{countries}} {{organizations}}"))

    assert written == f"{counted(region='AFR', from_='2023', to='2024')} 3 5"


def test_the_link_of_the_total_lists_the_scope():
    register()

    figure = figure_of("{{total}}", region="AFR", from_year=2023)

    assert listed(figure["address"]) == int(figure["text"])


@pytest.mark.parametrize(
    ("language", "number", "share"),
    [
        ("en", "1,234", "33.3%"),
        ("fr", "1\u00a0234", "33,3\u00a0%"),
        ("es", "1\u00a0234", "33,3\u00a0%"),
        ("ru", "1\u00a0234", "33,3\u00a0%"),
        ("ar", "1,234", "33.3%"),
        ("zh-hans", "1,234", "33.3%"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(
    monkeypatch, language, number, share
):
    monkeypatch.setattr(Counter, "count", lambda *_args: 1234)
    monkeypatch.setattr(Counter, "two_counts", lambda *_args: (1, 3))

    with translation.override(language):
        asked = evaluation()
        written = plain(
            asked.nodes("{{count: year=2024}} {{share: line=C1, year=2024}}")
        )

    assert written == f"{number} {share}"


def test_a_question_that_stands_twice_is_asked_once(django_assert_num_queries):
    register()
    asked = evaluation()
    asked.nodes("{{count: region=AFR}}")  # the vocabularies are there now

    with django_assert_num_queries(2):
        asked.nodes(
            "{{count: region=EUR}} and {{ count :region = EUR }}, of these"
            " {{share: region=EUR, year=2024}}, again {{share: region=EUR, year=2024}}"
        )


def test_a_number_in_a_link_has_no_link_of_its_own():
    ProjectFactory()

    (paragraph,) = evaluation().nodes("[see {{total}}](https://example.org)")

    (link,) = paragraph["inlines"]
    assert link["inlines"][1]["address"] == ""
