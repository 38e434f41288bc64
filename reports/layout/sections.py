"""Reports that are read section by section: words, tables, lists of items.

`texts["sections"]` holds the frozen plan: `{"name", "heading", "paragraphs", "tables", "items"}`,
where items name the chapter whose records are printed in place. Here the plan is filled with
figures and records. A story is one record ready for display: `{"title", "tag", "meta", "text",
"missing", "details", "notes"}`, where title and text are passages, meta is a list of them, and
details and notes are remarks (passages.py).
"""

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language

from reports.layout.layout import Document, frame, tables, taken_apart, written

Story = Callable[[Document, dict[str, str]], Document]

DOT = " · "


def joined(*parts: Any) -> str:
    """The parts that are not empty, with dots between."""
    return DOT.join(str(part) for part in parts if part not in ("", None))


def day(value: datetime.date) -> str:
    """A date in words of the active language; in English as the United Nations write it."""
    return date_format(value, "j F Y" if get_language() == "en" else "DATE_FORMAT")


def counts(row: Document, columns: Iterable[str], labels: dict[str, str]) -> str:
    """“Champions: 4 · Winners: 1”."""
    pairs = zip(columns, row["values"], strict=True)
    return joined(*(f"{labels[name]}: {written(value)}" for name, value in pairs))


def sections(snapshot: Any, entries: list[Document], story: Story) -> list[Document]:
    """The sections with their content."""
    texts, charts = snapshot.texts, snapshot.charts
    ready = {
        table["name"]: table
        | {"charts": [c for c in charts if c["table"] == table["name"]]}
        for table in tables(snapshot, snapshot.publication.language)
    }
    parts = []
    for plan in texts["sections"]:
        items = [
            story(entry, texts["labels"])
            for entry in entries
            if entry["part"] == plan["items"]
        ]
        part = {
            "name": plan["name"],
            "heading": plan["heading"],
            "paragraphs": plan["paragraphs"],
            "tables": [ready[name] for name in plan["tables"] if ready[name]["rows"]],
            "items": items,
            "nothing": "" if items else plan["nothing"],
        }
        parts.append(part)
    return parts


def printed(snapshot: object, parts: list[Document]) -> Document:
    """The whole document for the PDF; the words of charts are separate from the shapes."""
    for part in parts:
        for table in part["tables"]:
            table["charts"] = [
                chart | taken_apart(chart["svg"]) for chart in table["charts"]
            ]
    return {**frame(snapshot), "sections": parts}
