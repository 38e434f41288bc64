"""A file of projects, read: bytes → rows → the values each row wants, a sentence per bad cell.

Columns and limits are described in docs/import.md.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from reference.models import (
    SDG,
    ActionLine,
    ActivityType,
    Country,
    CoverageLevel,
    StakeholderType,
    TargetGroup,
    Technology,
)
from stocktaking.models import Project

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000

COLUMNS = (
    "title", "organisation", "stakeholder_type", "country_iso2", "action_lines", "sdgs",
    "start_year", "end_year", "website", "summary", "prize_editions", "source", "notes",
)  # fmt: skip
EXTRA_COLUMNS = (
    "external_id", "language", "activity_type", "coverage", "timescale", "target_groups",
    "technologies", "partners", "contact_name", "contact_email",
)  # fmt: skip

# Columns of plain text and the fields they fill; all other columns have a reader of their own.
TEXTS = {
    "title": "title",
    "organisation": "organisation_name",
    "website": "website",
    "summary": "summary",
    "source": "source",
    "notes": "source_note",
    "partners": "partners",
    "contact_name": "contact_name",
    "contact_email": "contact_email",
}
YEARS = ("start_year", "end_year")
TERMS = {
    "stakeholder_type": StakeholderType,
    "activity_type": ActivityType,
    "coverage": CoverageLevel,
}
TERM_LISTS = {"sdgs": SDG, "target_groups": TargetGroup, "technologies": Technology}
CHOICES = {"language": "en", "timescale": ""}  # and what an empty cell means
LINKS = ("other_action_lines", *TERM_LISTS)  # the many-to-many fields a file can fill

COLUMN_OF = {field: column for column, field in TEXTS.items()}
COLUMN_OF |= {NON_FIELD_ERRORS: "end_year", "year": "start_year"}
LISTED_AS_INTERNATIONAL = "listed as INTERNATIONAL"
INTERNATIONAL = "INTL"
FIRST_PRIZES = 2012
PRIZE = re.compile(r"([0-9]{4}):(submitted|nominated|winner|champion)")
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


@dataclass(frozen=True)
class Wanted:
    """What a good row wants: values by field name, codes by many-to-many name."""

    number: int
    fields: dict[str, Any]
    links: dict[str, list[str]]

    @property
    def name(self) -> str:
        return name_key(self.fields["title"], self.fields["organisation_name"])


def fold(text: str) -> str:
    """One spelling for comparison: compatibility forms, case and spaces put aside."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def name_key(title: str, organisation: str) -> str:
    """What tells two projects apart when neither has an external identifier."""
    return f"{fold(title)}\n{fold(organisation)}"


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


def read_rows(text: str) -> Iterator[Row | RowError]:
    """The rows under the header, empty ones left out. Raises ValidationError for a bad file."""
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 1
    try:
        columns = read_header(next(lines, []))
        for number, cells in enumerate(lines, start=2):
            if not any(cell.strip() for cell in cells):
                continue
            if number > MAX_ROWS + 1:
                raise ValidationError(
                    _("The file has too many rows: at most 50,000."), code="too_many_rows"
                )
            if len(cells) == len(columns):
                yield Row(number, dict(zip(columns, map(str.strip, cells), strict=True)))
            else:
                yield RowError(number, "", wrong_width(len(cells), len(columns)))
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


def read_header(cells: list[str]) -> list[str]:
    """The names of the columns. Raises ValidationError with a sentence per missing, unknown
    or doubled column."""
    names = [cell.strip() for cell in cells]
    known = COLUMNS + EXTRA_COLUMNS
    missing = [name for name in COLUMNS if name not in names]
    if len(missing) == len(COLUMNS):
        raise ValidationError(
            _("The first row must name the columns, separated by commas: %(columns)s.")
            % {"columns": ", ".join(COLUMNS)},
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


def countries() -> Vocabulary:
    rows = Country.objects.values_list("code", "name_en", "aliases")
    return Vocabulary(
        [(code, name, *aliases) for code, name, aliases in rows],
        _("Give the ISO code, such as KE, or the name used by the United Nations."),
    )


def clean_year(text: str) -> int | None:
    """Four digits; the model's validators know the first and the last year."""
    if text and not re.fullmatch("[0-9]{4}", text):
        raise ValidationError(
            _("“%(value)s” is not a year: write four digits.") % {"value": shown(text)}
        )
    return int(text) if text else None


def clean_prizes(text: str) -> str:
    """Editions and outcomes such as `2015:nominated;2016:winner`."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    for part in parts:
        match = PRIZE.fullmatch(part)
        if not match or not FIRST_PRIZES <= int(match[1]) <= timezone.now().year + 1:
            raise ValidationError(
                _("“%(value)s” is no edition and outcome: write for example 2015:nominated or "
                  "2016:winner, from 2012 on, separated by semicolons.")
                % {"value": shown(part)}
            )  # fmt: skip
    return ";".join(parts)


class RowReader:
    """Turns rows into wanted values; holds the vocabularies while a file is read."""

    def __init__(self) -> None:
        self.country = countries()
        self.action_lines = Vocabulary.of(ActionLine.objects.filter(number__isnull=False))
        self.terms = {
            name: Vocabulary.of(model._default_manager.all()) for name, model in TERMS.items()
        }
        self.lists = {
            name: Vocabulary.of(m._default_manager.all()) for name, m in TERM_LISTS.items()
        }

    def read(self, row: Row) -> Wanted | list[RowError]:
        """The values of a row, or an error for each cell that is refused."""
        errors: dict[str, str] = {}
        fields: dict[str, Any] = {}
        links: dict[str, list[str]] = {}
        for column, text in row.cells.items():
            try:
                self._read_cell(column, text, row, fields, links)
            except ValidationError as error:
                errors[column] = " ".join(error.messages)
        fields |= self._year(fields)
        for column, message in self._refused_by_model(fields, errors).items():
            errors.setdefault(column, message)
        if errors:
            return [RowError(row.number, c, errors[c]) for c in row.cells if c in errors]
        return Wanted(row.number, fields, links)

    def _read_cell(
        self, column: str, text: str, row: Row, fields: dict[str, Any], links: dict[str, list[str]]
    ) -> None:
        """Put the value of one cell where it belongs. Raises ValidationError."""
        if CONTROL.search(text):
            raise ValidationError(_("This cell holds a control character."))
        if column in TEXTS:
            fields[TEXTS[column]] = self._text(column, text)
        elif column in TERM_LISTS:
            links[column] = self.lists[column].each(text)
        elif column == "action_lines":
            codes = self.action_lines.each(text)
            fields["main_action_line_id"] = codes[0] if codes else None
            links["other_action_lines"] = codes[1:]
        elif column == "external_id":
            fields |= {"external_id": text} if text else {}
        else:
            field, value = self._value(column, text, row)
            fields[field] = value

    def _value(self, column: str, text: str, row: Row) -> tuple[str, Any]:
        """The field and the value of a column that holds one value of a fixed kind."""
        if column in YEARS:
            return column, clean_year(text)
        if column in TERMS:
            return f"{column}_id", self.terms[column].code(text) if text else None
        if column in CHOICES:
            return column, text.lower() or CHOICES[column]
        if column == "prize_editions":
            return column, clean_prizes(text)
        if not text and LISTED_AS_INTERNATIONAL in row.cells["notes"]:
            return "country_id", INTERNATIONAL
        return "country_id", self.country.code(text) if text else None

    @staticmethod
    def _text(column: str, text: str) -> str:
        if column in ("title", "organisation"):
            text = " ".join(text.split())
            if not text:
                raise ValidationError(_("Fill in this cell: it tells projects apart."))
        field = Project._meta.get_field(TEXTS[column])
        if isinstance(
            field, models.TextField
        ):  # Django holds a text area to its limit in forms only
            MaxLengthValidator(field.max_length)(text)
        return text

    @staticmethod
    def _year(fields: dict[str, Any]) -> dict[str, int]:
        """The year of the entry: the first prize edition, else the year the activity began."""
        editions = [int(year) for year, _outcome in PRIZE.findall(fields.get("prize_editions", ""))]
        year = min(editions, default=None) or fields.get("start_year")
        return {"year": year} if year else {}

    @staticmethod
    def _refused_by_model(fields: dict[str, Any], errors: dict[str, str]) -> dict[str, str]:
        """What the model's own rules say, by column; keys of vocabularies are known to be good."""
        project = Project(**fields)
        keys = {name for name in fields if name.endswith("_id") and name != "external_id"}
        skipped = {f.name for f in project._meta.fields if f.name not in fields.keys() - keys}
        try:
            project.clean_fields(exclude=skipped)
            if not errors and fields.get("start_year") and fields.get("end_year"):
                project.validate_constraints()  # asks the database: only where it can refuse
        except ValidationError as error:
            found = {name: " ".join(texts) for name, texts in error.message_dict.items()}
            return {COLUMN_OF.get(name, name): text for name, text in found.items()}
        return {}
