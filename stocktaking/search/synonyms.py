"""About 250 nouns of the field in six languages: "coffee" finds projects that say café or 咖啡."""

import csv
import threading
from functools import lru_cache
from pathlib import Path

import Stemmer

from common.search.query import HAN_RUN
from stocktaking.search.tokens import Tokens, tokens

SHEET = Path(__file__).resolve().parents[1] / "data" / "nouns.csv"
# column of the sheet → stemmer; Chinese words do not change
STEMMERS = {
    "en": "english",
    "fr": "french",
    "es": "spanish",
    "ru": "russian",
    "ar": "arabic",
    "zh": "",
}
LONGEST_NOUN = 6  # tokens
STEMS_KEPT = 4096

_own = threading.local()  # a stemmer belongs to one thread


@lru_cache(1)
def forms() -> list[dict[str, list[str]]]:
    """For each noun, its forms by language."""
    with SHEET.open(encoding="utf-8", newline="") as file:
        return [
            {language: row[language].split(";") for language in STEMMERS}
            for row in csv.DictReader(file)
        ]


@lru_cache(STEMS_KEPT)
def stem(token: str, language: str) -> str:
    """The part of a word that its forms share; in Chinese the word itself."""
    if not STEMMERS[language]:
        return token
    stemmers = _own.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        stemmers[language] = Stemmer.Stemmer(STEMMERS[language])
    stemmed: str = stemmers[language].stemWord(token)
    return stemmed


@lru_cache(1)
def _book() -> dict[tuple[str, Tokens], set[str]]:
    """Language and stems → the rows of the nouns with these forms."""
    book: dict[tuple[str, Tokens], set[str]] = {}
    for row, noun in enumerate(forms()):
        for language, ways in noun.items():
            for way in ways:
                key = tuple(stem(token, language) for token in tokens(way))
                book.setdefault((language, key), set()).add(str(row))
    return book


@lru_cache(STEMS_KEPT)
def nouns_in(key: Tokens) -> frozenset[str]:
    """The rows of the nouns that these tokens are, in any language."""
    nouns: set[str] = set()
    for language in languages_of(key[0]):
        nouns |= _book().get(
            (language, tuple(stem(token, language) for token in key)), set()
        )
    return frozenset(nouns)


def languages_of(token: str) -> tuple[str, ...]:
    """The languages in whose script a token is written."""
    if HAN_RUN.match(token):
        return ("zh",)
    if "\u0600" <= token[0] <= "\u06ff":
        return ("ar",)
    if "\u0400" <= token[0] <= "\u04ff":
        return ("ru",)
    return ("en", "fr", "es")
