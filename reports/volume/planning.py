"""The directory of a large register as volumes: PDFs of their own, by region and project number.

Which project stands in which volume follows from the frozen records alone: those of a region in the
order of their numbers, in as many volumes of equal length as its length asks for. Letters would
need a rule for six scripts; numbers read alike in all of them.
"""

import math
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from reports.builders import stocktaking
from reports.builders.figures import table_named
from reports.builders.series import builder_of
from reports.layout.layout import Document

PAGES_AT_MOST = 400  # of a volume, and of a directory that stays in the report
FULL = 0.9  # how full a volume is planned: the estimate may be wrong by the rest

# Heights in points, of what a project takes on a page of stocktaking.typ and in its index.
PAGE, PROJECT, LINE, ROW, LINE_OF_ROW = 711.0, 50.0, 13.3, 18.5, 11.2
# Letters in a line of a text, of a title, of a title in the index. Wide ones count twice.
IN_TEXT, IN_TITLE, IN_ROW = 88, 80, 52
WIDE = frozenset("WF")


def plan(
    publication: Any, figures: Document, entries: list[Document]
) -> tuple[list[Document], dict[int, int]]:
    """The volumes of a directory, and the volume of each project by its key; nothing for one that
    is small enough for the report itself, or of a series without a directory."""
    if builder_of(publication).BODY != stocktaking.BODY:
        return [], {}
    heights = {content["pk"]: height(content) for content in entries}
    most = PAGES_AT_MOST * PAGE * FULL
    if sum(heights.values()) <= most:
        return [], {}
    volumes: list[Document] = []
    volume_of: dict[int, int] = {}
    for region in table_named(figures, "region")["rows"]:
        own = [one for one in entries if one["region_code"] == region["code"]]
        runs = list(divided(sorted(own, key=lambda one: one["pk"]), heights, most))
        for run in runs:
            volume_of |= dict.fromkeys((one["pk"] for one in run), len(volumes) + 1)
            volumes.append(
                {
                    "number": len(volumes) + 1,
                    "title": name_of(region["label"], run if len(runs) > 1 else []),
                    "projects": len(run),
                }
            )
    return volumes, volume_of


def divided(
    entries: list[Document], heights: dict[int, float], most: float
) -> Iterator[list[Document]]:
    """The projects in their order, in runs of about equal height, none of them above `most`."""
    total = sum(heights[one["pk"]] for one in entries)
    share = total / max(1, math.ceil(total / most))
    run: list[Document] = []
    reached, passed = 0.0, 1
    for one in entries:
        if run and reached + heights[one["pk"]] / 2 > passed * share:
            yield run
            run, passed = [], passed + 1
        run.append(one)
        reached += heights[one["pk"]]
    if run:
        yield run


def name_of(region: str, run: list[Document]) -> str:
    """“Africa”, or of a region in several volumes “Africa, WSIS-2024-000012 to …”."""
    if not run:
        return region
    return _("%(region)s, %(first)s to %(last)s") % {
        "region": region,
        "first": run[0]["number"],
        "last": run[-1]["number"],
    }


def full_title(volume: Document, part: int = 0) -> str:
    """“Volume 3: Africa”, in the active language."""
    values = {"number": volume["number"], "part": part, "title": volume["title"]}
    if part:
        return _("Volume %(number)s, part %(part)s: %(title)s") % values
    return _("Volume %(number)s: %(title)s") % values


def height(content: Document) -> float:
    """About how much room a project takes, in points: its text and its row in the index."""
    title, summary = content["title"], content["summary"]
    text = PROJECT + LINE * (lines(title, IN_TITLE) - 1 + lines(summary, IN_TEXT))
    return text + ROW + LINE_OF_ROW * (lines(title, IN_ROW) - 1)


def lines(text: str, letters: int) -> int:
    wide = 0 if text.isascii() else sum(map(is_wide, text))
    return math.ceil((len(text) + wide) / letters)


@cache
def is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in WIDE
