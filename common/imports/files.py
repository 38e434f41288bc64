"""Uploaded CSV and XLSX files as rows of text, read with limits; and as the rows of an import.

Formulas are never evaluated: a cell counts with the value that was stored beside it.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.dates.written import Reading, interval, order_of, read
from common.imports.columns import Column, Headings
from common.imports.encodings import decode
from common.imports.reader import (
    HEADING_ROWS,
    MAX_BYTES,
    MAX_ROWS,
    Row,
    cell_text,
    delimiter_of,
    require_few,
)
from common.text.broken import broken_parts

MAX_UNPACKED = 100 * 1024 * 1024  # bytes of all parts of an XLSX
MAX_RATIO = 200  # unpacked to packed, of a part larger than a megabyte
MAX_PARTS, MAX_COLUMNS, MAX_CELL = 1000, 200, 32_767  # the last is Excel's own
MAX_MERGED = 20_000  # areas of merged cells that are filled
READINGS_SHOWN = 20
DAMAGED_SHOWN = 50
MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"'
)


class Sheet(NamedTuple):
    """A file as far as its page shows it."""

    heading: int  # the row that names the columns, counted from 1
    header: list[str]
    rows: list[list[str]]
    top: list[list[str]]  # the first rows, from which the heading can be chosen
    encoding: str  # the name of the encoding it was converted from, "" where it was not


@dataclass
class Mapped:
    """A file as an importer takes it, and how its dates were read."""

    order: str
    rows: list[Row] = field(default_factory=list)
    readings: list[list[str]] = field(
        default_factory=list
    )  # as written, as read (ISO 8601)
    is_ambiguous: bool = False
    damaged: list[list[Any]] = field(
        default_factory=list
    )  # row, column, piece of its text


def rows_of(data: bytes, name: str, headings: Headings) -> Iterator[list[str]]:
    """The rows of a file. Raises ValidationError for what is none of ours."""
    if len(data) > MAX_BYTES:
        limit = {"limit": MAX_BYTES // 1024**2}
        raise ValidationError(
            _("The file is too large: at most %(limit)d MB.") % limit, code="too_large"
        )
    if data[:4] == b"PK\x03\x04":
        return xlsx_rows(data, headings)
    if name.lower().endswith((".xlsx", ".xls", ".ods")):
        raise ValidationError(
            _("This is not an XLSX file. Save it as XLSX or as “CSV UTF-8”.")
        )
    return csv_rows(data)


def csv_rows(data: bytes) -> Iterator[list[str]]:
    text = decode(data).text
    delimiter = delimiter_of(text)
    try:
        lines = csv.reader(
            io.StringIO(text, newline=""), delimiter=delimiter, strict=True
        )
        for cells in lines:
            yield [cell_text(cell) for cell in cells]
    except csv.Error as error:
        raise ValidationError(
            _("The file cannot be read: a quotation mark is missing somewhere."),
            code="csv",
        ) from error


def xlsx_rows(data: bytes, headings: Headings) -> Iterator[list[str]]:
    """The rows of the first sheet that has a heading, else of the first."""
    # Here, not above: it loads numpy where that is installed, and few processes read a workbook.
    from openpyxl import load_workbook  # noqa: PLC0415

    require_harmless(data)
    try:
        book = load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        sheets = book.worksheets
        sheet = sheets[0]
        if len(sheets) > 1:  # the first may be a cover page
            named = (one for one in sheets if headings.row_of(_top(one)) is not None)
            sheet = next(named, sheet)
        merged = Merged(data, getattr(sheet, "_worksheet_path", ""))
        for number, row in enumerate(_values(sheet, MAX_ROWS + HEADING_ROWS), start=1):
            cells = merged.fill(number, [as_text(value) for value in row])
            while cells and not cells[-1]:
                cells.pop()
            yield cells
        book.close()
    except ValidationError:
        raise
    except Exception as error:  # openpyxl raises many kinds on damaged files
        raise ValidationError(
            _("The spreadsheet is damaged. Save it again as XLSX or as “CSV UTF-8”."),
            code="xlsx",
        ) from error


def _values(sheet: Any, rows: int) -> Any:
    return sheet.iter_rows(max_col=MAX_COLUMNS, max_row=rows, values_only=True)


def _top(sheet: object) -> list[list[str]]:
    return [[as_text(value) for value in row] for row in _values(sheet, HEADING_ROWS)]


class Merged:
    """The merged areas of a sheet: each cell of an area says what its first one says."""

    def __init__(self, data: bytes, path: str) -> None:
        self.areas: list[tuple[int, int, int, int]] = []
        self.values: dict[tuple[int, int, int, int], str] = {}
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if path.lstrip("/") not in archive.namelist():
                return
            with archive.open(path.lstrip("/")) as part:
                found = set(self._refs(part))
        from openpyxl.utils.cell import range_boundaries  # noqa: PLC0415  # as above

        bounds = [range_boundaries(ref.decode()) for ref in found]
        # first column, first row, last column, last row
        areas = [area for area in bounds if area[0] <= MAX_COLUMNS and area[3] > 0]
        self.areas = sorted(areas, key=lambda area: area[1], reverse=True)
        self.open: list[tuple[int, int, int, int]] = []

    @staticmethod
    def _refs(part: Any) -> Iterator[bytes]:
        tail, count = b"", 0
        while chunk := part.read(256 * 1024):
            for match in MERGED.finditer(tail + chunk):
                yield match[1]
                count += 1
            if count > MAX_MERGED:
                raise ValidationError(
                    _("This spreadsheet cannot be read safely."), code="unsafe"
                )
            tail = chunk[-200:]

    def fill(self, number: int, cells: list[str]) -> list[str]:
        """The cells of a row with what merged areas put into them."""
        if not self.areas and not self.values:
            return cells
        while self.areas and self.areas[-1][1] <= number:
            area = self.areas.pop()
            place = area[0] - 1
            self.values[area] = cells[place] if place < len(cells) else ""
        for area in [area for area in self.values if area[3] < number]:
            del self.values[area]
        for area, value in self.values.items():
            first, last = area[0] - 1, min(area[2], MAX_COLUMNS)
            cells += [""] * (last - len(cells))
            cells[first:last] = [value] * (last - first)
        return cells


def require_harmless(data: bytes) -> None:
    """Raises ValidationError for a ZIP that unpacks too far, or XML that declares entities."""
    refused = ValidationError(
        _("This spreadsheet cannot be read safely."), code="unsafe"
    )
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
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
    ) as error:
        raise refused from error


def require_small(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """Bytes of a part, counted while unpacking: what its header says may be a lie."""
    seen, tail = 0, b""
    with archive.open(part) as file:
        while chunk := file.read(256 * 1024):
            seen += len(chunk)
            many = seen > 1024**2 and seen > MAX_RATIO * max(1, part.compress_size)
            if many or seen > left or re.search(rb"<!(?:DOCTYPE|ENTITY)", tail + chunk):
                raise ValidationError(
                    _("This spreadsheet cannot be read safely."), code="unsafe"
                )
            tail = chunk[-16:]
    return seen


def as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:MAX_CELL].replace("\r\n", "\n")


# --- the heading ---


def first_row(rows: list[list[str]]) -> int:
    """The first row that is not empty."""
    return next((place for place, row in enumerate(rows) if any(row)), 0)


def sheet_of(
    data: bytes,
    name: str,
    headings: Headings,
    count: int,
    heading: int | None = None,
) -> Sheet:
    """Names of the columns and the first rows under them. `heading`: the row that was chosen;
    without it, the row that looks like one. Raises ValidationError."""
    most = max(heading or 0, HEADING_ROWS) + count
    rows = [row[:MAX_COLUMNS] for row in islice(rows_of(data, name, headings), most)]
    if heading is None:
        found = headings.row_of(rows[:HEADING_ROWS])
        heading = (first_row(rows) if found is None else found) + 1
    named = rows[heading - 1] if heading <= len(rows) else []
    header = [" ".join(cell.split())[:100] for cell in named]
    if not any(header):
        raise ValidationError(
            _("A row of the file must name the columns."), code="header"
        )
    converted = "" if data[:4] == b"PK\x03\x04" else _converted_from(data)
    below = [row for row in rows[heading:] if any(row)]
    return Sheet(heading, header, below[:count], rows[:HEADING_ROWS], converted)


def _converted_from(data: bytes) -> str:
    decoded = decode(data)
    return decoded.name if decoded.was_converted else ""


# --- the rows that are imported ---


def mapped(
    sheet: Iterable[list[str]],
    mapping: dict[str, int],
    columns: Sequence[Column],
    heading: int = 1,
    order: str = "",
) -> Mapped:
    """The rows of a file with our columns, dates as ISO 8601 writes them. A column that is not
    in the file is empty, or absent where it is optional. `order` is that of day and month where
    somebody chose it. Raises ValidationError."""
    taken = [one for one in columns if not one.optional or one.name in mapping]
    names = [column.name for column in taken]
    places = [mapping.get(name, -1) for name in names]
    numbered = []
    for number, row in enumerate(islice(sheet, heading, None), heading + 1):
        cells = [cell_text(row[p]) if 0 <= p < len(row) else "" for p in places]
        if any(cells):
            require_few(number - heading)
            numbered.append((number, cells))
    dates = [place for place, column in enumerate(taken) if column.is_date]
    order = order or order_of(
        [cells[place] for _n, cells in numbered for place in dates]
    )
    result = Mapped(order)
    seen: dict[str, Reading | None] = {}
    for number, cells in numbered:
        for place in dates:
            cells[place] = _date(cells[place], order, seen)
        result.rows.append(Row(number, dict(zip(names, cells, strict=True))))
    for written, reading in seen.items():
        if reading and reading.iso != written and len(result.readings) < READINGS_SHOWN:
            result.readings.append([written, reading.iso])
        result.is_ambiguous = result.is_ambiguous or bool(reading and reading.ambiguous)
    result.damaged = list(islice(_damaged(result.rows), DAMAGED_SHOWN))
    return result


def _damaged(rows: Iterable[Row]) -> Iterator[list[Any]]:
    """Row, column and piece of each text that a wrong encoding seems to have damaged."""
    for row in rows:
        for column, text in row.cells.items():
            for part in broken_parts(text):
                yield [row.number, column, part]


def _date(text: str, order: str, seen: dict[str, Reading | None]) -> str:
    """A cell of a date as the importer takes it; what is none stays, and is refused there."""
    ends = interval(text)
    if ends and all(ends):
        return "/".join(ends)
    if text and text not in seen:
        seen[text] = read(text, order)
    reading = seen.get(text)
    return reading.iso if reading else text


def refused_rows(
    sheet: Iterable[list[str]], heading: int, sentences: dict[int, list[str]]
) -> Iterator[list[str]]:
    """The rows that were refused as they stand in the file, each with what is wrong at its end."""
    width = 0
    for number, row in enumerate(sheet, start=1):
        if number == heading:
            width = len(row)
            yield [*row, str(_("What is wrong"))]
        elif number in sentences:
            cells = [*row[:width], *[""] * (width - len(row))]
            yield [*cells, " ".join(sentences[number])]
