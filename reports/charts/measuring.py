"""How wide words are in a chart, and labels that end where their room does."""

import re
from functools import cache
from pathlib import Path

from PIL import ImageFont

from common.typesetting.fonts import CHART_FOLDERS

MEASURED_AT = 100  # pixels; a fine measure for every size
FACES = {"arabic": "Amiri-Regular.ttf", "latin": "NotoSans[wdth,wght].ttf"}
ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")
# Where a line may end: after a space, and beside characters of scripts without spaces.
PIECE = re.compile("[\u2e80-\uffff]|[^\\s\u2e80-\uffff]+|\\s+")
WIDE = "\u2e80"  # characters from here on are as wide as they are high
# A page has Arabic in the font of its reader, which is wider than Amiri.
OTHER_ARABIC_FONTS = 1.3


@cache
def face(script: str) -> ImageFont.FreeTypeFont:
    paths = (Path(folder) / FACES[script] for folder in CHART_FOLDERS)
    path = next(path for path in paths if path.exists())
    return ImageFont.truetype(str(path), MEASURED_AT)


def width_of(text: str, size: float) -> float:
    """The width of a text in a font of this size, in units of the chart."""
    wide = sum(character >= WIDE for character in text)
    narrow = "".join(character for character in text if character < WIDE)
    if ARABIC.search(narrow):
        ems = face("arabic").getlength(narrow) / MEASURED_AT * OTHER_ARABIC_FONTS
    else:
        ems = face("latin").getlength(narrow) / MEASURED_AT
    return (ems + wide) * size


def shorten(label: str, room: float, size: float) -> str:
    """The label, cut where it is wider than its room; the table beside it has all of it."""
    if width_of(label, size) <= room:
        return label
    end = len(label) - 1
    while end > 1 and width_of(cut(label, end), size) > room:
        end -= 1
    return cut(label, end)


def lines_of(label: str, room: float, size: float, most: int) -> list[str]:
    """The label on as many lines as it needs, at most `most`; only the last one may be cut."""
    if most == 1 or width_of(label, size) <= room:
        return [shorten(label, room, size)]
    line = ""
    for piece in PIECE.findall(label):
        if width_of((line + piece).rstrip(), size) > room:
            break
        line += piece
    if not line.strip():  # one word that is wider than the room
        return [shorten(label, room, size)]
    rest = label[len(line) :].lstrip()
    return [line.rstrip(), *lines_of(rest, room, size, most - 1)]


def cut(label: str, end: int) -> str:
    return label[:end].rstrip() + "…"
