"""Bytes of a text file → its text, whatever a spreadsheet program on somebody's desk wrote.

UTF-8 and UTF-16 are told by their form. The older encodings, one byte (Windows, Macintosh) or two
(GB) a letter, are tried one after the other: the right one makes words of one script and of one
case, a wrong one makes “Ïðîåêò” or “dŽveloppement”.
"""

import codecs
import re
import unicodedata
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SAMPLE = 200_000  # characters that are looked at
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (
        codecs.BOM_UTF32_LE,
        "utf-32-le",
    ),  # begins as UTF-16 does, so it has to be checked first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
OLDER = ("cp1252", "cp1251", "cp1256", "gb18030", "mac_roman")
NAMES = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
    "cp1252": "Windows-1252",
    "cp1251": "Windows-1251",
    "cp1256": "Windows-1256",
    "gb18030": "GB 18030",
    "mac_roman": "Macintosh",
}
PUNCTUATION = frozenset(
    "’‘“”„«»‹›–—…•°€£№§©®·¿¡ºª،؛؟، \u200c\u200d。，、；：？！（）《》“”　"
)
WITHIN_WORDS = frozenset("’·–—، \u200c，。、；：？！（）《》“”　")
ONE_LETTER_WORDS = frozenset("àáéíóôúÀÁÉÍÓÔÚ")  # of French, Spanish, Portuguese
WORD = re.compile(r"[^\W\d_]+")
COMMON_HAN = range(0xB0, 0xD8)  # first bytes of the everyday characters in GB 2312
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
NULS = 0.03  # of the bytes; a file with fewer has a stray one in a cell
MOSTLY = 0.7
SHORT_WORD = 3  # letters; “été” has two accents and is a word
LAST_LATIN = "\u0250"  # beyond it stand ligatures and signs of phonetics


class Decoded(NamedTuple):
    text: str
    encoding: str

    @property
    def name(self) -> str:
        return NAMES[self.encoding]

    @property
    def was_converted(self) -> bool:
        return self.encoding != "utf-8"


def decode(data: bytes) -> Decoded:
    """The text and the encoding it was in. Raises ValidationError when it is no text."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    if data.count(0) > NULS * len(
        data
    ):  # text has none, unless each letter takes two bytes
        little = data[1::2].count(0) >= data[::2].count(0)
        return _strictly(data, "utf-16-le" if little else "utf-16-be")
    try:
        return Decoded(data.decode(), "utf-8")
    except UnicodeDecodeError as error:
        return _older(data, error)


def _strictly(data: bytes, encoding: str) -> Decoded:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable(data, error.start) from error
    if "\0" in text:
        raise _unreadable(data, 0)
    return Decoded(text, encoding)


def _older(data: bytes, error: UnicodeDecodeError) -> Decoded:
    """The encoding in which the text looks most like words."""
    if BINARY.search(data):
        raise _unreadable(data, error.start) from error
    best, text_of_best, most = "", "", 0.0
    for encoding in OLDER:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        points = likeness(text[:SAMPLE])
        if points > most:
            best, text_of_best, most = encoding, text, points
    if not best:
        raise _unreadable(data, error.start) from error
    return Decoded(text_of_best, best)


def likeness(text: str) -> float:
    """How much the letters beyond ASCII look like words: one point each, two off for each that
    does not, and a little for the signs between them."""
    points = 0.0
    for word in WORD.findall(text):
        if not word.isascii():
            points += 1 if _is_regular(word) else -2
    for place, sign in enumerate(text):
        if sign.isascii() or sign.isalnum() or unicodedata.combining(sign):
            continue
        within = (
            text[place - 1 : place].isalpha() and text[place + 1 : place + 2].isalpha()
        )
        good = sign in WITHIN_WORDS if within else sign in PUNCTUATION
        points += 0.2 if good else -1
    return points


def _is_regular(word: str) -> bool:
    scripts = {_script(letter) for letter in word}
    if len(scripts) != 1:
        return False
    script = scripts.pop()
    one_case = word.islower() or word.isupper() or word[1:].islower()
    return {
        "CJK": _is_common_han(word),
        "ARABIC": True,
        "CYRILLIC": one_case,
        "LATIN": one_case and _is_latin_word(word),
    }.get(script, False)


def _is_latin_word(word: str) -> bool:
    if max(word) >= LAST_LATIN:
        return False
    if len(word) == 1:
        return word in ONE_LETTER_WORDS
    foreign = sum(not letter.isascii() for letter in word)
    return len(word) <= SHORT_WORD or foreign <= MOSTLY * len(word)


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "").partition(" ")[0]
    return "CJK" if name.startswith("CJK") else name


def _is_common_han(word: str) -> bool:
    try:
        first_bytes = word.encode("gb2312")[::2]
    except UnicodeEncodeError:
        return False
    return sum(byte in COMMON_HAN for byte in first_bytes) >= MOSTLY * len(word)


def _unreadable(data: bytes, position: int) -> ValidationError:
    return ValidationError(
        _(
            "The encoding of the file was not recognized: byte %(position)d, in line %(line)d, "
            "belongs to no character. Save the file as “CSV UTF-8” and send it again."
        )
        % {"position": position + 1, "line": data.count(b"\n", 0, position) + 1},
        code="encoding",
    )
