"""What differs between two contents: pure, complete, in the reader's words."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stocktaking.revision.differences import Difference, Part, differences

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CONTENTS = st.dictionaries(
    st.sampled_from(
        ["title", "summary", "sdgs", "start_date", "country_id", "unheard_of"]
    ),
    st.one_of(st.none(), st.text(), st.integers(), st.lists(st.text(max_size=3))),
)


def test_fields_come_in_the_order_of_the_form_with_their_labels():
    old = {"sdgs": ["1"], "title": "Old", "start_date": "2010", "results": ""}
    new = {
        "results": "Many.",
        "start_date": "2011-05",
        "title": "New",
        "sdgs": ["1", "9"],
    }

    assert differences(old, new) == [
        Difference("title", "Title", "Old", "New"),
        Difference("start_date", "Start", "2010", "2011-05"),
        Difference("sdgs", "SDGs", ["1"], ["1", "9"]),
        Difference("results", "Results", "", "Many."),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"title": ""}, {}),
        ({"start_year": None}, {"start_date": ""}),
        ({"sdgs": []}, {"sdgs": None}),
        ({"sdgs": ["1", "9"]}, {"sdgs": ["9", "1"]}),
        ({"summary": "a\r\nb"}, {"summary": "a\nb"}),
        ({"organization_id": 1}, {"organization_id": 2}),
    ],
)
def test_equal_meanings_are_no_difference(old, new):
    assert differences(old, new) == []


@pytest.mark.django_db
def test_codes_are_read_as_names():
    old = {"country_id": "KE", "sdgs": ["1"], "timescale": "ongoing"}
    new = {"country_id": "SN", "sdgs": ["1", "2"], "timescale": "completed"}

    country, timescale, goals = differences(old, new)

    assert (country.old_text, country.new_text) == ("Kenya", "Senegal")
    assert goals.new_text == "1 – No Poverty, 2 – Zero Hunger"
    assert (timescale.old_text, timescale.new_text) == ("Ongoing", "Completed")


def test_text_is_compared_word_by_word():
    (row,) = differences(
        {"summary": "Forty old centres."}, {"summary": "Forty new centres."}
    )

    assert row.parts == [
        Part("same", "Forty "),
        Part("out", "old"),
        Part("in", "new"),
        Part("same", " centres."),
    ]


def test_very_long_text_is_shown_whole():
    (row,) = differences({"results": "a " * 9000}, {"results": "b " * 9000})

    assert [part.kind for part in row.parts] == ["out", "in"]


@unhurried
@given(CONTENTS, CONTENTS)
def test_nothing_differs_from_itself_and_both_ways_name_the_same_fields(old, new):
    assert differences(old, old) == []
    assert [d.field for d in differences(old, new)] == [
        d.field for d in differences(new, old)
    ]


@unhurried
@given(st.text(), st.text())
def test_parts_make_up_both_texts(old, new):
    row = Difference("summary", "", old, new)

    assert "".join(p.text for p in row.parts if p.kind != "in") == row.old_text
    assert "".join(p.text for p in row.parts if p.kind != "out") == row.new_text
