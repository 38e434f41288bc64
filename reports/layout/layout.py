"""A snapshot prepared for reading: the same tables and chapters for the page and the PDF."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree

from django.conf import settings
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from common.dates.zones import geneva, in_words
from common.typesetting.fonts import FAMILIES
from common.typesetting.passages import ISOLATES, WEB, Passage, passage, passages


def number(value: int) -> str:
    """A whole number as the active language writes it."""
    return number_format(value, force_grouping=True)


RTL_LANGUAGES = frozenset({"ar"})


UNSUMMED = frozenset({"several", "stated"})


Document = dict[str, Any]


def written(value: object) -> str:
    """A whole number as the active language writes it; texts of sources stay as they are."""
    return number(value) if isinstance(value, int) else str(value)


def taken_at(snapshot: Any) -> str:
    """The time of the figures, in words of the report's language."""
    with translation.override(snapshot.publication.language):
        return in_words(snapshot.taken_at, geneva())


HASH_IN_WORDS = 12  # characters of a content hash that tell two snapshots apart


def source_line(snapshot: Any) -> str:
    """Below each table and chart: from which database its numbers are, and of what time."""
    with translation.override(snapshot.publication.language):
        return _("Source: %(database)s, snapshot of %(time)s, %(hash)s") % {
            "database": snapshot.texts["labels"]["database"],
            "time": in_words(snapshot.taken_at, geneva()),
            "hash": snapshot.short_hash,
        }


def totals(table: dict[str, Any]) -> list[int | None]:
    """The sums of the columns that add up to the total, None for others; [] when none does."""
    if table["kind"] in UNSUMMED or not table["rows"]:
        return []
    columns = zip(*(row["values"] for row in table["rows"]), strict=True)
    sums: list[int | None] = [sum(values) for values in columns]
    return sums if table["kind"] == "each" else [sums[0], *[None] * (len(sums) - 1)]


def counted_rows(
    table: dict[str, Any], texts: dict[str, Any], language: str
) -> list[Document]:
    """Rows with their numbers written out, and the total of columns that add up to it."""
    with translation.override(language):
        rows = [
            row | {"cells": [written(value) for value in row["values"]]}
            for row in table["rows"]
        ]
        if table["kind"] == "stated":
            return [row | {"cells": stated_cells(table, row["cells"])} for row in rows]
        sums = totals(table)
        if not sums:
            return rows
        cells = ["" if value is None else number(value) for value in sums]
        return [
            *rows,
            {"code": "total", "label": texts["labels"]["total"], "cells": cells},
        ]


def stated_cells(table: dict[str, Any], cells: list[str]) -> list[Passage]:
    """Texts of sources are in English as long as the records keep one language."""
    pairs = zip(table["columns"], cells, strict=True)
    return [
        passage(cell, "" if name == "source_date" else "en") for name, cell in pairs
    ]


def tables(snapshot: Any, language: str, which: str = "tables") -> list[Document]:
    """The tables as page and PDF show them: heading, column names, rows of written numbers;
    `which` may be "added", those that a block asked for."""
    labels = snapshot.texts["labels"]
    return [
        {
            "name": table["name"],
            "heading": snapshot.texts["headings"][table["name"]],
            "first": labels[table["name"]],
            "columns": [labels[column] for column in table["columns"]],
            "rows": counted_rows(table, snapshot.texts, language),
            "stated": table["kind"] == "stated",
        }
        for table in snapshot.figures.get(which, [])
    ]


def chapters(snapshot: Any, entries: list[Document]) -> list[Document]:
    """One chapter per action line (C7 by its parts), with the projects whose main line it is."""
    lines = next(t for t in snapshot.figures["tables"] if t["name"] == "action_line")
    by_line: dict[str, list[Document]] = {}
    for content in entries:
        by_line.setdefault(content["main_action_line"], []).append(entry(content))
    return [row | {"projects": by_line.get(row["code"], [])} for row in lines["rows"]]


def sources(entries: Iterable[Document]) -> list[Document]:
    """Each source with its note and the number of records from it."""
    cited = Counter(
        (content["source"], content["source_note"])
        for content in entries
        if content["source"]
    )
    return printed_sources((*source, count) for source, count in cited.items())


def printed_sources(counted: Iterable[tuple[str, str, int]]) -> list[Document]:
    """(source, note, number of records) of each, most first, ready for printing."""
    ordered = sorted(counted, key=lambda one: (-one[2], one[0], one[1]))
    return [
        {"source": passage(source, "en"), "note": passage(note, "en"), "count": count}
        for source, note, count in ordered
    ]


def entry(content: Document) -> Document:
    """A project ready for printing, in the language in which it was written."""
    language = content["language"]
    website = content["website"] if content["website"].startswith(WEB) else ""
    return {
        "title": passage(content["title"], language, website),
        "meta": passages(
            content["number"],
            passage(content["organization"], language),
            content["country"],
            content["year"],
        ),
        "summary": passage(content["summary"], language),
        "number": passage(content["number"]),
        "line": content["main_action_line"],
        "country": content["country"],
    }


def frame(snapshot: Any) -> Document:
    """What every printed report says about itself."""
    publication = snapshot.publication
    return {
        "title": publication.title,
        "language": publication.language.partition("-")[0],
        "rtl": publication.language in RTL_LANGUAGES,
        "version": snapshot.version,
        "taken_at": taken_at(snapshot),
        "hash": snapshot.content_hash,
        "build": snapshot.build_id,
        "source": source_line(snapshot),
        "texts": snapshot.texts,
        "fonts": list(FAMILIES),
        "site": settings.SITE_URL,
    }


def printed_body(snapshot: Any) -> list[Document]:
    """The body without the disclaimer, which stands on the title page; boxes ready for print."""
    return [
        section | {"blocks": [printed_block(block) for block in section["blocks"]]}
        for section in snapshot.body
        if any(block.get("name") != "disclaimer" for block in section["blocks"])
        or not section["blocks"]
    ]


def printed_block(block: Document) -> Document:
    if block["kind"] == "boxes":
        return block | {"entries": [entry(content) for content in block["entries"]]}
    if block["kind"] == "picture":
        return block | {"image": f"/{block['id']}.webp"}
    return block


def document(snapshot: Any, entries: list[Document]) -> Document:
    """All that the PDF prints, as plain values: the template computes nothing."""
    return {
        **frame(snapshot),
        "body": printed_body(snapshot),
        "tables": tables(snapshot, snapshot.publication.language),
        "added": tables(snapshot, snapshot.publication.language, "added"),
        "charts": [chart | taken_apart(chart["svg"]) for chart in snapshot.charts],
        "chapters": chapters(snapshot, entries),
        "index": [
            entry(content) for content in sorted(entries, key=lambda row: row["pk"])
        ],
        "sources": sources(entries),
        "volumes": [],
    }


SVG = "http://www.w3.org/2000/svg"


ElementTree.register_namespace("", SVG)


TRANSLATION = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")


def taken_apart(svg: str) -> Document:
    """Shapes and words of a chart separately: `{"shapes", "words", "width", "height"}`.

    The PDF sets the words itself. Typst cannot write Arabic inside an SVG into a PDF/UA, and words
    that it sets have the weights of the variable fonts.
    """
    root = ElementTree.fromstring(svg)  # noqa: S314  (written by our own charts, not by people)
    words = list(words_in(root, 0.0, 0.0))
    for parent in list(root.iter()):
        for name in ("text", "title", "desc"):
            for child in parent.findall(f"{{{SVG}}}{name}"):
                parent.remove(child)
    return {
        "shapes": ElementTree.tostring(root, encoding="unicode"),
        "words": words,
        "width": float(root.get("width", "0")),
        "height": float(root.get("height", "0")),
    }


def words_in(element: ElementTree.Element, x: float, y: float) -> Iterator[Document]:
    """Each text with its position; the charts move things by translate() only."""
    if shift := TRANSLATION.search(element.get("transform", "")):
        x, y = x + float(shift[1]), y + float(shift[2])
    if element.tag == f"{{{SVG}}}text":
        yield {
            "x": x,
            "y": y,
            "anchor": element.get("text-anchor", "start"),
            "bold": element.get("font-weight") == "bold",
            "size": float(element.get("font-size", "11").removesuffix("px")),
            **passage("".join(element.itertext()).translate(ISOLATES)),
        }
    for child in element:
        yield from words_in(child, x, y)
