"""The grammar: what is understood, and a clear sentence for everything else."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.builders.scope import Scope
from reports.living.checking import problems_in
from reports.living.counting import Counter
from reports.living.evaluation import Evaluation
from reports.living.grammar import TokenError, parse
from reports.markup.nodes import plain

pytestmark = pytest.mark.django_db

REFUSED = {
    "": "“” is not a word for a living number. Use one of:",
    "number: region=AFR": "“number” is not a word for a living number.",
    "count": "“count” needs the filter: region, country, line, goal, type, year.",
    "count:": "“count” needs the filter",
    "count: region": "“region” is not a filter. Write filters such as region=AFR",
    "count: region=AFR,,year=2024": "“” is not a filter.",
    "count: area=AFR": "There is no filter “area”. Use one of: region, country,",
    "count: at_least=2": "There is no filter “at_least”.",
    "count: region=AFR, region=EUR": "The filter “region” stands twice.",
    "count: region=XXX": "“XXX” is not a value of “region”. Its values are: AFR, AMS,",
    "count: country=XX": "“XX” is not a value of “country”.",
    "count: line=C12": "“C12” is not a value of “line”. Its values are: C1, C2,",
    "count: goal=18": "“18” is not a value of “goal”.",
    "count: type=NGO": "“NGO” is not a value of “type”. Its values are: GOV,",
    "count: year=24": "“24” is not a year. Enter a year from 1990 to 2100.",
    "count: year=٢٠٢٤": "is not a year.",
    "count: from=2024, to=2023": "The last year lies before the first year.",
    "count: year=2024, from=2023": "Use either year, or from and to.",
    "count: region=AFR | many": "“count” prints a number. Remove the bar",
    "total: region=AFR": "“total” is about the whole report and has no filters.",
    "countries | many": "“countries” prints a number.",
    "largest: region=AFR": "“largest” needs the words that it prints, after a bar",
    "largest: region=AFR |  ": "“largest” needs the words",
    "largest: from=2023, to=2024 | x": "The first filter of “largest” is what is compared",
    "largest | the most": "“largest” needs the filter: region,",
    "grew: region=AFR | grew": "“grew” needs the filter: from, to.",
    "grew: region=AFR, from=2023 | grew": "“grew” needs the filter: to.",
    "fell: from=2023, to=2023 | fell": "Compare two different years.",
    "ratio: from=2023, to=2024 | doubled": "“ratio” needs at_least, for example at_least=2.",
    "ratio: from=2023, to=2024, at_least=two | doubled": "“two” is not a number for at_least.",
    "ratio: from=2023, to=2024, at_least=0 | doubled": "“0” is not a number for at_least.",
    "first: region=AFR | first": "“first” needs the filter: year.",
    "first: year=2024 | first": "“first” needs the filter: region, country,",
    f"first: line=C9, year=2024 | {'x' * 201}": "longer than 200 characters",
}


@pytest.mark.parametrize(("source", "sentence"), REFUSED.items(), ids=list(REFUSED))
def test_what_is_wrong_is_said(source, sentence):
    with pytest.raises(TokenError) as error:
        parse(source)

    assert sentence in error.value.sentence


def problems_of(text):
    nodes = Evaluation(Counter(Scope())).nodes(text)
    return plain(nodes), list(problems_in(nodes, "/edit/"))


def test_an_error_has_its_place_and_the_text_stays_as_written():
    text = "A line.\n\nIn {{count: region=AFR}} and\n{{coutn: region=AFR}} **cases**"

    written, (problem,) = problems_of(text)

    assert written == "A line.\nIn 0 and {{coutn: region=AFR}} cases"
    assert (problem.code, problem.severity) == ("TOKEN_UNKNOWN", "error")
    assert problem.place == "/edit/"
    assert problem.sentence.startswith(
        "Line 4: {{coutn: region=AFR}} “coutn” is not a word"
    )


def test_a_token_without_an_end_is_named():
    _written, problems = problems_of("{{total and more\n\n{{" + "x" * 600 + "}}")

    first, second = (problem.sentence for problem in problems)
    assert first.startswith("Line 1: {{ A living number begins here and has no end.")
    assert second.startswith("Line 3: {{ A living number")


def test_a_share_of_nothing_is_said():
    written, (problem,) = problems_of("{{share: line=C9, year=2001}}")

    assert written == "{{share: line=C9, year=2001}}"
    assert "There are no projects of which this is a share." in problem.sentence


def test_a_token_may_be_written_with_spaces_on_two_lines():
    written, problems = problems_of("{{ count :\nregion = afr , year=2024 }}")

    assert (written, problems) == ("0", [])


@given(st.text(max_size=300))
def test_no_token_breaks_anything(source):
    with suppress(TokenError):
        parse(source)
