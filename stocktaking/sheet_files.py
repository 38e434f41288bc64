"""Uploaded CSV and XLSX files as rows of text, read with limits; and as the file that is imported.

Formulas are never evaluated: a cell counts with the value that was stored beside it.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from common.sheets import MAX_BYTES, MAX_ROWS, fold, read_text
from stocktaking.import_rows import COLUMNS, EXTRA_COLUMNS

MAX_UNPACKED = 100 * 1024 * 1024  # bytes of all parts of an XLSX
MAX_RATIO = 200  # unpacked to packed, of a part larger than a megabyte
MAX_PARTS, MAX_COLUMNS, MAX_CELL = 1000, 200, 32_767  # the last is Excel's own
KNOWN = (*COLUMNS, *EXTRA_COLUMNS)
OTHER_NAMES = {  # what people call the columns
    "title": "project name project title name of project",
    "organisation": "organization institution entity organisation name organization name",
    "country_iso2": "country iso2 iso",
    "stakeholder_type": "type of stakeholder stakeholder type of organisation",
    "action_lines": "action line wsis action lines",
    "sdgs": "sdg goals sustainable development goals",
    "summary": "description abstract short description",
    "website": "url link web",
    "start_year": "start year from start date",
    "end_year": "end year to end date",
}  # a cell matches when its words are the column's name or run through this text


def rows_of(data: bytes, name: str) -> Iterator[list[str]]:
    """The rows of a file, the header first. Raises ValidationError for what is none of ours."""
    if len(data) > MAX_BYTES:
        raise ValidationError(_("The file is too large: at most 10 MB."), code="too_large")
    if data[:4] == b"PK\x03\x04":
        return xlsx_rows(data)
    if name.lower().endswith((".xlsx", ".xls", ".ods")):
        raise ValidationError(_("This is no XLSX file. Save it as XLSX or as “CSV UTF-8”."))
    return csv_rows(data)


def csv_rows(data: bytes) -> Iterator[list[str]]:
    text = read_text(io.BytesIO(data))
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise ValidationError(
            _("The file cannot be read: a quotation mark is missing somewhere."), code="csv"
        ) from error


def xlsx_rows(data: bytes) -> Iterator[list[str]]:
    require_harmless(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_col=MAX_COLUMNS, max_row=MAX_ROWS + 2, values_only=True):
            cells = [as_text(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            yield cells
        book.close()
    except ValidationError:
        raise
    except Exception as error:  # openpyxl raises many kinds on damaged files
        raise ValidationError(
            _("The spreadsheet is damaged. Save it again as XLSX or as “CSV UTF-8”."), code="xlsx"
        ) from error


def require_harmless(data: bytes) -> None:
    """Raises ValidationError for a ZIP that unpacks too far, or XML that declares entities."""
    refused = ValidationError(_("This spreadsheet cannot be read safely."), code="unsafe")
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS:
                raise refused
            for part in parts:
                left -= require_small(archive, part, left)
                if left < 0:
                    raise refused
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise refused from error


def require_small(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """Bytes of a part, counted while unpacking: what its header says may be a lie."""
    seen, tail = 0, b""
    with archive.open(part) as file:
        while chunk := file.read(256 * 1024):
            seen += len(chunk)
            many = seen > 1024**2 and seen > MAX_RATIO * max(1, part.compress_size)
            if many or seen > left or re.search(rb"<!(?:DOCTYPE|ENTITY)", tail + chunk):
                raise ValidationError(_("This spreadsheet cannot be read safely."), code="unsafe")
            tail = chunk[-16:]
    return seen


def as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:MAX_CELL].replace("\r\n", "\n")


def preview(data: bytes, name: str, count: int) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and the first rows under them."""
    first = list(islice(rows_of(data, name), count + 1))
    header = [" ".join(cell.split())[:100] for cell in (first[0] if first else [])]
    if not any(header):
        raise ValidationError(_("The first row must name the columns."), code="header")
    return header[:MAX_COLUMNS], [row[:MAX_COLUMNS] for row in first[1:]]


def guess(header: list[str]) -> dict[str, int]:
    """Our column → the place of the column of the file that seems to hold it."""
    found: dict[str, int] = {}
    for place, cell in enumerate(header):
        words = fold(re.sub(r"[_\W]+", " ", cell))
        for column in KNOWN:
            plain = column.replace("_", " ")
            others = f" {OTHER_NAMES.get(column, '')} "
            if words and column not in found and (words == plain or f" {words} " in others):
                found[column] = place
                break
    return found


def canonical(data: bytes, name: str, mapping: dict[str, int]) -> bytes:
    """The file as the importer takes it: our columns in CSV; rows keep their numbers."""
    columns = [*COLUMNS, *(c for c in EXTRA_COLUMNS if c in mapping)]
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(columns)
    for row in islice(rows_of(data, name), 1, None):
        places = (mapping.get(column, -1) for column in columns)
        writer.writerow([row[place] if 0 <= place < len(row) else "" for place in places])
    return target.getvalue().encode()
