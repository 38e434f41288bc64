"""Names of countries, action lines, Goals … within a text (docs/search.md).

“kenya e-health” asks for projects of Kenya on the line E-health, in whatever words and language
their texts are written: each name widens the search by the projects that carry its code.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from common.search.query import HAN_RUN, TextQuery, clean, compound, pairs
from common.search.queryset import LITERAL
from reference.names import vocabulary
from stocktaking.search.synonyms import LONGEST_NOUN, nouns_in
from stocktaking.search.tokens import TOKEN, Tokens, tokens, without_accents

OTHER_WORDS = Path(__file__).resolve().parents[1] / "data" / "terms.csv"
KINDS = ("country", "region", "action_line", "sdg", "stakeholder_type")
LONGEST = 24  # tokens of a name; signs count singly in Chinese
SHORT = 3  # letters; such names (US, UK, UAE) must be typed in capitals
GOAL_PREFIXES = ("sdg", "goal", "odd", "ods", "цур", "هدف", "目标", "可持续发展目标")
# Words that join names and have no meaning of their own.
# "Or" joins only where no project has all the words.
GLUE_WORDS = (
    "a the of in on for from by with and at to de du des d la le les l en et au aux dans pour par"
    " del el los las y para con в во и на для из по с от في من عن إلى و على 的 在 和 与"
    " or ou o или أو 或"
    " project projects projet projets proyecto proyectos проект проекты مشروع مشاريع 项 目"
)
GLUE = frozenset(tokens(GLUE_WORDS))
YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)

# Facet and code; ("organization", id) for one that goes by another name, ("noun", row) for a word
# of the field.
Code = tuple[str, str]


@dataclass(frozen=True)
class Meant:
    """A text with the names in it: `named` pairs the words with the codes they stand for."""

    rest: TextQuery | None  # the other words; None when there are none of weight
    named: tuple[tuple[TextQuery, frozenset[Code]], ...]

    @property
    def only_nouns(self) -> bool:
        """Whether what carries these names has all words of the text, in some language."""
        return all(
            facet == "noun" for _words, codes in self.named for facet, _code in codes
        )


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
    """Tokens of a name → the codes it stands for; rebuilt after a vocabulary is reloaded."""
    global _book  # noqa: PLW0603 (one book per process, replaced in one step)
    read: list[object] = [
        *map(vocabulary.every_name, KINDS),
        vocabulary.country_aliases(),
    ]
    if len(read) != len(_book[0]) or any(
        a is not b for a, b in zip(read, _book[0], strict=True)
    ):
        codes_of: dict[Tokens, set[Code]] = {}
        for name, code in _all_names():
            codes_of.setdefault(tokens(name), set()).add(code)
        codes_of.pop((), None)
        _book = (read, codes_of)
    return _book[1]


def understand(
    text: str, query: TextQuery, others: dict[Tokens, set[Code]]
) -> Meant | None:
    """The names in a plain text (no phrases, no “or”); None when there are none.

    `others` are further names: the aliases of organizations. Unwanted words stay words.
    """
    positive = clean(re.sub(r"(?:^|\s)-\S+", " ", text))
    if not query.wanted or LITERAL.search(positive):
        return None
    named, rest = _parted(positive, (names(), others))
    if not named:
        return None
    plain = replace(query, unwanted="")
    weighty = [part for part in rest if set(tokens(part)) - GLUE]
    left = replace(plain, wanted=spelt(" ".join(rest))) if weighty else None
    return Meant(
        left,
        tuple((replace(plain, wanted=spelt(words)), codes) for words, codes in named),
    )


def spelt(words: str) -> str:
    """Words as the text of a query has them: compounds joined, Chinese in pairs."""
    return pairs(compound(words)).strip()


@dataclass(frozen=True)
class Part:
    """A word or a name of a text: what it stands for, and the places of its tokens."""

    words: str
    codes: frozenset[Code]
    first: int
    last: int


def parts(text: str, others: dict[Tokens, set[Code]]) -> tuple[list[Part], list[str]]:
    """The meaningful words and names of a text, and all its tokens."""
    plain = re.sub(r"(?:^|\s)-\S+", " ", clean(text)).replace('"', " ")
    places = [(hit.start(), hit.end()) for hit in TOKEN.finditer(plain)]
    parts: list[Part] = []
    done = 0
    for start, end, codes in [
        *_names_in(plain, (names(), others)),
        (len(plain), 0, frozenset()),
    ]:
        parts += _words_in(plain, places, done, start)
        if codes:
            inside = [at for at, place in enumerate(places) if start <= place[0] < end]
            parts.append(Part(plain[start:end], codes, inside[0], inside[-1]))
        done = end
    return parts, [plain[start:end] for start, end in places]


def _words_in(
    text: str, places: list[tuple[int, int]], start: int, stop: int
) -> Iterator[Part]:
    """The words between two names, one by one; a run of Chinese in pairs."""
    inside = [at for at, place in enumerate(places) if start <= place[0] < stop]
    while inside:
        at = inside.pop(0)
        first, last = places[at]
        word, end = text[first:last], at
        if (
            HAN_RUN.fullmatch(word)
            and inside
            and HAN_RUN.fullmatch(follower := text[slice(*places[inside[0]])])
        ):
            word, end = word + follower, inside[0]
        if not set(tokens(word)) <= GLUE:
            yield Part(word, frozenset(), at, end)


def _parted(
    text: str, books: tuple[dict[Tokens, set[Code]], ...]
) -> tuple[list[tuple[str, frozenset[Code]]], list[str]]:
    """The names in the text with their codes, and the pieces of text around them."""
    named: list[tuple[str, frozenset[Code]]] = []
    rest: list[str] = []
    done = 0
    for start, end, codes in _names_in(text, books):
        named.append((text[start:end], codes))
        rest.append(text[done:start])
        done = end
    return named, [*rest, text[done:]]


def _names_in(
    text: str, books: tuple[dict[Tokens, set[Code]], ...]
) -> Iterator[tuple[int, int, frozenset[Code]]]:
    """Beginning, end and codes of each name in the text; the longest first at each place."""
    places = [(hit.start(), hit.end()) for hit in TOKEN.finditer(text)]
    folded = [without_accents(text[start:end]) for start, end in places]
    at = 0
    while at < len(places):
        for size in range(min(LONGEST, len(places) - at), 0, -1):
            start, end = places[at][0], places[at + size - 1][1]
            codes = _codes_of(tuple(folded[at : at + size]), books)
            if codes and not _is_small_word(text[start:end]):
                yield start, end, codes
                at += size
                break
        else:
            at += 1


def _codes_of(
    key: Tokens, books: tuple[dict[Tokens, set[Code]], ...]
) -> frozenset[Code]:
    codes = {code for book in books for code in book.get(key, ())}
    if len(key) <= LONGEST_NOUN:
        codes |= {("noun", row) for row in nouns_in(key)}
    if len(key) == 1 and YEAR.fullmatch(key[0]):
        codes.add(("year", key[0]))
    return frozenset(codes)


def _is_small_word(word: str) -> bool:
    """“us” is a word, “US” a country."""
    return (
        len(word) < SHORT and word.isascii() and word.isalpha() and not word.isupper()
    )
