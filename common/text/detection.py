"""Detects the language of a text: by its script, and for Latin letters by common short words.

It always returns a language: a wrong guess costs some stemming, but no guess would lay out an
Arabic text from left to right.
"""

import re
import unicodedata
from collections import Counter

SCRIPTS = {"ARABIC": "ar", "CJK": "zh-hans", "CYRILLIC": "ru"}
SMALL_WORDS = {
    "en": "the of and to in for is with that on by are from at be this was which their it an has "
    "have through its all we our as or between who will can how not",
    "fr": "le la les des du de et en un une pour dans par sur au aux avec est qui que son ses leur "
    "leurs ce cette nos notre à où plus entre sont l d réseau projet numérique formation jeunes",
    "es": "el la los las de del y en un una para por con que es su sus se como más entre este "
    "esta son lo a o desde sobre proyecto formación capacitación red",
}
ENDINGS = {
    "en": ("ing", "ness", "ship", "ity", "ful", "tions", "ies"),
    "fr": ("eux", "euse", "ique", "iques", "isation", "ée", "ées", "és", "aux", "ité"),
    "es": (
        "ción",
        "ciones",
        "dad",
        "dades",
        "ico",
        "ica",
        "icas",
        "icos",
        "miento",
        "ado",
        "ada",
    ),
}
LETTERS = {"fr": "èêëàâîïôùûçœ", "es": "ñáíóú¿¡"}
WORD = re.compile(r"[^\W\d_]+")
SAMPLE = 4000
SHORTEST = 4  # letters; the ending of a shorter word says nothing
DEFAULT = "en"


def language_of(*texts: str) -> str:
    """The code of the language in which most of these texts are written."""
    text = " ".join(texts)[:SAMPLE]
    scripts = Counter(
        unicodedata.name(letter, "").partition(" ")[0]
        for letter in text
        if letter.isalpha()
    )
    scripts.pop("", None)
    if not scripts:
        return DEFAULT
    # an Arabic text may hold names in Latin letters; one Han character says as much as a word
    weighed = {
        script: count * (3 if script == "CJK" else 1)
        for script, count in scripts.items()
    }
    foreign = max(SCRIPTS, key=lambda script: weighed.get(script, 0))
    if weighed.get(foreign, 0) >= weighed.get("LATIN", 0):
        return SCRIPTS[foreign] if weighed.get(foreign) else DEFAULT
    return _latin(text)


def _latin(text: str) -> str:
    words = WORD.findall(text.casefold())
    points = dict.fromkeys(SMALL_WORDS, 0.0)
    for language, small in SMALL_WORDS.items():
        common_words = set(small.split())
        points[language] += sum(word in common_words for word in words)
        points[language] += 0.5 * sum(
            len(word) > SHORTEST and word.endswith(ENDINGS[language]) for word in words
        )
        letters = LETTERS.get(language, "")
        points[language] += 0.7 * sum(any(s in letters for s in word) for word in words)
    best = max(points, key=lambda language: (points[language], language == DEFAULT))
    return best if points[best] else DEFAULT
