"""The sheets of a workbook: how they look on a screen and on paper."""

from datetime import datetime
from typing import Any, BinaryIO

import xlsxwriter

from common.tables.xlsx import SHEET_NAME_LENGTH, sheet_name

Row = tuple[Any, ...]

ROWS_MEASURED = 200
NARROWEST, WIDEST = 10, 60  # characters of a column
WHOLE_NUMBER = "#,##0"  # each program shows the separator of its own language
A4 = 9
UNLIMITED = 0  # pages


def new_workbook(target: BinaryIO, title: str, created: datetime) -> Any:
    """A workbook in which no text is a formula or a link; its clock is the snapshot's."""
    book = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties({"title": title, "created": created.replace(tzinfo=None)})
    return book


class Sheets:
    """Named in the language of the report; the heading is bold, always visible, and printed on
    every page."""

    def __init__(self, book: Any, right_to_left: bool) -> None:
        self.book, self.right_to_left = book, right_to_left
        self.head = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        self.number = book.add_format({"num_format": WHOLE_NUMBER})
        self.total = book.add_format(
            {"bold": True, "top": 1, "num_format": WHOLE_NUMBER}
        )
        self.names: set[str] = set()

    def write_facts(self, name: str, head: Row, rows: list[Row]) -> None:
        """A sheet that says what the workbook is."""
        self._write(name, head, rows, (), self.number)

    def write_counts(self, name: str, head: Row, rows: list[Row], sums: Row) -> None:
        """A sheet of figures and their totals, which readers can filter; numbers are grouped."""
        sheet = self._write(name, head, rows, sums, self.number)
        if rows:
            sheet.autofilter(0, 0, len(rows), len(head) - 1)

    def write_list(self, name: str, head: Row, rows: list[Row]) -> None:
        """A sheet of records, which readers can filter; years and codes stay as they are."""
        sheet = self._write(name, head, rows, (), None)
        sheet.autofilter(0, 0, len(rows), len(head) - 1)

    def _write(
        self, name: str, head: Row, rows: list[Row], sums: Row, style: Any
    ) -> Any:
        sheet = self.book.add_worksheet(self._name(name))
        if self.right_to_left:
            sheet.right_to_left()
        sheet.freeze_panes(1, 0)
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, UNLIMITED)
        sheet.repeat_rows(0)
        sheet.set_footer("&L&A&R&P / &N")
        for column, width in enumerate(widths_of([head, *rows])):
            sheet.set_column(column, column, width)
        sheet.write_row(0, 0, head, self.head)
        for index, row in enumerate(rows, start=1):
            sheet.write_row(index, 0, row, style)
        if sums:
            sheet.write_row(len(rows) + 1, 0, sums, self.total)
        return sheet

    def _name(self, text: str) -> str:
        """A name that Excel accepts, and that no other sheet of this book has."""
        plain = name = sheet_name(text)
        number = 2
        while name.casefold() in self.names:
            name = f"{plain[: SHEET_NAME_LENGTH - 4]} ({number})"
            number += 1
        self.names.add(name.casefold())
        return name


def widths_of(rows: list[Row]) -> list[int]:
    """Widths of the columns in characters: what their first rows need, except for long texts."""
    widths: list[int] = []
    for row in rows[:ROWS_MEASURED]:
        widths += [NARROWEST] * (len(row) - len(widths))
        for column, value in enumerate(row):
            if len(row) > 1:  # a sentence alone in its row runs over its neighbours
                widths[column] = max(widths[column], min(len(str(value)) + 2, WIDEST))
    return widths
