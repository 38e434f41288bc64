"""The directory of a large register as volumes: PDFs of their own, by region and project number.

Which project stands in which volume follows from the frozen records alone: those of a region in the
order of their numbers, in as many volumes of equal length as its length asks for. Letters would
need a rule for six scripts; numbers read alike in all of them.
"""

import io
import math
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pikepdf
from django.utils.translation import gettext as _

from reports.builders import stocktaking
from reports.builders.figures import table_named
from reports.builders.series import builder_of
from reports.layout.fonts import FONT_FOLDERS, showable
from reports.layout.layout import Document, entry, frame
from reports.layout.passages import passage
from reports.output.models import Artefact, Snapshot
from reports.output.typesetting import typeset

PAGES_AT_MOST = 400  # of a volume, and of a directory that stays in the report
FULL = 0.9  # how full a volume is planned: the estimate may be wrong by the rest

# Heights in points, of what a project takes on a page of stocktaking.typ and in its index.
PAGE, PROJECT, LINE, ROW, LINE_OF_ROW = 711.0, 50.0, 13.3, 18.5, 11.2
# Letters in a line of a text, of a title, of a title in the index. Wide ones count twice.
IN_TEXT, IN_TITLE, IN_ROW = 88, 80, 52
WIDE = frozenset("WF")


class Piece(NamedTuple):
    """A volume, or a part of one, as a file."""

    title: str
    content: bytes
    pages: int
    projects: int


def plan(
    publication: Any, figures: Document, entries: list[Document]
) -> tuple[list[Document], dict[int, int]]:
    """The volumes of a directory, and the volume of each project by its key; nothing for one that
    is small enough for the report itself, or of a series without a directory."""
    heights = {content["pk"]: height(content) for content in entries}
    most = PAGES_AT_MOST * PAGE * FULL
    if (
        builder_of(publication).BODY != stocktaking.BODY
        or sum(heights.values()) <= most
    ):
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


def contents(snapshot: Snapshot) -> list[Document]:
    """The volumes that were made, as the report itself and the data files list them."""
    return [
        {
            "title": file.title,
            "pages": file.pages,
            "projects": file.projects,
            "size": file.size,
            "sha256": file.sha256,
            "address": file.get_absolute_url(),
        }
        for file in Artefact.objects.filter(
            publication=snapshot.publication_id, version=snapshot.version, volume__gt=0
        )
    ]


# --- making them --------------------------------------------------------------------------------
def pieces_of(
    snapshot: Snapshot, volume: Document, entries: list[Document]
) -> list[Piece]:
    """The volume in one piece or, when that has too many pages, in as many parts as it takes.

    The pages that were made decide, not the estimate.
    """
    whole = piece(snapshot, volume, entries)
    if whole.pages <= PAGES_AT_MOST or len(entries) == 1:
        return [whole]
    number = max(2, math.ceil(whole.pages / (PAGES_AT_MOST * FULL)))
    while True:
        size = math.ceil(len(entries) / number)
        runs = [entries[at : at + size] for at in range(0, len(entries), size)]
        parts = [piece(snapshot, volume, run, n) for n, run in enumerate(runs, start=1)]
        if size == 1 or all(part.pages <= PAGES_AT_MOST for part in parts):
            return parts
        number += 1


def piece(
    snapshot: Snapshot, volume: Document, entries: list[Document], part: int = 0
) -> Piece:
    title = full_title(volume, part)
    content = typeset(
        ("charts.typ", "style.typ", "nodes.typ", stocktaking.BODY),
        showable(document(snapshot, title, entries)),
        FONT_FOLDERS,
        {},
        format="pdf",
        pdf_standards="ua-1",
        timestamp=int(snapshot.taken_at.timestamp()),
    )
    return Piece(title, content, pages_of(content), len(entries))


def pages_of(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return len(file.pages)


def document(snapshot: Snapshot, title: str, entries: list[Document]) -> Document:
    """A report of one volume: its projects by action line, and its index."""
    heads = snapshot.texts["headings"]
    in_order = sorted(entries, key=lambda one: one["pk"])
    whole = frame(snapshot)
    return {
        **whole,
        "title": f"{whole['title']}. {title}",
        "texts": snapshot.texts | {"period": title},
        "body": [
            section(heads["chapters"], "chapters"),
            section(heads["annexes"], "index"),
        ],
        "tables": [],
        "charts": [],
        "chapters": chapters(snapshot, entries),
        "index": [entry(content) for content in in_order],
        "sources": [],
        "volumes": [],
    }


def section(heading: str, name: str) -> Document:
    return {
        "level": 1,
        "heading": passage(heading),
        "blocks": [{"kind": "standard", "name": name}],
    }


def chapters(snapshot: Snapshot, entries: list[Document]) -> list[Document]:
    """The action lines with projects in this volume, which is what their numbers count."""
    by_line: dict[str, list[Document]] = {}
    for content in entries:
        by_line.setdefault(content["main_action_line"], []).append(content)
    rows = table_named(snapshot.figures, stocktaking.CHAPTERS)["rows"]
    return [
        row
        | {
            "projects": [entry(content) for content in by_line[row["code"]]],
            "values": [len(by_line[row["code"]]), naming(row["code"], entries)],
        }
        for row in rows
        if row["code"] in by_line
    ]


def naming(code: str, entries: list[Document]) -> int:
    """How many projects name this line, as their main or as another one."""
    return sum(
        code == one["main_action_line"] or code in one["other_action_lines"]
        for one in entries
    )
