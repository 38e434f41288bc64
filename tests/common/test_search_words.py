"""Words are counted alike in browser, form, API and import."""

import pytest
from django.core.exceptions import ValidationError

from common.text.words import WordLimit, count_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" \n\t ", 0),
        ("one two  three", 3),
        ("e-government isn’t don't", 3),
        ("— … ! ?", 0),
        ("C7: 2,5 % of 100", 5),
        ("l'accès à l’information", 3),
        ("Цифровые деревни", 2),
        ("القرى الرقمية", 2),
        ("信息社会", 4),
        ("WSIS信息 社会", 5),
        ("정보 사회", 4),
        ("snake_case a_b", 2),
    ],
)
def test_words_of_six_languages(text, words):
    assert count_words(text) == words


def test_a_limit_says_how_many_there_are():
    limit = WordLimit(2)

    limit("two words")
    with pytest.raises(ValidationError) as refused:
        limit("now three words")

    assert refused.value.messages == ["Enter at most 2 words; you have 3."]
    assert refused.value.code == "too_many_words"


def test_limits_of_one_number_are_equal():
    assert (WordLimit(2) == WordLimit(2), WordLimit(2) == WordLimit(3)) == (True, False)
