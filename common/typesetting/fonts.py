"""The fonts of charts and PDF: where they are in our packages, and which characters they contain.

Arabic uses Amiri: it draws a letter with its dots as one glyph, so that copying, searching and
screen readers find the letters. Newer designs of Noto for Arabic build letters of parts, which come
out of a PDF as other words.

PDF/UA-1 forbids a character that no font contains, and one project in another script must not
prevent a report: such characters are replaced, in the PDF only.
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

# In the order in which the PDF asks them for a character; Amiri is asked for Arabic before all.
FAMILIES = (
    "Noto Sans",
    "Amiri",
    "Noto Sans CJK SC",
    *(
        f"Noto Sans {script}"
        for script in (
            "Armenian",
            "Bengali",
            "Devanagari",
            "Ethiopic",
            "Georgian",
            "Gujarati",
            "Gurmukhi",
            "Hebrew",
            "Kannada",
            "Khmer",
            "Lao",
            "Malayalam",
            "Myanmar",
            "Oriya",
            "Sinhala",
            "Tamil",
            "Telugu",
            "Thai",
            "Symbols",
        )
    ),
    "Kurinto Sans",  # Thaana, Tifinagh and all else that the others lack
    "Noto Emoji",
)
CHART_FOLDERS = tuple(
    str(files(package) / folder)
    for package, folder in (
        ("fontpkg_noto_sans", "files"),
        ("fontpkg_amiri", "files"),
        ("noto_cjk_sans_otc", ""),
    )
)
FONT_FOLDERS = (
    *CHART_FOLDERS,
    str(files("manimgx_fonts")),
    str(files("weblate_fonts") / "static/weblate_fonts/kurinto/ttf"),
)
# Optional signs above and below Arabic letters: in a PDF they are taken for parts of the letters
# beside them, so that neither is found. Print leaves them out, as most Arabic print does.
VOWEL_MARKS = frozenset(map(chr, range(0x064B, 0x0653)))
REPLACEMENT = "\ufffd"
SEGMENTS, GROUPS = 4, 12  # formats of the tables that map characters to glyphs
UNICODE_TABLES = {(0, 3): SEGMENTS, (3, 1): SEGMENTS, (0, 4): GROUPS, (3, 10): GROUPS}
END_MARK = 0xFFFF


@cache
def covered() -> frozenset[int]:
    """Code points that at least one upright font contains."""
    characters: set[int] = set()
    for folder in FONT_FOLDERS:
        for path in sorted(Path(folder).glob("*.tt[fc]")):
            if "Italic" not in path.name:
                characters.update(code_points(path.read_bytes()))
    return frozenset(characters)


def code_points(font: bytes) -> Iterator[int]:
    """The characters of a TrueType or OpenType font (of a collection: its first), by its cmap."""
    start = struct.unpack_from(">I", font, 12)[0] if font[:4] == b"ttcf" else 0
    for index in range(struct.unpack_from(">H", font, start + 4)[0]):
        tag, _sum, offset, _length = struct.unpack_from(
            ">4sIII", font, start + 12 + 16 * index
        )
        if tag == b"cmap":
            yield from mapped(font, offset)


def mapped(font: bytes, cmap: int) -> Iterator[int]:
    for index in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        platform, encoding, offset = struct.unpack_from(
            ">HHI", font, cmap + 4 + 8 * index
        )
        table = cmap + offset
        format_number = UNICODE_TABLES.get((platform, encoding))
        if struct.unpack_from(">H", font, table)[0] != format_number:
            continue
        if format_number == GROUPS:
            for group in range(struct.unpack_from(">I", font, table + 12)[0]):
                first, last, _glyph = struct.unpack_from(
                    ">III", font, table + 16 + 12 * group
                )
                yield from range(first, last + 1)
        else:
            yield from segments(font, table)


def segments(font: bytes, table: int) -> Iterator[int]:
    """Format 4: ranges of characters; the last one is an end mark."""
    count = struct.unpack_from(">H", font, table + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, table + 14)
    starts = struct.unpack_from(f">{count}H", font, table + 16 + 2 * count)
    for first, last in zip(starts, ends, strict=True):
        if last != END_MARK:
            yield from range(first, last + 1)


def showable(value: object) -> Any:
    """The value with characters that the fonts lack removed from every text in it."""
    if isinstance(value, str):
        strange = {letter for letter in set(value) if drawable(letter) != letter}
        return "".join(map(drawable, value)) if strange else value
    if isinstance(value, list):
        return [showable(item) for item in value]
    if isinstance(value, dict):
        return {key: showable(item) for key, item in value.items()}
    return value


@cache
def drawable(character: str) -> str:
    if character in VOWEL_MARKS:
        return ""
    if ord(character) in covered() or character in "\n\t":
        return character
    return "" if unicodedata.category(character) in {"Cf", "Cc", "Mn"} else REPLACEMENT
