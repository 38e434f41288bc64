"""What a reader types, made ready for PostgreSQL's search in six languages (docs/search.md)."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Self

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField
from django.db import models
from django.utils.translation import gettext as _

MAX_LENGTH = 200  # characters of a query; a title has at most 250
MAX_WORDS = 16  # each costs a look into the index per configuration

# The migration common.0002 builds vectors by the same table.
CONFIGURATIONS = {
    "en": "english",
    "fr": "french",
    "ru": "russian",
    "es": "spanish",
    "ar": "arabic",
    "zh-hans": "simple",  # of pairs of characters: PostgreSQL knows no Chinese words
}
HAN = "㐀-䶿一-鿿"
HAN_RUN = re.compile(f"[{HAN}]+")
# The words of a query say which configurations can match; "simple" finds them in rows of others.
SCRIPTS = (
    (HAN_RUN, ("simple",)),
    (re.compile("[\u0600-\u06ff]"), ("arabic", "simple")),
    (re.compile("[\u0400-\u04ff]"), ("russian", "simple")),
)
LATIN = ("english", "french", "spanish", "simple")
# Vowel signs and the lengthening stroke of Arabic, soft hyphens, signs of direction.
SILENT = re.compile(
    "[\u0640\u064b-\u0652\u0670\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
)
# What joins the parts of a compound or an address; the migration common.0130 has the same signs.
JOINERS = "-.@_:\u2010-\u2015\u2212"
HYPHENS = re.compile("[-_\u2010-\u2015\u2212]+")
JOINED = re.compile(f"[{JOINERS}]+")
COMPOUND = re.compile(rf"[^\W_]+(?:[{JOINERS}]+[^\W_]+)+")
ADDRESS_START = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
LITERAL = re.compile(
    r'"|\bor\b', re.IGNORECASE
)  # phrases and alternatives stand as they are
PART = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class TextQuery:
    """Words wanted and unwanted, each in PostgreSQL's websearch syntax; empty when none."""

    wanted: str = ""
    unwanted: str = ""
    configurations: tuple[str, ...] = LATIN

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)


def clean(text: str) -> str:
    """The text in one form of Unicode, without control characters and Arabic vowel signs, on one
    line."""
    text = SILENT.sub("", unicodedata.normalize("NFKC", text))
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def pairs(text: str) -> str:
    """Chinese runs as overlapping pairs of characters: 教育技术 → 教育 育技 技术."""

    def spread(run: re.Match[str]) -> str:
        signs = run[0]
        return f" {' '.join(signs[i : i + 2] for i in range(max(1, len(signs) - 1)))} "

    return HAN_RUN.sub(spread, text)


def compound(text: str) -> str:
    """Compounds as the stored words have them: Wi-Fi as one word, Kedesa.id as a phrase."""

    def read(hit: re.Match[str]) -> str:
        parts = JOINED.split(hit[0])
        if hit[0].replace("-", "").isdigit():
            return " ".join(parts)  # years and numbers stand alone
        if HYPHENS.sub("", hit[0]).isalnum():
            return "".join(parts)
        return f'"{" ".join(parts)}"'

    return COMPOUND.sub(read, ADDRESS_START.sub(" ", text)).strip()


def parse(text: str) -> tuple[TextQuery, list[str]]:
    """A query as typed, with "phrases" and -unwanted words; and sentences on what was cut off."""
    cut = []
    text = clean(text)
    if len(text) > MAX_LENGTH:
        text = text[:MAX_LENGTH]
        cut.append(
            _("Only the first %(limit)d characters were searched.")
            % {"limit": MAX_LENGTH}
        )
    wanted: list[str] = []
    unwanted: list[str] = []
    parts = [part for part in PART.finditer(text) if any(map(str.isalnum, part[0]))]
    if len(parts) > MAX_WORDS:
        parts = parts[:MAX_WORDS]
        cut.append(
            _("Only the first %(limit)d words were searched.") % {"limit": MAX_WORDS}
        )
    for part in parts:
        words = part["phrase"] or part["word"]
        quoted = part["phrase"] and not HAN_RUN.search(words)  # pairs stand in no order
        said = (
            f'"{JOINED.sub(" ", words)}"' if quoted else pairs(compound(words)).strip()
        )
        (unwanted if part["minus"] else wanted).append(said)
    chosen = next((names for script, names in SCRIPTS if script.search(text)), LATIN)
    return TextQuery(" ".join(wanted), " or ".join(unwanted), chosen), cut


class Words(models.Func):
    """The stored words of a row, for a GeneratedField: up to four fields, the weightiest first.

    `language` is the field that names the row's language, or a code such as "en" for all rows.
    """

    arg_joiner = " || "
    template = "%(expressions)s"

    def __init__(self, *fields: str, language: str = "language", **extra: Any) -> None:
        spoken = (
            models.Value(language) if language in CONFIGURATIONS else models.F(language)
        )
        parts = [
            models.Func(
                models.Func(spoken, models.F(name), function="public.search_vector"),
                models.Value(weight),
                function="setweight",
                template='%(function)s(%(expressions)s::"char")',
            )
            for name, weight in zip(fields, "ABCD", strict=False)
        ]
        super().__init__(*parts, output_field=SearchVectorField(), **extra)


class Asked(SearchQuery):
    """A reader's words as one tsquery over the configurations that can match them."""

    def __init__(
        self, text: str, configurations: tuple[str, ...], *, invert: bool = False
    ) -> None:
        super().__init__(text, invert=invert, search_type="raw")
        self.function = "public.search_query"
        self.template = "%(function)s(%(expressions)s::regconfig[])"
        self.set_source_expressions(
            [models.Value(text), models.Value(list(configurations))]
        )


class Forms(Asked):
    """Words that begin with a reader's word, and the two words of which it may be made."""

    def __init__(self, text: str, configurations: tuple[str, ...]) -> None:
        super().__init__(text, configurations)
        self.function = "public.search_forms"


class SearchQuerySet(models.QuerySet):
    """For models whose field `words` is GeneratedField(expression=Words(…), …) with a GIN index."""

    def search(self, text: str) -> Self:
        """Rows with all the words, also as parts of others, and none of the unwanted ones; an empty
        text finds all."""
        asked, _cut = parse(text)
        found = self
        if asked.wanted:
            found = found.filter(self._having(asked))
        if asked.unwanted:
            found = found.filter(
                words=Asked(asked.unwanted, asked.configurations, invert=True)
            )
        return found

    @staticmethod
    def _having(asked: TextQuery) -> models.Q:
        having = models.Q(words=Asked(asked.wanted, asked.configurations))
        if LITERAL.search(asked.wanted):
            return having
        each = models.Q()
        for word in asked.wanted.split():
            each &= models.Q(words=Asked(word, asked.configurations)) | models.Q(
                words=Forms(word, asked.configurations)
            )
        return having | each

    def best_first(self, text: str) -> Self:
        """The same rows, those that fit the words best first."""
        asked, _cut = parse(text)
        rank = SearchRank(models.F("words"), Asked(asked.wanted, asked.configurations))
        return self.order_by(rank.desc(), "-pk")
