"""Geometry of the small charts of the pages: numbers in, places in an SVG out."""

from collections.abc import Sequence
from dataclasses import dataclass

from stocktaking.filters import FacetValue

HEIGHT = 150  # pixels of the tallest column
TOP = 22  # room above it for its number
GAP = 0.28  # share of a column's place that stays empty
LABELS = 12  # more columns than this name every second year only


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
    labelled: bool


def columns(values: Sequence[FacetValue]) -> list[Column]:
    """Columns side by side, in the order given, on one scale from zero."""
    top = max((value.count for value in values), default=1)
    place = 100 / max(1, len(values))
    found = []
    for index, value in enumerate(values):
        height = max(1, round(HEIGHT * value.count / top))
        found.append(
            Column(
                value,
                x=f"{place * (index + GAP / 2):.2f}%",
                width=f"{place * (1 - GAP):.2f}%",
                middle=f"{place * (index + 0.5):.2f}%",
                y=TOP + HEIGHT - height,
                height=height,
                number_y=TOP + HEIGHT - height - 6,
                labelled=len(values) <= LABELS or index % 2 == 0,
            )
        )
    return found
