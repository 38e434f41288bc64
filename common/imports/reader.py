"""Sheets that staff import: bytes → rows → codes, a sentence per bad cell; one result for all.

Each app's importer says which columns it knows and what a row means; docs/import.md describes them.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from common.imports.encodings import Decoded, decode
from common.tables.csv_files import original

MAX_BYTES = 10 * 1024 * 1024


MAX_ROWS = 50_000


MAX_ERRORS = 20_000  # sentences kept of one file; all refused rows are counted


HEADING_ROWS = 20  # rows at the top in which the heading is looked for


DELIMITERS = ",;\t|"


QUOTED = re.compile(r'"[^"]*"')


CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class RowError(NamedTuple):
    """One refused cell; `row` counts as a spreadsheet does, the header being row 1."""

    row: int
    column: str
    message: str


class Question(NamedTuple):
    """Something that a file leaves open and the person who imports it decides: `key` is the same
    for the same question of the next check; each of `answers` has a value and words."""

    key: str
    sentence: str
    answers: list[tuple[str, str]]

    def takes(self, value: str) -> bool:
        return any(value == answer for answer, _words in self.answers)


@dataclass(frozen=True)
class Row:
    number: int
    cells: dict[str, str]


@dataclass
class ImportResult:
    """What an import did, or with `dry_run` would do."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    errors: list[RowError] = field(default_factory=list)
    errors_left_out: int = 0

    def refuse(self, errors: list[RowError]) -> None:
        """Count one refused row and keep its sentences while there is room."""
        room = MAX_ERRORS - len(self.errors)
        self.failed += 1
        self.errors += errors[:room]
        self.errors_left_out += max(0, len(errors) - room)

    def __str__(self) -> str:
        return (
            f"{self.created} created, {self.updated} updated, "
            f"{self.unchanged} unchanged, {self.failed} failed"
        )


def shown(text: str) -> str:
    return Truncator(text).chars(60)


def read_text(file: BinaryIO) -> str:
    """The text of a file, whatever its encoding. Raises ValidationError: too large, no text."""
    return read_decoded(file).text


def read_decoded(file: BinaryIO) -> Decoded:
    """The text with the encoding it was in. Raises ValidationError."""
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValidationError(
            _("The file is too large: at most %(limit)d MB.")
            % {"limit": MAX_BYTES // 1024**2},
            code="too_large",
        )
    return decode(data)


def delimiter_of(text: str) -> str:
    """What parts the cells: the sign that most of the first lines have equally often, else the
    most frequent one; a cell with a list may have more of another."""
    first = QUOTED.sub("", "\n".join(text.splitlines()[:HEADING_ROWS]))

    def regularity(sign: str) -> tuple[int, int]:
        counts = Counter(line.count(sign) for line in first.splitlines())
        counts.pop(0, None)
        return max(counts.values(), default=0), first.count(sign)

    return max(DELIMITERS, key=regularity)


def read_rows(
    text: str, columns: Sequence[str], extra: Sequence[str] = ()
) -> Iterator[Row | RowError]:
    """The rows under the header, empty ones left out; `extra` columns may be absent. Rows above
    the header, such as the title of the sheet, are passed over.

    Raises ValidationError for a bad file.
    """
    lines = enumerate(
        csv.reader(
            io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True
        ),
        start=1,
    )
    number = 1
    try:
        first, cells = heading_of(lines, columns)
        header = read_header(cells, columns, extra)
        for number, cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            require_few(number - first)
            if len(cells) == len(header):
                yield Row(number, dict(zip(header, map(cell_text, cells), strict=True)))
            else:
                yield RowError(number, "", wrong_width(len(cells), len(header)))
    except csv.Error as error:
        raise ValidationError(
            _(
                "The file cannot be read after row %(row)d: a quotation mark is missing, or a cell "
                "is longer than %(limit)d characters."
            )
            % {"row": number, "limit": csv.field_size_limit()},
            code="csv",
        ) from error


def require_few(rows: int) -> None:
    """Raises ValidationError when a file is longer than we take."""
    if rows > MAX_ROWS:
        raise ValidationError(
            _("The file has too many rows: at most %(limit)s.")
            % {"limit": number_format(MAX_ROWS, force_grouping=True)},
            code="too_many_rows",
        )


def heading_of(
    lines: Iterator[tuple[int, list[str]]], columns: Sequence[str]
) -> tuple[int, list[str]]:
    """The row that names the columns, with its number; where no row does, the first one."""
    begun: tuple[int, list[str]] | None = None
    looked_at = 0
    for number, cells in lines:
        if any(cell.strip() in columns for cell in cells):
            return number, cells
        if any(cell.strip() for cell in cells):
            begun = begun or (number, cells)
            looked_at += 1
        if looked_at == HEADING_ROWS:
            break
    return begun or (1, [])


def cell_text(text: str) -> str:
    """A cell as it was written, without the apostrophe that our own exports put before it."""
    return original(text.strip())


def wrong_width(cells: int, expected: int) -> str:
    return _("This row has %(found)d cells; the header has %(expected)d.") % {
        "found": cells,
        "expected": expected,
    }


def read_header(
    cells: list[str], columns: Sequence[str], extra: Sequence[str]
) -> list[str]:
    """The names of the columns. Raises ValidationError with a sentence per missing, unknown
    or doubled column."""
    names = [cell.strip() for cell in cells]
    known = (*columns, *extra)
    missing = [name for name in columns if name not in names]
    if len(missing) == len(columns):
        raise ValidationError(
            _("A row of the file must name the columns: %(columns)s.")
            % {"columns": ", ".join(columns)},
            code="header",
        )
    sentences = [
        _("The column “%(name)s” is missing.") % {"name": name} for name in missing
    ]
    sentences += [
        _("The column “%(name)s” is not known.") % {"name": shown(name)}
        for name in names[:100]
        if name not in known
    ]
    sentences += [
        _("The column “%(name)s” is there twice.") % {"name": name}
        for name in known
        if names.count(name) > 1
    ]
    if sentences:
        raise ValidationError(
            [ValidationError(text, code="header") for text in sentences]
        )
    return names


def clean_year(text: str) -> int | None:
    """Four digits; the model's validators know the first and the last year."""
    if text and not re.fullmatch("[0-9]{4}", text):
        raise ValidationError(
            _("Enter a year with four digits, not “%(value)s”.")
            % {"value": shown(text)}
        )
    return int(text) if text else None
