"""The official words for what a text names, for whoever translates it."""

import csv
from functools import cache

from django.conf import settings
from django.utils import translation

from common.text.official_names import NAMES, official_name
from reference.names import vocabulary

GLOSSARY = settings.BASE_DIR / "locale" / "glossary.csv"
KINDS = ("action_line", "sdg", "region", "stakeholder_type", "country")
SHOWN = 30  # terms beside one section
COLUMNS = {"zh-hans": "zh"}  # where the file names a language otherwise


def terms_in(text: str, language: str) -> list[tuple[str, str]]:
    """(English term, term of the language) of what occurs in an English text, in its order."""
    folded = text.casefold()
    found = [
        (place, term, word)
        for term, word in glossary(language).items()
        if (place := folded.find(term.casefold())) >= 0
    ]
    return [(term, word) for _place, term, word in sorted(found)[:SHOWN]]


def glossary(language: str) -> dict[str, str]:
    """Words of the portal, names of the United Nations, and terms of the vocabularies."""
    names: dict[str, str] = {}
    for kind in KINDS:
        words = vocabulary.every_name(kind)
        english, others = words["en"], words.get(language, {})
        names |= {english[code]: others[code] for code in english if code in others}
    return {**names, **_official(language), **_of_the_portal(language)}


@cache
def _official(language: str) -> dict[str, str]:
    with translation.override(language):
        names = {name: official_name(name) for name in NAMES}
    return {name: word for name, word in names.items() if word}


@cache
def _of_the_portal(language: str) -> dict[str, str]:
    column = COLUMNS.get(language, language)
    with GLOSSARY.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["use"]: row[column] for row in rows if row.get(column)}
