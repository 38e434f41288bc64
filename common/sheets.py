"""Sheets that staff import: bytes → rows → codes, a sentence per bad cell; one result for all.

Each app's importer says which columns it knows and what a row means; docs/import.md describes them.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, models
from django.utils.text import Truncator
from django.utils.translation import gettext as _

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000
MAX_ERRORS = 20_000  # sentences kept of one file; all refused rows are counted
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class RowError(NamedTuple):
    """One refused cell; `row` counts as a spreadsheet does, the header being row 1."""

    row: int
    column: str
    message: str


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


def fold(text: str) -> str:
    """One spelling for comparison: compatibility forms, case and spaces put aside."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def shown(text: str) -> str:
    return Truncator(text).chars(60)


def read_text(file: BinaryIO) -> str:
    """The text of a file. Raises ValidationError: too large, not UTF-8."""
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValidationError(_("The file is too large: at most 10 MB."), code="too_large")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(
            _(
                "The file is not in UTF-8: byte %(position)d, in line %(line)d, belongs to no "
                "character. Save the file as “CSV UTF-8” and send it again."
            )
            % {"position": error.start + 1, "line": data.count(b"\n", 0, error.start) + 1},
            code="encoding",
        ) from error


def read_rows(
    text: str, columns: Sequence[str], extra: Sequence[str] = ()
) -> Iterator[Row | RowError]:
    """The rows under the header, empty ones left out; `extra` columns may be absent.

    Raises ValidationError for a bad file.
    """
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 1
    try:
        header = read_header(next(lines, []), columns, extra)
        for number, cells in enumerate(lines, start=2):
            if not any(cell.strip() for cell in cells):
                continue
            if number > MAX_ROWS + 1:
                raise ValidationError(
                    _("The file has too many rows: at most 50,000."), code="too_many_rows"
                )
            if len(cells) == len(header):
                yield Row(number, dict(zip(header, map(str.strip, cells), strict=True)))
            else:
                yield RowError(number, "", wrong_width(len(cells), len(header)))
    except csv.Error as error:
        raise ValidationError(
            _("The file cannot be read after row %(row)d: a quotation mark is missing, or a cell "
              "is longer than %(limit)d characters.")
            % {"row": number, "limit": csv.field_size_limit()},
            code="csv",
        ) from error  # fmt: skip


def wrong_width(found: int, expected: int) -> str:
    return _("This row has %(found)d cells; the header has %(expected)d.") % {
        "found": found,
        "expected": expected,
    }


def read_header(cells: list[str], columns: Sequence[str], extra: Sequence[str]) -> list[str]:
    """The names of the columns. Raises ValidationError with a sentence per missing, unknown
    or doubled column."""
    names = [cell.strip() for cell in cells]
    known = (*columns, *extra)
    missing = [name for name in columns if name not in names]
    if len(missing) == len(columns):
        raise ValidationError(
            _("The first row must name the columns, separated by commas: %(columns)s.")
            % {"columns": ", ".join(columns)},
            code="header",
        )
    sentences = [_("The column “%(name)s” is missing.") % {"name": name} for name in missing]
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
        raise ValidationError([ValidationError(text, code="header") for text in sentences])
    return names


class Vocabulary:
    """The codes of one vocabulary, found by code or by name, in any case."""

    def __init__(self, rows: Any, hint: str = "") -> None:
        self.codes: dict[str, str] = {}
        self.ambiguous: set[str] = set()
        self.hint = hint
        for code, *names in rows:
            for name in (code, *names):
                if self.codes.setdefault(fold(name), code) != code:
                    self.ambiguous.add(fold(name))

    @classmethod
    def of(cls, terms: models.QuerySet[Any]) -> "Vocabulary":
        rows = list(terms.values_list("code", "name_en"))
        return cls(rows, _("Possible: %(values)s.") % {"values": "; ".join(row[1] for row in rows)})

    def code(self, text: str) -> str:
        """The code of a value. Raises ValidationError with what is possible."""
        key = fold(text)
        if key not in self.codes or key in self.ambiguous:
            raise ValidationError(
                f"{_('“%(value)s” is not known.') % {'value': shown(text)}} {self.hint}"
            )
        return self.codes[key]

    def each(self, text: str) -> list[str]:
        """The codes of several values separated by semicolons, each once."""
        parts = [part.strip() for part in text.split(";")]
        return list(dict.fromkeys(self.code(part) for part in parts if part))


def clean_year(text: str) -> int | None:
    """Four digits; the model's validators know the first and the last year."""
    if text and not re.fullmatch("[0-9]{4}", text):
        raise ValidationError(
            _("“%(value)s” is not a year: write four digits.") % {"value": shown(text)}
        )
    return int(text) if text else None


@contextmanager
def only_import(lock: int) -> Iterator[None]:
    """Keep a second import out: two at once could both create the same record.

    `lock` is a number that no other advisory lock of the portal uses.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        if not cursor.fetchone()[0]:
            raise ValidationError(
                _("Another import is running. Try again when it has ended."), code="busy"
            )
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])


class ImportCommand(BaseCommand):
    """`manage.py import_<records> FILE [--dry-run] [--only-new]`; the app says what to run.

    The last line is `N created, N updated, N unchanged, N failed`; exit code 1 when a row failed.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV file in UTF-8, at most 10 MB")
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        parser.add_argument(
            "--only-new",
            action="store_true",
            help="leave records that are there already as they are",
        )

    def run(self, file: BinaryIO, *, dry_run: bool, only_new: bool) -> ImportResult:
        raise NotImplementedError

    def handle(self, *, file: Path, dry_run: bool, only_new: bool, **options: Any) -> None:
        try:
            with file.open("rb") as rows:
                result = self.run(rows, dry_run=dry_run, only_new=only_new)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        for refused in result.errors:
            place = f"row {refused.row}" + (f", {refused.column}" if refused.column else "")
            self.stderr.write(f"{place}: {refused.message}")
        if result.errors_left_out:
            self.stderr.write(f"… and {result.errors_left_out} more errors")
        self.stdout.write(str(result))
        if result.failed:
            raise SystemExit(1)
