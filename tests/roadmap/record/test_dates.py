"""Dates of three precisions, as properties."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from common.text.digits import western
from roadmap.record.dates import FIRST_YEAR, LAST_YEAR, parse

DAYS = st.dates(datetime.date(FIRST_YEAR, 1, 1), datetime.date(LAST_YEAR, 12, 31))
LENGTHS = st.sampled_from([4, 7, 10])


@given(DAYS, LENGTHS)
def test_what_is_written_is_read_back_as_exact_as_it_was(day, length):
    written = day.isoformat()[:length]

    moment = parse(written)

    assert moment.iso == written
    assert moment.first <= day <= moment.last
    assert parse(moment.iso) == moment


@given(DAYS, LENGTHS)
def test_the_day_after_the_last_is_another_date(day, length):
    moment = parse(day.isoformat()[:length])
    if moment.last.year < LAST_YEAR:
        after = moment.last + datetime.timedelta(days=1)

        assert after.isoformat()[:length] > moment.iso


@given(st.text(max_size=12))
def test_anything_else_is_refused_with_a_sentence(text):
    try:
        read = parse(text).iso
    except ValidationError:
        read = text.strip()

    assert read == western(text.strip())


def test_digits_of_any_keyboard_are_read():
    assert parse("٢٠٢٥-٠٧").iso == "2025-07"


@pytest.mark.parametrize(
    "text", ["", "25", "2025-13", "2025-02-30", "1812", "9999", "2025/07"]
)
def test_no_date(text):
    with pytest.raises(ValidationError):
        parse(text)
