"""Receipts in words: a number of 44 bits, written as four words of a list of 2,048.

The list is the English one of BIP 39: no word is the beginning of another one's first four
letters, so that what somebody reads out on the telephone is understood.
"""

import difflib
import re
import unicodedata
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from mnemonic import Mnemonic

WORDS = 4
BITS = 11  # of each word: 2,048 words
MOST = 2 ** (BITS * WORDS) - 1
LENGTH = 60  # characters that a reader may type: four words have 35 at most


@cache
def word_list() -> list[str]:
    return list(Mnemonic("english").wordlist)


@cache
def _places() -> dict[str, int]:
    return {word: place for place, word in enumerate(word_list())}


def words_of(number: int | None) -> str:
    """The four words of a receipt, such as "lake-olive-river-nice"; "" for none."""
    if number is None:
        return ""
    places = (
        number >> BITS * (WORDS - 1 - place) & (1 << BITS) - 1 for place in range(WORDS)
    )
    return "-".join(word_list()[place] for place in places)


def number_of(text: str) -> int:
    """The number of a receipt as somebody typed it: spaces, hyphens, commas and case do not
    matter. Raises ValidationError with a sentence that says what to correct."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = re.findall(r"[^\W_]+", plain)
    for word in words:
        if word not in _places():
            raise ValidationError(_unknown(word))
    if len(words) != WORDS:
        raise ValidationError(_("Enter the four words of the receipt."))
    number = 0
    for word in words:
        number = number << BITS | _places()[word]
    return number


def _unknown(word: str) -> str:
    near = difflib.get_close_matches(word, word_list(), n=1)
    if near:
        return _("“%(word)s” is not a word of receipts. Did you mean “%(near)s”?") % {
            "word": word,
            "near": near[0],
        }
    return _("“%(word)s” is not a word of receipts.") % {"word": word}
