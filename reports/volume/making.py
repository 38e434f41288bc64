"""A volume as a PDF: typeset, its pages counted, in parts where there are too many."""

import io
import math
from typing import NamedTuple

import pikepdf

from common.typesetting.fonts import FONT_FOLDERS, showable
from common.typesetting.passages import passage
from reports.builders import stocktaking
from reports.builders.figures import table_named
from reports.layout.layout import Document, entry, frame
from reports.output.models import Snapshot
from reports.output.typesetting import typeset
from reports.volume import planning
from reports.volume.planning import full_title


class Piece(NamedTuple):
    """A volume, or a part of one, as a file."""

    title: str
    content: bytes
    pages: int
    projects: int


def pieces_of(
    snapshot: Snapshot, volume: Document, entries: list[Document]
) -> list[Piece]:
    """The volume in one piece or, when that has too many pages, in as many parts as it takes.

    The pages that were made decide, not the estimate.
    """
    whole = piece(snapshot, volume, entries)
    if whole.pages <= planning.PAGES_AT_MOST or len(entries) == 1:
        return [whole]
    number = max(2, math.ceil(whole.pages / (planning.PAGES_AT_MOST * planning.FULL)))
    while True:
        size = math.ceil(len(entries) / number)
        runs = [entries[at : at + size] for at in range(0, len(entries), size)]
        parts = [piece(snapshot, volume, run, n) for n, run in enumerate(runs, start=1)]
        if size == 1 or all(part.pages <= planning.PAGES_AT_MOST for part in parts):
            return parts
        number += 1


def piece(
    snapshot: Snapshot, volume: Document, entries: list[Document], part: int = 0
) -> Piece:
    title = full_title(volume, part)
    content = typeset(
        ("charts.typ", "style.typ", "nodes.typ", *stocktaking.BODY),
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
