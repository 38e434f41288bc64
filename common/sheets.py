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

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, models
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.digits import western
from common.encodings import Decoded, decode
from common.locks import Lock
from common.tables import original

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000
MAX_ERRORS = 20_000  # sentences kept of one file; all refused rows are counted
HEADING_ROWS = 20  # rows at the top in which the heading is looked for
DELIMITERS = ",;\t|"
PARTED = re.compile(r"[;\n\r؛；]")
PARTED_WEAKLY = re.compile(r"[,/|،、，&+]|(?<=[0-9])\s+(?=[A-ZС]?[0-9])")
MANY_PIECES = 50
CODE_AND_WORDS = re.compile(
    r"([a-z0-9]+(?:-[a-z]+)?)(?:\.0)?(?:[ .:-]+(.*))?", re.DOTALL
)
LETTER_C = re.compile(
    r"^[cс] ?(?=[0-9])"
)  # typed on a Cyrillic keyboard, or with a space
WORD_LENGTH = 4
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


LOOSE = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "´": "'",
        "ʹ": "'",
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "–": "-",
        "—": "-",
        "−": "-",
        "ـ": None,
        "\u200b": None,
        "\u200c": None,
        "\u200e": None,
        "\u200f": None,
    }
)
ARABIC_FORMS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ي": "ي", "ك": "ك"}
)


def fold_loosely(text: str) -> str:
    """One spelling of a word of a vocabulary: also accents, apostrophes, dashes and the spelling
    variants of Arabic put aside. Two people's names are never compared so."""
    parts = unicodedata.normalize("NFKD", western(fold(text).translate(LOOSE)))
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    return " ".join(plain.translate(ARABIC_FORMS).strip(" .").split())


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
    """What parts the cells: the sign that comes most often in the first lines."""
    first = "\n".join(text.splitlines()[:HEADING_ROWS])
    return max(DELIMITERS, key=first.count)


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
            if number > first + MAX_ROWS:
                raise ValidationError(
                    _("The file has too many rows: at most %(limit)s.")
                    % {"limit": number_format(MAX_ROWS, force_grouping=True)},
                    code="too_many_rows",
                )
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


def wrong_width(found: int, expected: int) -> str:
    return _("This row has %(found)d cells; the header has %(expected)d.") % {
        "found": found,
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


class Vocabulary:
    """The codes of one vocabulary, found by code or by name in the six languages, in any case."""

    def __init__(self, rows: Any, hint: str = "", before_codes: str = "") -> None:
        self.codes: dict[str, str] = {}
        self.ambiguous: set[str] = set()
        self.hint = hint
        self.before = re.compile(
            rf"(?:{before_codes})[ .:-]*(?=\w)" if before_codes else "(?!)"
        )
        for code, *names in rows:
            for name in (code, *names):
                self._add(fold_loosely(name), code)

    def _add(self, key: str, code: str) -> None:
        if key and self.codes.setdefault(key, code) != code:
            self.ambiguous.add(key)

    @classmethod
    def of(cls, terms: models.QuerySet[Any], before_codes: str = "") -> "Vocabulary":
        """A vocabulary of the portal; `before_codes` are words that people write before a code,
        such as the “Goal” of “Goal 4”."""
        names = [f"name_{code.replace('-', '_')}" for code, _name in settings.LANGUAGES]
        rows = [
            [name or "" for name in row] for row in terms.values_list("code", *names)
        ]
        language = (get_language() or settings.LANGUAGE_CODE).replace("-", "_")
        place = 1 + names.index(
            f"name_{language}" if f"name_{language}" in names else "name_en"
        )
        english = 1 + names.index("name_en")
        possible = "; ".join(row[place] or row[english] for row in rows)
        return cls(
            rows, _("Possible: %(values)s.") % {"values": possible}, before_codes
        )

    def find(self, text: str) -> str | None:
        """The code of one value, None when nothing goes by it."""
        key = LETTER_C.sub("c", fold_loosely(text))
        for known in (key, LETTER_C.sub("c", self.before.sub("", key, count=1))):
            if known in self.codes:
                return None if known in self.ambiguous else self.codes[known]
            match = CODE_AND_WORDS.fullmatch(known)
            if match and match[1] in self.codes and self._are_words(match[2] or ""):
                return self.codes[
                    match[1]
                ]  # “C4. Capacity building”, “SDG 4: Education”
        return None

    def _are_words(self, text: str) -> bool:
        """Whether this, after a code, explains the code and is not one more value."""
        words = re.split(r"[\s.:/,&+-]+", text)
        if any(word in self.codes for word in words):
            return False
        return not text or any(
            len(word) >= WORD_LENGTH and word.isalpha() for word in words
        )

    def code(self, text: str) -> str:
        """The code of a value. Raises ValidationError with what is possible."""
        code = self.find(text)
        if code is None:
            raise ValidationError(
                f"{_('“%(value)s” is not known.') % {'value': shown(text)}} {self.hint}"
            )
        return code

    def each(self, text: str) -> list[str]:
        """The codes of several values, each once: parted by semicolons, line ends, commas or
        strokes; a name that holds a comma itself is still one value."""
        codes: list[str] = []
        for part in PARTED.split(text):
            if part.strip():
                codes += self._several(part.strip())
        return list(dict.fromkeys(codes))

    def _several(self, text: str) -> list[str]:
        if (code := self.find(text)) is not None:
            return [code]
        pieces = [piece.strip() for piece in PARTED_WEAKLY.split(text)]
        codes: list[str] = []
        while pieces:
            # the longest run of pieces that is a name: “Peace, justice” before “Peace”
            for length in range(len(pieces), 0, -1):
                code = self.find(", ".join(pieces[:length])) if pieces[0] else ""
                if code is not None:
                    break
            else:
                self.code(pieces[0] if codes or len(pieces) < MANY_PIECES else text)
            codes += [code] if code else []
            pieces = pieces[length:]
        return codes


def clean_year(text: str) -> int | None:
    """Four digits; the model's validators know the first and the last year."""
    if text and not re.fullmatch("[0-9]{4}", text):
        raise ValidationError(
            _("Enter a year with four digits, not “%(value)s”.")
            % {"value": shown(text)}
        )
    return int(text) if text else None


@contextmanager
def only_import(lock: Lock) -> Iterator[None]:
    """Keep a second import out: two at once could both create the same record.

    `lock` is the one of this importer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock.value])
        if not cursor.fetchone()[0]:
            raise ValidationError(
                _("Another import is running. Try again when it has finished."),
                code="busy",
            )
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [lock.value])


class ImportCommand(BaseCommand):
    """`manage.py import_<records> FILE [--dry-run] [--only-new]`; the app says what to run.

    The last line is `N created, N updated, N unchanged, N failed`; exit code 1 when a row failed.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help=f"CSV file, at most {MAX_BYTES // 1024**2} MB"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="check and count, write nothing"
        )
        parser.add_argument(
            "--only-new",
            action="store_true",
            help="leave records that are there already as they are",
        )

    def run(self, file: BinaryIO, *, dry_run: bool, only_new: bool) -> ImportResult:
        raise NotImplementedError

    def handle(
        self, *, file: Path, dry_run: bool, only_new: bool, **options: Any
    ) -> None:
        try:
            with file.open("rb") as rows:
                result = self.run(rows, dry_run=dry_run, only_new=only_new)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        for refused in result.errors:
            place = f"row {refused.row}" + (
                f", {refused.column}" if refused.column else ""
            )
            self.stderr.write(f"{place}: {refused.message}")
        if result.errors_left_out:
            self.stderr.write(f"… and {result.errors_left_out} more errors")
        self.stdout.write(str(result))
        if result.failed:
            raise SystemExit(1)
