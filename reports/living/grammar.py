"""The grammar of living numbers and claims: `{{word: filter=value, filter=value | words}}`.

A number prints what the database counts. A claim prints the words after the bar, and is checked.
Filters say all: the scope of the report is not added in silence. Whatever is wrong is a sentence
(`TokenError`), never another exception.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from common.lists.filters import printable
from reference.names import vocabulary

# Filter → the parameter of the search for projects, which is also the name of its vocabulary.
FACETS = {
    "region": "region",
    "country": "country",
    "line": "action_line",
    "goal": "sdg",
    "type": "stakeholder_type",
    "year": "year",
}
PERIOD = ("from", "to")
FILTERS = (*FACETS, *PERIOD)
WITHOUT_FILTERS = frozenset({"total", "countries", "organizations"})
NUMBERS = frozenset({"count", "share"}) | WITHOUT_FILTERS
COMPARED = frozenset({"grew", "fell", "ratio"})  # two years are compared
CLAIMS = frozenset({"largest", "smallest", "first"}) | COMPARED
WORDS = (*sorted(NUMBERS), *sorted(CLAIMS))

LONGEST_WORDS = 200  # characters of the words that a claim prints
FIRST_YEAR, LAST_YEAR = 1990, 2100
SHAPE = re.compile(r"\s*(\w+)\s*(?::([^|]*))?(?:\|(.*))?", re.DOTALL)
PAIR = re.compile(r"\s*(\w+)\s*=\s*([^\s=]+)\s*")
YEAR = re.compile(r"\d{4}", re.ASCII)
TIMES = re.compile(r"\d{1,4}(\.\d{1,2})?", re.ASCII)


class TokenError(Exception):
    """What is wrong with a token, as a sentence in the active language."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Question:
    """A token that was understood: its word, its filters in the order of writing, its words."""

    word: str
    filters: dict[str, str] = field(default_factory=dict)
    at_least: Decimal | None = None
    words: str = ""

    @property
    def is_claim(self) -> bool:
        return self.word in CLAIMS

    @property
    def dimension(self) -> str:
        """The filter that is compared with its other values: the first one."""
        return next(iter(self.filters), "")

    def but(self, *names: str) -> dict[str, str]:
        """The filters without some of them."""
        return {name: v for name, v in self.filters.items() if name not in names}


def unbraced(written: str) -> str:
    """The source of a token as it stands in a text."""
    return written.strip().removeprefix("{{").removesuffix("}}").strip()


def parse(source: str) -> Question:
    """The question of a token's text without its braces. Raises TokenError."""
    shape = SHAPE.fullmatch(source)
    word = shape[1] if shape else printable(source.split(":", maxsplit=1)[0].strip())
    if shape is None or word not in WORDS:
        raise TokenError(
            _("“%(word)s” is not a word for a living number. Use one of: %(words)s.")
            % {"word": printable(word), "words": ", ".join(WORDS)}
        )
    pairs = read_pairs(shape[2] or "", word)
    question = Question(
        word,
        {name: value for name, value in pairs.items() if name != "at_least"},
        read_times(word, pairs.get("at_least")),
        (shape[3] or "").strip(),
    )
    require_words(question)
    require_filters(question)
    return question


def read_pairs(written: str, word: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    allowed = (*FILTERS, "at_least") if word == "ratio" else FILTERS
    for part in written.split(",") if written.strip() else []:
        pair = PAIR.fullmatch(part)
        if pair is None:
            raise TokenError(
                _(
                    "“%(part)s” is not a filter. Write filters such as region=AFR, year=2024."
                )
                % {"part": printable(part.strip())}
            )
        name, value = pair[1], pair[2]
        if name not in allowed:
            raise TokenError(
                _("There is no filter “%(name)s”. Use one of: %(names)s.")
                % {"name": printable(name), "names": ", ".join(allowed)}
            )
        if name in pairs:
            raise TokenError(_("The filter “%(name)s” stands twice.") % {"name": name})
        pairs[name] = value if name == "at_least" else read_value(name, value)
    return pairs


def read_value(name: str, value: str) -> str:
    """The code as the vocabulary writes it. Raises TokenError."""
    if name in (*PERIOD, "year"):
        if YEAR.fullmatch(value) and FIRST_YEAR <= int(value) <= LAST_YEAR:
            return value
        raise TokenError(
            _("“%(value)s” is not a year. Enter a year from %(first)d to %(last)d.")
            % {"value": printable(value), "first": FIRST_YEAR, "last": LAST_YEAR}
        )
    code = value.upper()
    if not codes_of(name, code):
        raise TokenError(
            _("“%(value)s” is not a value of “%(name)s”. Its values are: %(examples)s.")
            % {
                "value": printable(value),
                "name": name,
                "examples": examples_of(name),
            }
        )
    return code


def codes_of(name: str, value: str) -> tuple[str, ...]:
    """The codes of the vocabulary that a value means: C7 means its eight parts."""
    if name in (*PERIOD, "year"):
        return (value,)
    known = vocabulary.labels(FACETS[name])
    parts = tuple(code for code in known if code.startswith(f"{value}-"))
    return (value,) if value in known else parts


def examples_of(name: str) -> str:
    """The codes of a filter; of the countries only some, for there are two hundred."""
    codes = list(vocabulary.labels(FACETS[name]))
    return ", ".join([*codes[:3], "…"] if name == "country" else codes)


def read_times(word: str, written: str | None) -> Decimal | None:
    if word != "ratio":
        return None
    if written is None:
        raise TokenError(_("“ratio” needs at_least, for example at_least=2."))
    if not TIMES.fullmatch(written) or not Decimal(written):
        raise TokenError(
            _(
                "“%(value)s” is not a number for at_least. Enter a number such as 2 or 1.5."
            )
            % {"value": printable(written)}
        )
    return Decimal(written)


def require_words(question: Question) -> None:
    """Raises TokenError for a claim without words, and for words of a number."""
    if question.is_claim and not question.words:
        raise TokenError(
            _("“%(word)s” needs the words that it prints, after a bar: | the words.")
            % {"word": question.word}
        )
    if not question.is_claim and question.words:
        raise TokenError(
            _("“%(word)s” prints a number. Remove the bar and the words after it.")
            % {"word": question.word}
        )
    if len(question.words) > LONGEST_WORDS:
        raise TokenError(
            _("The words of a statement are longer than %(limit)d characters.")
            % {"limit": LONGEST_WORDS}
        )


def require_filters(question: Question) -> None:
    """Raises TokenError for filters that are missing, or say nothing together."""
    word, filters = question.word, question.filters
    if word in WITHOUT_FILTERS:
        if filters:
            raise TokenError(
                _("“%(word)s” is about the whole report and has no filters.")
                % {"word": word}
            )
        return
    needed = {"first": ("year",)} | dict.fromkeys(COMPARED, PERIOD)
    missing = [name for name in needed.get(word, ()) if name not in filters]
    if missing or not filters:
        raise TokenError(
            _("“%(word)s” needs the filter: %(names)s.")
            % {"word": word, "names": ", ".join(missing or FACETS)}
        )
    if "year" in filters and (set(PERIOD) & set(filters)):
        raise TokenError(_("Use either year, or from and to."))
    if int(filters.get("from", 0)) > int(filters.get("to", LAST_YEAR)):
        raise TokenError(_("The last year lies before the first year."))
    require_comparable(question)


def require_comparable(question: Question) -> None:
    word, filters = question.word, question.filters
    if word in COMPARED and filters["from"] == filters["to"]:
        raise TokenError(_("Compare two different years."))
    if word in ("largest", "smallest") and question.dimension in PERIOD:
        raise TokenError(
            _("The first filter of “%(word)s” is what is compared: %(names)s.")
            % {"word": word, "names": ", ".join(FACETS)}
        )
    if word == "first" and not question.but("year"):
        raise TokenError(
            _("“%(word)s” needs the filter: %(names)s.")
            % {"word": word, "names": ", ".join(n for n in FACETS if n != "year")}
        )
