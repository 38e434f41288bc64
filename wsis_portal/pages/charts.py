"""Geometry of the small charts of the pages: from numbers to positions in an SVG."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from common.lists.facets import FacetValue

HEIGHT = 150  # pixels of the tallest column
TOP = 22  # room above it for its number
RING, RING_LABELS = 128, 168  # radius of the ring of dots, and of the codes around it
LARGEST_DOT = 20  # radius; areas are in proportion to the numbers
GAP = 0.28  # share of a column's place that stays empty


@dataclass(frozen=True)
class Column:
    """One column: x and width in percent of the chart, y and height in pixels."""

    value: FacetValue
    x: str
    width: str
    middle: str
    y: int
    height: int
    number_y: int


def columns(values: Sequence[FacetValue]) -> list[Column]:
    """Columns side by side, in the given order, on one scale from zero."""
    top = max((value.count for value in values), default=1)
    place = 100 / max(1, len(values))
    columns = []
    for index, value in enumerate(values):
        height = max(1, round(HEIGHT * value.count / top))
        columns.append(
            Column(
                value,
                x=f"{place * (index + GAP / 2):.2f}%",
                width=f"{place * (1 - GAP):.2f}%",
                middle=f"{place * (index + 0.5):.2f}%",
                y=TOP + HEIGHT - height,
                height=height,
                number_y=TOP + HEIGHT - height - 6,
            )
        )
    return columns


@dataclass(frozen=True)
class Dot:
    """One dot of the ring, around (0, 0): its position, its radius, and the position of its
    code."""

    code: str
    x: str
    y: str
    radius: str
    label_x: str
    label_y: str


def ring(values: Sequence[FacetValue]) -> list[Dot]:
    """Dots around a circle, clockwise from the top, with areas in proportion to the numbers."""
    top = max((value.count for value in values), default=1)
    dots = []
    for index, value in enumerate(values):
        angle = 2 * math.pi * index / len(values)
        x, y = math.sin(angle), -math.cos(angle)
        dots.append(
            Dot(
                value.code.removeprefix("C7-"),
                x=f"{RING * x:.1f}",
                y=f"{RING * y:.1f}",
                radius=f"{max(2.5, LARGEST_DOT * math.sqrt(value.count / top)):.1f}",
                label_x=f"{RING_LABELS * x:.1f}",
                label_y=f"{RING_LABELS * y + 4:.1f}",
            )
        )
    return dots
