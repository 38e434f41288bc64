"""Drawings of tiles: a map on which each country is a square, and a table as a heat map.

Colours say how many in five steps, and each tile says its number too. The words on tiles are dark
on every step, so that print, screen and both colour schemes can show them.
"""

import csv
import re
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from reports.charts.measuring import lines_of
from reports.charts.specs import Spec, directed, frame
from reports.layout.layout import number

WIDE = 600  # units; these drawings take the whole width of a page
PLACES = Path(__file__).parents[1] / "data" / "tiles.csv"
TILE, GAP = 20, 1.5
STEPS = ("#ffffff", "#d9e9f6", "#aed0ec", "#83b6e0", "#569ad2")
EDGE, INK = "#767676", "#191919"
LEGEND = 30  # height of the scale
MARGIN = 4
HEAD_LINE, HEAD_SIZE, CELL = 11, 8, 22
ROW_HEADS = 210  # width of the names of the rows
CODES = 24  # of it, of the codes of action lines
NAME_SIZE, NAME_LINE, NAME_LINES = 8.5, 10, 3
LINE = re.compile(r"C\d+")


class Words(NamedTuple):
    x: float
    y: float
    text: str
    size: float
    is_bold: bool = False
    align: str = "center"
    colour: str = INK


@cache
def places() -> dict[str, tuple[int, int]]:
    """Country → column and row on the map."""
    with PLACES.open(encoding="utf-8", newline="") as file:
        return {
            r["code"]: (int(r["column"]), int(r["row"])) for r in csv.DictReader(file)
        }


def bounds(values: list[int]) -> list[int]:
    """The largest number of each step above none; each step is so many times the one before."""
    most = max(values, default=0)
    steps = len(STEPS) - 1
    return sorted({ceil(most ** (step / steps)) for step in range(1, steps + 1)} - {0})


def step_of(value: int, limits: list[int]) -> int:
    """0 for none; the strongest step for the largest numbers."""
    if not value:
        return 0
    place = next(n for n, limit in enumerate(limits) if value <= limit)
    return len(STEPS) - len(limits) + place


def in_words(step: int) -> str:
    return (_("none"), _("few"), _("some"), _("many"), _("very many"))[step]


def tile(x: float, y: float, width: float, height: float, colour: str) -> Spec:
    return {"x": x, "y": y, "x2": x + width, "y2": y + height, "colour": colour}


def scale(limits: list[int], y: float, rtl: bool) -> tuple[list[Spec], list[Words]]:
    """What each colour means, in words and numbers, from where reading begins."""
    tiles, words = [], []
    wide = (WIDE - 2 * MARGIN) / len(STEPS)
    first = 1
    for place, limit in enumerate([0, *limits]):
        step = step_of(limit, limits)
        left = MARGIN + place * wide
        x = WIDE - left - 12 if rtl else left
        tiles.append(tile(x, y, 12, 12, STEPS[step]))
        low, high = number(first), number(limit)
        numbers = low if limit <= first else f"{low}–{high}"
        text = f"{in_words(step)}: {numbers if limit else 0}"
        beside, align = (x - 5, "right") if rtl else (x + 17, "left")
        words.append(
            Words(
                beside,
                y + 6,
                directed(text, rtl),
                9,
                align=align,
                colour="currentColor",
            )
        )
        first = limit + 1 if limit else 1
    return tiles, words


def drawn(tiles: list[Spec], words: list[Words], height: float) -> Spec:
    """Tiles and words at their places; nothing is laid out by Vega-Lite itself."""

    def at(field: str) -> Spec:
        return {"field": field, "type": "quantitative", "scale": None, "axis": None}

    place = {"x": at("x"), "y": at("y")}
    colour = {"field": "colour", "type": "nominal", "scale": None, "legend": None}
    layers: list[Spec] = [
        {
            "data": {"values": tiles},
            "mark": {"type": "rect", "stroke": EDGE, "strokeWidth": 0.5},
            "encoding": place
            | {"x2": {"field": "x2"}, "y2": {"field": "y2"}, "color": colour},
        }
    ]
    looks = dict.fromkeys(
        (one.size, one.is_bold, one.align, one.colour) for one in words
    )
    for size, is_bold, align, ink in looks:
        alike = [
            one
            for one in words
            if (one.size, one.is_bold, one.align, one.colour)
            == (size, is_bold, align, ink)
        ]
        layers.append(
            {
                "data": {"values": [{"x": w.x, "y": w.y, "t": w.text} for w in alike]},
                "mark": {
                    "type": "text",
                    "fontSize": size,
                    "fontWeight": "bold" if is_bold else "normal",
                    "align": align,
                    "baseline": "middle",
                    "color": ink,
                },
                "encoding": place | {"text": {"field": "t"}},
            }
        )
    return frame(layers, [], height) | {"width": WIDE}


def map_of_tiles(rows: list[dict[str, Any]], rtl: bool) -> Spec:
    """Each country as a square at about its place, with its code and its number."""
    here = {r["code"]: r["values"][0] for r in rows if r["code"] in places()}
    limits = bounds(list(here.values()))
    columns = [places()[code][0] for code in here]
    lines = [places()[code][1] for code in here]
    left, top = min(columns, default=0), min(lines, default=0)
    across = max(columns, default=0) - left + 1
    start = (WIDE - across * TILE) / 2
    tiles, words = [], []
    for code, value in here.items():
        column, line = places()[code]
        x = start + (column - left) * TILE + GAP / 2
        y = MARGIN + (line - top) * TILE
        side = TILE - GAP
        tiles.append(tile(x, y, side, side, STEPS[step_of(value, limits)]))
        words.append(Words(x + side / 2, y + 5.5, code, 7, is_bold=True))
        if value:
            words.append(Words(x + side / 2, y + 13.5, number(value), 6.5))
    height = MARGIN + (max(lines, default=0) - top + 1) * TILE + 8
    more_tiles, more_words = scale(limits, height, rtl)
    return drawn(tiles + more_tiles, words + more_words, height + LEGEND)


def heat_map(table: dict[str, Any], labels: dict[str, str], rtl: bool) -> Spec:
    """The table as tiles: a row for each of its rows, a tile for each of its columns."""
    columns = table["columns"][1:]
    wide = (WIDE - ROW_HEADS - MARGIN) / len(columns)
    limits = bounds([value for row in table["rows"] for value in row["values"][1:]])
    heads = [lines_of_head(name, labels) for name in columns]
    longest = max((len(line) for head in heads for line in head), default=1)
    size = min(HEAD_SIZE, wide / longest * 1.7)
    top = MARGIN + max(len(head) for head in heads) * HEAD_LINE
    names = [lines_of_row(row) for row in table["rows"]]
    high = max(CELL, max((len(lines) for lines in names), default=1) * NAME_LINE + 4)
    tiles, words = [], []

    def left_of(column: int) -> float:
        x = ROW_HEADS + column * wide
        return WIDE - x - wide if rtl else x

    for column, head in enumerate(heads):
        middle = left_of(column) + wide / 2
        for place, line in enumerate(head):
            y = top - (len(head) - place) * HEAD_LINE + 5
            words.append(Words(middle, y, line, size, colour="currentColor"))
    for place, one in enumerate(table["rows"]):
        y = top + place * high + 1
        words += heads_of_row(one, names[place], y + high / 2, rtl)
        for column, value in enumerate(one["values"][1:]):
            x = left_of(column)
            colour = STEPS[step_of(value, limits)]
            tiles.append(tile(x + 0.5, y, wide - 1, high - 1, colour))
            middle = x + wide / 2
            words.append(Words(middle, y + high / 2, number(value), 8.5))
    height = top + len(table["rows"]) * high + 10
    more_tiles, more_words = scale(limits, height, rtl)
    return drawn(tiles + more_tiles, words + more_words, height + LEGEND)


def lines_of_row(row: dict[str, Any]) -> list[str]:
    """The name of a row on the lines that it needs beside the tiles."""
    room = ROW_HEADS - 2 * MARGIN - (CODES if LINE.match(row["code"]) else 0)
    return lines_of(row["label"], room, NAME_SIZE, NAME_LINES)


def heads_of_row(
    row: dict[str, Any], lines: list[str], y: float, rtl: bool
) -> list[Words]:
    """The name of a row; before that of an action line its code, which readers know."""
    is_line = LINE.match(row["code"])
    heads = [(0, y, is_line[0])] if is_line else []
    start = CODES if is_line else 0
    first = y - (len(lines) - 1) * NAME_LINE / 2
    for place, line in enumerate(lines):
        heads.append((start, first + place * NAME_LINE, directed(line, rtl)))
    return [
        Words(
            WIDE - MARGIN - x if rtl else MARGIN + x,
            height,
            text,
            NAME_SIZE,
            align="right" if rtl else "left",
            colour="currentColor",
        )
        for x, height, text in heads
    ]


def lines_of_head(name: str, labels: dict[str, str]) -> list[str]:
    """The name of a column on as many lines as it has words; Goals have their number."""
    return [name] if name.isdigit() else labels[name].split()


def alt_of_map(rows: list[dict[str, Any]]) -> str:
    """The numbers of all countries that have one, and how many have none."""
    some = [row for row in rows if row["values"][0]]
    listed = "; ".join(f"{row['label']}: {number(row['values'][0])}" for row in some)
    none = _("Countries without projects: %(count)s") % {
        "count": number(len(rows) - len(some))
    }
    return f"{listed}; {none}." if listed else f"{none}."


def alt_of_heat_map(table: dict[str, Any], labels: dict[str, str]) -> str:
    """Each row with its columns that are not zero."""
    parts = []
    for row in table["rows"]:
        pairs = zip(table["columns"][1:], row["values"][1:], strict=True)
        some = ", ".join(f"{labels[c]} {number(v)}" for c, v in pairs if v)
        parts.append(f"{row['label']}: {some or 0}")
    return "; ".join(parts)
