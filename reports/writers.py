"""Snapshot → files: each writer takes frozen figures and entries and returns a file's bytes."""

import csv
import io
import json
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import typst
import xlsxwriter

from reports.builders.document import taken_at
from reports.builders.series import builder_of
from reports.fonts import FONT_FOLDERS, showable

TYPST = Path(__file__).parent / "typst"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SHEET_NAME_LENGTH = 31  # Excel's limit

Document = dict[str, Any]


def write_pdf(snapshot: Any, entries: list[Document]) -> bytes:
    """A tagged PDF/UA-1. Entries reach Typst as data in `sys.inputs`, never as markup.

    Only the fonts of our packages are used, and the time is the snapshot's: every worker makes
    the same file. The root is an empty folder: the template can read nothing.
    """
    builder = builder_of(snapshot.publication)
    printed = showable(builder.document(snapshot, entries))
    with tempfile.TemporaryDirectory() as empty:
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=list(FONT_FOLDERS)
        )
        compiler = typst.Compiler(
            (TYPST / "style.typ").read_bytes() + (TYPST / builder.BODY).read_bytes(),
            root=empty,
            font_paths=fonts,
            sys_inputs={"data": json.dumps(printed, ensure_ascii=False)},
        )
        pdf = compiler.compile(
            format="pdf", pdf_standards="ua-1", timestamp=int(snapshot.taken_at.timestamp())
        )
    return cast(bytes, pdf)  # a list of pages comes for pictures only


def write_xlsx(snapshot: Any, entries: list[Document]) -> bytes:
    """One sheet for the summary, one per table, one for the entries; text is never a formula."""
    builder = builder_of(snapshot.publication)
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties(
        {"title": snapshot.publication.title, "created": snapshot.taken_at.replace(tzinfo=None)}
    )
    bold = book.add_format({"bold": True})
    labels, heads = snapshot.texts["labels"], snapshot.texts["headings"]
    facts = [
        (snapshot.publication.title,),
        (snapshot.texts["period"],),
        (labels["version"], snapshot.version),
        (labels["figures_of"], taken_at(snapshot)),
        (labels["hash"], snapshot.content_hash),
        (labels["total"], snapshot.figures["total"]),
        *((text,) for text in snapshot.texts["summary"] + snapshot.texts["disclaimer"]),
    ]
    write_sheet(book, "summary", [(heads["summary"],), *facts], bold)
    for table in snapshot.figures["tables"]:
        head = ("", labels[table["name"]], *(labels[column] for column in table["columns"]))
        rows = [(row["code"], row["label"], *row["values"]) for row in table["rows"]]
        write_sheet(book, table["name"], [head, *rows], bold)
    rows = [row_of(entry, builder.COLUMNS) for entry in entries]
    write_sheet(book, builder.LIST, [builder.COLUMNS, *rows], bold)
    book.close()
    return target.getvalue()


def write_sheet(book: Any, name: str, rows: Iterable[tuple[Any, ...]], bold: Any) -> None:
    sheet = book.add_worksheet(name[:SHEET_NAME_LENGTH])
    for index, row in enumerate(rows):
        sheet.write_row(index, 0, row, None if index else bold)


def row_of(entry: Document, columns: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(
        ";".join(value) if isinstance(value, list) else value
        for value in (entry[name] for name in columns)
    )


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def write_csv(snapshot: Any, entries: list[Document]) -> bytes:
    """The entries, UTF-8 with a byte order mark, for spreadsheets guess wrongly without it."""
    columns = builder_of(snapshot.publication).COLUMNS
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(tuple(map(harmless, row_of(entry, columns))) for entry in entries)
    return text.getvalue().encode("utf-8-sig")


def write_json(snapshot: Any, entries: list[Document]) -> bytes:
    """The figures with what identifies them; for machines."""
    content = {
        "title": snapshot.publication.title,
        "series": snapshot.publication.series,
        "language": snapshot.publication.language,
        "version": snapshot.version,
        "taken_at": iso(snapshot.taken_at),
        "sha256_of_figures_and_entries": snapshot.content_hash,
        "figures": snapshot.figures,
    }
    content |= builder_of(snapshot.publication).machine(snapshot, entries)
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


WRITERS = {"pdf": write_pdf, "xlsx": write_xlsx, "csv": write_csv, "json": write_json}
