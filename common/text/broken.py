"""Detects characters that a wrong encoding leaves behind, in any language.

An importer warns of them; nothing is corrected automatically, because only a person knows what was
meant.
"""

import re
import unicodedata

REPLACED = re.compile(
    "[\ufffd\ufffc]"
)  # what a decoder writes for bytes that it could not read
CONTROL = re.compile(
    "[\u0080-\u009f\ufeff\ufffe\uffff\ue000-\uf8ff]"
)  # no text has these
ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}[0-9]{0,2}|#[0-9]{2,6}|#x[0-9A-Fa-f]{2,5});")
NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
LATIN_MARKS = ("\u0300", "\u036f")
# Letters that carry a mark in some orthography without having a sign of their own with it.
CARRIERS = frozenset("aeiouyɛɔəɪʊɩʋɨʉæøœıAEIOUYƐƆƏƖƲÆØŒmnŋMNŊrlRLjJqQxX")
BELOW = frozenset("\u0323\u0324\u0325\u0327\u0328\u0329\u032d\u032e\u0330\u0331")
BELOW_CARRIERS = frozenset("aeiouɛɔAEIOUƐƆ")
AFTER_LATIN = "\u0250"
FORMER = ("cp1252", "mac_roman", "cp1251", "latin-1")  # as which UTF-8 is often misread
SHORTEST = {"cp1251": 4}  # characters; shorter runs of Cyrillic letters may be words
CONTEXT = 12  # characters shown before and after


def broken_parts(text: str) -> list[str]:
    """Pieces of the text with characters that look damaged, each once, in order of appearance."""
    spots = sorted({*_strange(text), *_stray_marks(text), *_misread(text)})
    pieces: list[str] = []
    end = -1
    for start, stop in spots:
        if start < end:
            continue
        first = _word_start(text, start)
        end = _word_end(text, stop)
        pieces.append(text[first:end])
    return list(dict.fromkeys(pieces))


def _word_start(text: str, place: int) -> int:
    first = max(0, place - CONTEXT)
    space = text.rfind(" ", first, place)
    return space + 1 if space >= 0 else first


def _word_end(text: str, place: int) -> int:
    last = min(len(text), place + CONTEXT)
    space = text.find(" ", place, last)
    return space if space >= 0 else last


def _strange(text: str) -> set[tuple[int, int]]:
    return {
        match.span()
        for pattern in (REPLACED, CONTROL, ENTITY)
        for match in pattern.finditer(text)
    }


def _stray_marks(text: str) -> set[tuple[int, int]]:
    """Combining marks without a letter before them, or on a letter that never has them.

    Marks that have a composed character, such as e with acute, are composed first.
    """
    marks = set()
    for place, sign in enumerate(text):
        if not unicodedata.combining(sign):
            continue
        before = text[place - 1] if place else ""
        if not before.isalpha() and not unicodedata.category(before or " ").startswith(
            "M"
        ):
            marks.add((place, place + 1))
        elif LATIN_MARKS[0] <= sign <= LATIN_MARKS[1] and before.isalpha():
            one_sign = len(unicodedata.normalize("NFC", before + sign)) == 1
            carriers = BELOW_CARRIERS if sign in BELOW else CARRIERS
            bare = unicodedata.normalize("NFD", before)[0]
            if not one_sign and bare not in carriers and bare < AFTER_LATIN:
                marks.add((place, place + 1))
    return marks


def _misread(text: str) -> set[tuple[int, int]]:
    """Runs of characters that turn out to be UTF-8 when encoded in an older encoding."""
    runs = set()
    for match in NOT_ASCII.finditer(text):
        for encoding in FORMER:
            run = match[0]
            if len(run) < SHORTEST.get(encoding, 2):
                continue
            try:
                meant = run.encode(encoding).decode("utf-8")
            except UnicodeError:
                continue
            if len(meant) < len(run) and all(map(_is_plain, meant)):
                runs.add(match.span())
                break
    return runs


def _is_plain(sign: str) -> bool:
    """Whether it is a letter, mark, digit or punctuation: what a text normally holds."""
    return unicodedata.category(sign)[0] in "LMNPSZ"
