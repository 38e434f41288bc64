"""Names of countries, action lines, goals … inside what a reader types (docs/search.md).

“kenya e-health” asks for projects of Kenya on the line E-health, in whatever words and language
their texts are written: each name widens the search by the projects that carry its code.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from common.search import HAN, TextQuery, clean, pairs
from reference import vocabulary

OTHER_WORDS = Path(__file__).resolve().parent / "data" / "terms.csv"
KINDS = ("country", "region", "action_line", "sdg", "stakeholder_type")
TOKEN = re.compile(rf"[{HAN}]|(?:(?![{HAN}])\w)+")
LONGEST = 24  # tokens of a name; signs count singly in Chinese
SHORT = 3  # letters; such names (US, UK, UAE) must be typed in capitals
GOAL_PREFIXES = ("sdg", "goal", "odd", "ods", "цур", "هدف", "目标", "可持续发展目标")
# Words that join names and say nothing of their own.
GLUE_WORDS = (
    "a the of in on for from by with and at to de du des d la le les l en et au aux dans pour par"
    " del el los las y para con в во и на для из по с от في من عن إلى و على 的 在 和 与"
    " project projects projet projets proyecto proyectos проект проекты مشروع مشاريع 项 目"
)
GLUE = frozenset(GLUE_WORDS.split())
NOT_PLAIN = re.compile(r'"|\bor\b', re.IGNORECASE)

Code = tuple[str, str]  # facet, code; ("organisation", id) for one that goes by another name
Tokens = tuple[str, ...]


@dataclass(frozen=True)
class Meant:
    """A text with the names in it: `named` pairs the words with the codes they stand for."""

    rest: TextQuery | None  # the other words; None when there are none of weight
    named: tuple[tuple[TextQuery, frozenset[Code]], ...]


def fold(text: str) -> str:
    """Without case and accents, as names are compared; Arabic vowel signs and kashida go too."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign) and sign != "ـ")


def tokens(text: str) -> Tokens:
    return tuple(TOKEN.findall(fold(text)))


@lru_cache(1)
def _other_words() -> list[tuple[str, Code]]:
    with OTHER_WORDS.open(encoding="utf-8", newline="") as file:
        return [
            (words, (row["facet"], row["code"]))
            for row in csv.DictReader(file)
            for words in row["words"].split(";")
        ]


def _all_names() -> Iterator[tuple[str, Code]]:
    """Every way in which a code may be written, with the code."""
    yield from _other_words()
    for kind in KINDS:
        for names in vocabulary.every_name(kind).values():
            yield from ((name, (kind, code)) for code, name in names.items())
    for code, aliases in vocabulary.country_aliases().items():
        yield from ((alias, ("country", code)) for alias in aliases)
    for code in vocabulary.labels("action_line"):
        yield code, ("action_line", code)
    for code in vocabulary.labels("sdg"):
        for prefix in GOAL_PREFIXES:
            yield f"{prefix} {code}", ("sdg", code)
            yield f"{prefix}{code}", ("sdg", code)


_book: tuple[list[object], dict[Tokens, set[Code]]] = ([], {})


def names() -> dict[Tokens, set[Code]]:
    """Tokens of a name → the codes it stands for; built anew when a vocabulary was read anew."""
    global _book  # noqa: PLW0603 (one book per process, replaced in one step)
    read: list[object] = [*map(vocabulary.every_name, KINDS), vocabulary.country_aliases()]
    if len(read) != len(_book[0]) or any(a is not b for a, b in zip(read, _book[0], strict=True)):
        found: dict[Tokens, set[Code]] = {}
        for name, code in _all_names():
            found.setdefault(tokens(name), set()).add(code)
        found.pop((), None)
        _book = (read, found)
    return _book[1]


def understand(text: str, query: TextQuery, others: dict[Tokens, set[Code]]) -> Meant | None:
    """The names in a plain text (no phrases, no “or”); None when there are none.

    `others` are further names: what organisations are also known as. Unwanted words stay words.
    """
    wanted = clean(re.sub(r"(?:^|\s)-\S+", " ", text))
    if not query.wanted or NOT_PLAIN.search(wanted):
        return None
    named, rest = _parted(wanted, (names(), others))
    if not named:
        return None
    plain = replace(query, unwanted="")
    weighty = [part for part in rest if set(tokens(part)) - GLUE]
    left = replace(plain, wanted=pairs(" ".join(rest)).strip()) if weighty else None
    return Meant(
        left,
        tuple((replace(plain, wanted=pairs(words).strip()), codes) for words, codes in named),
    )


def _parted(
    text: str, books: tuple[dict[Tokens, set[Code]], ...]
) -> tuple[list[tuple[str, frozenset[Code]]], list[str]]:
    """The names in the text with their codes, the longest first at each place; and the rest."""
    places = [(hit.start(), hit.end()) for hit in TOKEN.finditer(text)]
    folded = [fold(text[start:end]) for start, end in places]
    named: list[tuple[str, frozenset[Code]]] = []
    rest: list[str] = []
    at = done = 0
    while at < len(places):
        for size in range(min(LONGEST, len(places) - at), 0, -1):
            start, end = places[at][0], places[at + size - 1][1]
            key = tuple(folded[at : at + size])
            codes = frozenset(code for book in books for code in book.get(key, ()))
            if codes and not _is_small_word(text[start:end]):
                named.append((text[start:end], codes))
                rest.append(text[done:start])
                at, done = at + size, end
                break
        else:
            at += 1
    return named, [*rest, text[done:]]


def _is_small_word(said: str) -> bool:
    """“us” is a word, “US” a country."""
    return len(said) < SHORT and said.isascii() and said.isalpha() and not said.isupper()
