"""Snapshot → files: each writer takes frozen figures and records and returns a file's bytes."""

import io
import json
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import typst
import xlsxwriter
from django.db.models import Model
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from common.tables.csv_files import csv_text
from common.tables.xlsx import SHEET_NAME_LENGTH, sheet_name
from prizes.entry.models import Entry
from reports.builders.series import builder_of
from reports.layout.fonts import FONT_FOLDERS, showable
from reports.layout.layout import taken_at, totals
from reports.output.models import Snapshot
from stocktaking.project.models import Project

TYPST = Path(__file__).parent / "typst"
# Columns of the lists that no label of the report names, and the sheets of these lists.
COLUMN_WORDS = {
    "number": _("Number"),
    "title": _("Title"),
    "language": _("Language"),
    "organization": _("Organization"),
    "stakeholder_type": _("Stakeholder type"),
    "country": _("Country"),
    "region": _("Region"),
    "coverage": _("Coverage"),
    "activity_type": _("Type of activity"),
    "year": _("Year"),
    "main_action_line": _("Main action line"),
    "other_action_lines": _("Other action lines"),
    "sdgs": _("Sustainable Development Goals"),
    "summary": _("Short description"),
    "website": _("Website"),
    "prize_editions": _("WSIS Prizes"),
    "source": _("Source"),
    "source_note": _("Inferred or unconfirmed"),
    "category_code": _("Category (code)"),
    "category": _("Category"),
    "outcome": _("Outcome"),
    "description": _("Description"),
    "votes": _("Votes"),
    "rank": _("Rank"),
    "project": _("Project"),
    "page": _("Web page"),
    "part": _("Section"),
    "section": _("Heading"),
    "kind": _("Type"),
    "when": _("Date"),
    "status": _("Status"),
    "body": _("Body"),
    "lead": _("Lead"),
    "text": _("Text"),
    "details": _("Details"),
    "code": _("Code"),
    "recorded_later": _("Entered later"),
    "link": _("Link"),
}
LISTED: dict[str, type[Model]] = {"projects": Project, "entries": Entry}
LIST_WORDS = {"projects": _("Projects"), "entries": _("Entries"), "items": _("Items")}

ROWS_MEASURED = 200
NARROWEST, WIDEST = 10, 60  # characters of a column

Document = dict[str, Any]


def write_pdf(snapshot: Snapshot, entries: list[Document]) -> bytes:
    """A tagged PDF/UA-1. Records reach Typst as data in `sys.inputs`, never as markup.

    Only the fonts of our packages are used, and the time is the snapshot's: every worker makes the
    same file. The root is an empty folder: the template can read nothing.
    """
    builder = builder_of(snapshot.publication)
    printed = showable(builder.document(snapshot, entries))
    with tempfile.TemporaryDirectory() as empty:
        fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=list(FONT_FOLDERS),
        )
        compiler = typst.Compiler(
            (TYPST / "style.typ").read_bytes() + (TYPST / builder.BODY).read_bytes(),
            root=empty,
            font_paths=fonts,
            sys_inputs={"data": json.dumps(printed, ensure_ascii=False)},
        )
        pdf = compiler.compile(
            format="pdf",
            pdf_standards="ua-1",
            timestamp=int(snapshot.taken_at.timestamp()),
        )
    return cast(bytes, pdf)  # a list of pages comes for pictures only


def write_xlsx(snapshot: Snapshot, entries: list[Document]) -> bytes:
    """One sheet for the summary, one per table, one for the records; text is never a formula."""
    builder = builder_of(snapshot.publication)
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties(
        {
            "title": snapshot.publication.title,
            "created": snapshot.taken_at.replace(tzinfo=None),
        }
    )
    language = snapshot.publication.language
    sheets = Sheets(book, get_language_info(language)["bidi"])
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
    sheets.write(heads["summary"], [(heads["summary"],), *facts])
    with translation.override(language):
        code = str(COLUMN_WORDS["code"])
    for table in snapshot.figures["tables"]:
        head = (
            code,
            labels[table["name"]],
            *(labels[column] for column in table["columns"]),
        )
        rows = [(row["code"], row["label"], *row["values"]) for row in table["rows"]]
        if sums := totals(table):
            rows.append(("", labels["total"], *sums))
        sheets.write(labels[table["name"]], [head, *rows])
    rows = [row_of(entry, builder.COLUMNS) for entry in entries]
    with translation.override(language):
        columns = [
            labels.get(name) or column_word(builder.LIST, name)
            for name in builder.COLUMNS
        ]
        sheets.write(str(LIST_WORDS[builder.LIST]), [tuple(columns), *rows])
    book.close()
    return target.getvalue()


def column_word(kind: str, name: str) -> str:
    """The heading of a column of a list; fields that have no word here are called as in forms."""
    if name in COLUMN_WORDS:
        return str(COLUMN_WORDS[name])
    field = LISTED[kind]._meta.get_field(name)
    return capfirst(str(field.verbose_name))  # type: ignore[union-attr]  # a plain field


class Sheets:
    """The sheets of one workbook: named in its language, the heading bold and always visible."""

    def __init__(self, book: Any, right_to_left: bool) -> None:
        self.book, self.right_to_left = book, right_to_left
        self.bold = book.add_format({"bold": True})
        self.names: set[str] = set()

    def write(self, name: str, rows: Iterable[tuple[Any, ...]]) -> None:
        sheet = self.book.add_worksheet(self._name(name))
        if self.right_to_left:
            sheet.right_to_left()
        sheet.freeze_panes(1, 0)
        rows = list(rows)
        for column, width in enumerate(widths_of(rows)):
            sheet.set_column(column, column, width)
        for index, row in enumerate(rows):
            sheet.write_row(index, 0, row, None if index else self.bold)

    def _name(self, text: str) -> str:
        """A name that Excel accepts, and that no other sheet of this book has."""
        plain = name = sheet_name(text)
        number = 2
        while name.casefold() in self.names:
            name = f"{plain[: SHEET_NAME_LENGTH - 4]} ({number})"
            number += 1
        self.names.add(name.casefold())
        return name


def widths_of(rows: list[tuple[Any, ...]]) -> list[int]:
    """Widths of the columns in characters: what their first rows need, except for long texts."""
    widths: list[int] = []
    for row in rows[:ROWS_MEASURED]:
        widths += [NARROWEST] * (len(row) - len(widths))
        for column, value in enumerate(row):
            if len(row) > 1:  # a sentence alone in its row runs over its neighbours
                widths[column] = max(widths[column], min(len(str(value)) + 2, WIDEST))
    return widths


def row_of(entry: Document, columns: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(cell_of(entry[name]) for name in columns)


def cell_of(value: object) -> Any:
    """A list of codes joined by semicolons; a list of details as lines, each with its label."""
    if not isinstance(value, list):
        return value
    if value and isinstance(value[0], dict):
        return "\n".join(f"{one['label']}: {one['text']}" for one in value)
    return ";".join(value)


def write_csv(snapshot: Snapshot, entries: list[Document]) -> bytes:
    """The records in UTF-8 with a byte order mark, without which spreadsheet programs guess the
    encoding wrongly."""
    columns = builder_of(snapshot.publication).COLUMNS
    rows = (row_of(entry, columns) for entry in entries)
    return csv_text([columns, *rows]).encode("utf-8-sig")


def write_json(snapshot: Snapshot, entries: list[Document]) -> bytes:
    """The figures and what identifies them; for programs."""
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
