"""Claims: true and false ones, each decided by an SQL of its own; ties, gaps, nothing stated."""

from itertools import product

import pytest

from reports.builders.scope import Scope
from reports.living.checking import problems_in
from reports.living.claims import label_of
from reports.living.counting import Counter
from reports.living.evaluation import Evaluation
from tests.reports.living.register import counted, project, register

pytestmark = pytest.mark.django_db

REGIONS = ("AFR", "AMS", "ARB", "ASP", "CIS", "EUR")
TOP_LINES = (*(f"C{n}" for n in range(1, 12)),)


def claim_of(source, words="so it is"):
    asked = Evaluation(Counter(Scope()))
    nodes = asked.nodes(f"Africa has {{{{{source} | {words}}}}}.")
    return nodes[0]["inlines"][1], list(problems_in(nodes))


def is_true(source):
    claim, problems = claim_of(source)
    assert claim["text"] == "so it is"
    assert [p.code for p in problems] == ([] if claim["is_true"] else ["CLAIM_FALSE"])
    return claim["is_true"]


def more(country, year, line="C4", goals=("16",)):
    project(country, year, line, [], list(goals), "TECH")


def test_largest_and_smallest_region():
    register()
    for own, year in product(REGIONS, ("2022", "2023", "2024")):
        require_region(own, year)


def require_region(own, year):
    mine = counted(region=own, year=year)
    others = [counted(region=code, year=year) for code in REGIONS if code != own]
    # projects without a country
    unstated = (
        counted(year=year) - mine - sum(others) - counted(region="INTL", year=year)
    )

    assert is_true(f"largest: region={own}, year={year}") == (
        mine > max(*others, unstated)
    )
    assert is_true(f"smallest: region={own}, year={year}") == (mine < min(others))


@pytest.mark.parametrize("own", ["C10", "C7", "C9"])
def test_largest_line_counts_other_lines_and_c7_as_a_whole(own):
    register()
    compared = {code: counted(line=code) for code in TOP_LINES if code != "C7"}
    if own == "C7":
        compared["C7"] = counted(line="C7")
    mine = compared.pop(own)

    assert is_true(f"largest: line={own}") == (mine > max(compared.values()))


def test_the_largest_line_of_each_kind_is_found():
    register()

    assert is_true("largest: line=C10")
    assert not is_true("largest: line=C7")
    for _n in range(4):
        more("FR", 2024, line="C7-EAGR")
    assert is_true("largest: line=C7")
    assert not is_true("largest: line=C7-EAGR")  # six of C10 against six


@pytest.mark.parametrize("goal", ["9", "17", "3"])
def test_largest_goal(goal):
    register()
    goals = [str(n) for n in range(1, 18)]
    rivals = [counted(goal=code) for code in goals if code != goal]
    without_goal = 3

    true = counted(goal=goal) > max(*rivals, without_goal)

    assert is_true(f"largest: goal={goal}") == true


def test_a_tie_is_neither_largest_nor_smallest():
    for country in ("KE", "FR"):
        more(country, 2024)

    assert not is_true("largest: region=AFR, year=2024")
    assert not is_true("smallest: region=AFR, year=2024")
    more("SN", 2024)
    assert is_true("largest: region=AFR, year=2024")


def test_nobody_knows_the_largest_when_more_projects_state_nothing():
    more("KE", 2024)
    more(None, 2024)
    more(None, 2024)

    _claim, (problem,) = claim_of("largest: region=AFR, year=2024")

    assert "Africa: 1; Not stated: 2" in problem.sentence
    assert problem.is_error


def test_international_is_no_region_but_may_be_compared_with_them():
    more("KE", 2024)
    more("INTL", 2024)
    more("INTL", 2024)

    assert is_true("largest: region=AFR")
    assert is_true("largest: region=INTL")


def test_of_countries_only_those_with_projects_are_compared():
    more("KE", 2024)
    more("FR", 2024)
    more("FR", 2024)

    assert is_true("smallest: country=KE")
    assert is_true("largest: country=FR")


def test_the_largest_year_ever():
    register()
    years = {year: counted(year=year, region="AFR") for year in range(2022, 2026)}

    for year, mine in years.items():
        rivals = [n for other, n in years.items() if other != year]
        assert is_true(f"largest: year={year}, region=AFR") == (mine > max(rivals))
    assert is_true("largest: year=2024, region=AFR")


def test_a_year_without_projects_is_the_smallest_between_others():
    more("KE", 2020)
    more("KE", 2022)

    assert is_true("smallest: year=2021, country=KE")
    assert not is_true("smallest: year=2020, country=KE")


PAIRS = [("2022", "2023"), ("2023", "2024"), ("2024", "2025"), ("2019", "2022")]


ABOUT = [{}, {"region": "AFR"}, {"line": "C10"}, {"goal": "9"}]


def test_grew_fell_and_ratio():
    register()
    for (first, last), filters in product(PAIRS, ABOUT):
        require_change(first, last, filters)


def require_change(first, last, filters):
    before = counted(**filters, year=first)
    after = counted(**filters, year=last)
    asked = ", ".join(
        [f"from={first}, to={last}", *(f"{n}={v}" for n, v in filters.items())]
    )

    assert is_true(f"grew: {asked}") == (after > before)
    assert is_true(f"fell: {asked}") == (after < before)
    for times in ("1.5", "2", "0.5"):
        true = before > 0 and after >= float(times) * before
        assert is_true(f"ratio: {asked}, at_least={times}") == true


def test_the_first_time():
    register()
    for year in ("2021", "2022", "2023", "2024", "2025"):
        require_first(year, {"region": "AFR", "line": "C7"})
        require_first(year, {"country": "NG"})


def require_first(year, filters):
    asked = ", ".join(f"{name}={value}" for name, value in filters.items())
    before = counted(**filters, to=str(int(year) - 1))

    true = counted(**filters, year=year) > 0 and before == 0

    assert is_true(f"first: {asked}, year={year}") == true


def test_a_false_claim_says_what_was_compared():
    register()

    _claim, (grown,) = claim_of("grew: line=C10, from=2023, to=2025", "went up")
    _claim, (first,) = claim_of("first: country=KE, year=2023", "for the first time")

    assert grown.sentence == (
        "Line 1: “went up” is not true (2023: 3; 2025: 1). Change the sentence or its filters."
    )
    assert "“for the first time” is not true (2022: 1; 2023: 1)." in first.sentence


def test_values_have_their_names():
    assert label_of("line", "C9") == "Media"
    assert label_of("year", "2024") == "2024"
    assert label_of("country", "") == "Not stated"


def test_a_claim_leads_to_its_projects():
    register()

    claim, _problems = claim_of("grew: line=C10, from=2022, to=2023")

    assert claim["address"] == "/en/projects/?action_line=C10&year=2022&year=2023"
