"""Reports that are read section by section: words, tables, chapters, lists of items.

`texts["sections"]` holds the frozen plan: `{"name", "heading", "paragraphs", "tables"}` and, where
they belong, `"chapters": True`, `"items"` (the chapter whose records are printed in place),
`"index": True`, `"sources": True`. Here the plan is filled with figures and records. A story is one
record ready for display: `{"title", "tag", "meta", "text", "missing", "details", "notes"}`, where
title and text are passages, meta is a list of them, and details and notes are remarks
(passages.py).
"""

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language

from reports.layout.layout import Document, frame, sources, tables, taken_apart, written
from reports.layout.passages import passage

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


def sections(
    snapshot: Any, entries: list[Document], story: Story, told: set[str]
) -> list[Document]:
    """The sections with their content; chapters show the records whose outcome is in `told`."""
    texts, charts = snapshot.texts, snapshot.charts
    ready = {
        table["name"]: table
        | {"charts": [c for c in charts if c["table"] == table["name"]]}
        for table in tables(snapshot, snapshot.publication.language)
    }
    return [
        {
            "name": plan["name"],
            "heading": plan["heading"],
            "paragraphs": plan["paragraphs"],
            "tables": [ready[name] for name in plan["tables"] if ready[name]["rows"]],
            "items": [
                story(entry, texts["labels"])
                for entry in entries
                if plan.get("items") and entry["part"] == plan["items"]
            ],
            "nothing": plan.get("nothing", ""),
            "chapters": chapters(snapshot, entries, story, told)
            if plan.get("chapters")
            else [],
            "index": index(entries, texts["labels"]) if plan.get("index") else None,
            "sources": source_rows(entries, texts["labels"])
            if plan.get("sources")
            else None,
        }
        for plan in texts["sections"]
    ]


def chapters(
    snapshot: Any, entries: list[Document], story: Story, told: set[str]
) -> list[Document]:
    """One per category with its counts and the stories of winners and champions."""
    labels = snapshot.texts["labels"]
    table = next(t for t in snapshot.figures["tables"] if t["name"] == "category")
    return [
        {
            "code": row["code"],
            "label": row["label"],
            "values": row["values"],
            "counts": counts(row, table["columns"], labels),
            "stories": [
                story(entry, labels)
                for entry in entries
                if entry["category_code"] == row["code"] and entry["outcome"] in told
            ],
        }
        for row in table["rows"]
    ]


def index(entries: list[Document], labels: dict[str, str]) -> Document:
    columns = ("title", "outcome", "category", "country")
    return {
        "columns": [labels[name] for name in columns],
        "rows": [
            [
                passage(entry["title"], entry["language"])
                if entry["title"]
                else passage(labels["no_title"]),
                passage(entry["outcome_label"]),
                passage(entry["category_code"]),
                passage(entry["country"]),
            ]
            for entry in entries
        ],
    }


def source_rows(entries: list[Document], labels: dict[str, str]) -> Document:
    return {
        "columns": [labels[name] for name in ("source", "note", "entries")],
        "rows": [
            [row["source"], row["note"], passage(written(row["count"]))]
            for row in sources(entries)
        ],
    }


def printed(snapshot: object, parts: list[Document]) -> Document:
    """The whole document for the PDF; the words of charts are separate from the shapes."""
    for part in parts:
        for table in part["tables"]:
            table["charts"] = [
                chart | taken_apart(chart["svg"]) for chart in table["charts"]
            ]
    return {**frame(snapshot), "sections": parts}
