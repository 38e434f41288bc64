"""Turns what a reader types into a PostgreSQL search in six languages (docs/search.md)."""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

MAX_LENGTH = 200  # characters of a query; a title has at most 250


MAX_WORDS = 16  # each costs a look into the index per configuration


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


# What joins the parts of a compound or an address; the SQL of the search has the same signs.
JOINERS = "-.@_:\u2010-\u2015\u2212"


HYPHENS = re.compile("[-_\u2010-\u2015\u2212]+")


JOINED = re.compile(f"[{JOINERS}]+")


COMPOUND = re.compile(rf"[^\W_]+(?:[{JOINERS}]+[^\W_]+)+")


ADDRESS_START = re.compile(r"https?://|\bwww\.", re.IGNORECASE)


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
    """The text in one Unicode form, on one line, without control characters and Arabic vowel
    signs."""
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
    """A query as typed, with "phrases" and -unwanted words; and sentences about what was cut
    off."""
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
        quoted = part["phrase"] and not HAN_RUN.search(words)  # pairs need no order
        phrase = (
            f'"{JOINED.sub(" ", words)}"' if quoted else pairs(compound(words)).strip()
        )
        (unwanted if part["minus"] else wanted).append(phrase)
    chosen = next((names for script, names in SCRIPTS if script.search(text)), LATIN)
    return TextQuery(" ".join(wanted), " or ".join(unwanted), chosen), cut
