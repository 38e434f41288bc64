"""CSV files that leave the portal: one writer, in which nothing runs as a formula.

A spreadsheet program runs a cell as a formula when it begins with =, +, - or @, also after blanks,
and some treat the full-width forms of these signs alike. Such a text gets an apostrophe in front;
`original` removes it when our own file comes back through an importer.
"""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheet programs guess the encoding wrongly
CONTENT_TYPE = "text/csv; charset=utf-8"
RUNS = re.compile(
    "[\t\r\n]|[\\s\x00-\x1f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\\-@＝＋－﹣−＠﹢﹦﹫]"
)
GUARDED = re.compile(f"'+(?:{RUNS.pattern})")


def inert(value: object) -> Any:
    """The value as a cell that no program takes for a formula; numbers stay numbers."""
    if value.__class__ is not str and not isinstance(value, str):
        return "" if value is None else value
    if not value or value[0].isalnum():  # nearly every cell, decided quickly
        return value
    if RUNS.match(value) or GUARDED.match(value):
        return f"'{value}"
    return value


def original(text: str) -> str:
    """The content of a cell before `inert`."""
    return text[1:] if GUARDED.match(text) else text


def csv_text(rows: Iterable[Iterable[Any]]) -> str:
    """These rows as lines of a CSV file, every cell guarded."""
    target = io.StringIO()
    csv.writer(target).writerows([inert(cell) for cell in row] for row in rows)
    return target.getvalue()


def csv_response(name: str, rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """A CSV file as a download of this name."""
    response = HttpResponse(BYTE_ORDER_MARK + csv_text(rows), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
