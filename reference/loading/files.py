"""The files of the vocabularies: which there are, how a row is read, what is refused.

A file has one column per field of its model; `name` has six columns, lists are separated by `;`,
yes and no are 1 and 0. The rules are the model's own: length, required fields, uniqueness.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from modeltranslation.utils import build_localized_fieldname

from reference.action_line.models import SDG, ActionLine, MatrixCell
from reference.country.models import Commission, Country, Region
from reference.term.models import (
    ActivityType,
    CoverageLevel,
    StakeholderType,
    TargetGroup,
    Technology,
)

DATA = Path(__file__).resolve().parents[1] / "data"
NAMES = [build_localized_fieldname("name", code) for code, _name in settings.LANGUAGES]


@dataclass(frozen=True)
class Table:
    """A vocabulary: the file's name without `.csv`, its model, the columns that identify a row."""

    file: str
    model: type[models.Model]
    key: tuple[str, ...] = ("code",)

    @property
    def fields(self) -> dict[str, models.Field]:
        """Column → field. The plain `name` is left out: its six languages are the columns."""
        fields = [*self.model._meta.concrete_fields, *self.model._meta.many_to_many]
        return {f.name: f for f in fields if f.name not in ("id", "name")}

    @property
    def unique(self) -> list[tuple[str, ...]]:
        single = [
            (name,) for name, f in self.fields.items() if f.unique and not f.primary_key
        ]
        return [self.key, *single]


# In the order of loading: what a row points at comes first.
TABLES = (
    Table("action_lines", ActionLine),
    Table("sdgs", SDG),
    Table("matrix", MatrixCell, key=("action_line", "sdg")),
    Table("regions", Region),
    Table("commissions", Commission),
    Table("countries", Country),
    Table("stakeholder_types", StakeholderType),
    Table("activity_types", ActivityType),
    Table("coverage_levels", CoverageLevel),
    Table("target_groups", TargetGroup),
    Table("technologies", Technology),
)


@dataclass(frozen=True)
class Row:
    """A line of a file as values of the model; references are codes, lists are lists."""

    table: Table
    line: int
    values: dict[str, Any]

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(self.values[name] for name in self.table.key)

    def says(self, sentence: str) -> str:
        return f"{self.table.file}.csv line {self.line}: {sentence}"


@dataclass
class Files:
    """The content of all files, and a sentence for each error in them."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def read_files(folder: Path) -> Files:
    """Read and check all files of the folder, without touching the database."""
    files = Files()
    for table in TABLES:
        files.rows[table.file] = list(_read(table, folder, files.errors))
    for table in TABLES:
        files.errors += _duplicates(files.rows[table.file], table)
        files.errors += _unknown_codes(files, table)
    files.errors += _two_countries_of_one_name(files.rows["countries"])
    return files


def _read(table: Table, folder: Path, errors: list[str]) -> Iterator[Row]:
    try:
        with (folder / f"{table.file}.csv").open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if wrong := _wrong_columns(reader.fieldnames or [], table):
                errors.append(f"{table.file}.csv line 1: {wrong}")
                return
            for cells in reader:
                row = Row(table, reader.line_num, {})
                faults = _fill(row, cells)
                errors += [row.says(sentence) for sentence in faults]
                if not faults:
                    yield row
    except FileNotFoundError:
        errors.append(f"{table.file}.csv is missing")
    except UnicodeDecodeError as error:
        errors.append(
            f"{table.file}.csv is not UTF-8: byte {error.start} cannot be read"
        )
    except csv.Error as error:
        errors.append(f"{table.file}.csv is not a CSV file: {error}")


def _wrong_columns(header: Iterable[Any], table: Table) -> str:
    missing = sorted(set(table.fields) - set(header))
    unknown = sorted(set(header) - set(table.fields))
    sentences = [f"column {name} is missing" for name in missing]
    sentences += [f"column {name} is unknown" for name in unknown]
    return "; ".join(sentences)


def _fill(row: Row, cells: dict[str | None, Any]) -> list[str]:
    """Put the values of the cells into the row; returns the errors."""
    if None in cells or None in cells.values():
        return ["the line has more or fewer cells than the header"]
    sentences = []
    for name, model_field in row.table.fields.items():
        text = cells[name].strip()
        try:
            row.values[name] = _value(model_field, text)
            if not text and name in NAMES:
                raise ValidationError("is empty: every name is needed in six languages")
        except ValidationError as error:
            sentences.append(f"{name} {' '.join(error.messages)}")
    return sentences


def _value(model_field: models.Field, text: str) -> Any:
    """The cell as the field's own type. Raises ValidationError."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    match model_field:
        case models.ManyToManyField():
            return parts
        case models.ForeignKey():
            if not text and not model_field.null:
                raise ValidationError("is empty")
            return text or None
        case ArrayField():
            return model_field.clean(parts, None)
        case models.BooleanField():
            if text not in ("0", "1"):
                raise ValidationError("must be 0 or 1")
            return text == "1"
        case models.IntegerField():
            return model_field.clean(text or None, None)
        case _:
            return model_field.clean(text, None) or ""


def _duplicates(rows: list[Row], table: Table) -> Iterator[str]:
    for columns in table.unique:
        seen: dict[tuple[Any, ...], int] = {}
        for row in rows:
            value = tuple(row.values[name] for name in columns)
            if value in seen and None not in value:
                written = " and ".join(
                    f"{n} {v}" for n, v in zip(columns, value, strict=True)
                )
                yield row.says(f"{written} stands already in line {seen[value]}")
            seen.setdefault(value, row.line)


def _unknown_codes(files: Files, table: Table) -> Iterator[str]:
    codes = {t.model: {row.key[0] for row in files.rows[t.file]} for t in TABLES}
    for name, model_field in table.fields.items():
        if not model_field.is_relation:
            continue
        codes_of_model = codes[model_field.remote_field.model]  # type: ignore[union-attr]  # a relation has one
        for row in files.rows[table.file]:
            value = row.values[name]
            for code in value if isinstance(value, list) else [value]:
                if code is not None and code not in codes_of_model:
                    yield row.says(f"{name} {code} is not known")


def _two_countries_of_one_name(rows: list[Row]) -> Iterator[str]:
    """A name or alias must lead to one country, or imports would have to guess."""
    owner: dict[str, Row] = {}
    for row in rows:
        for name in {row.values[column].casefold() for column in NAMES} | {
            alias.casefold() for alias in row.values["aliases"]
        }:
            other = owner.setdefault(name, row)
            if other is not row:
                yield row.says(
                    f"“{name}” is also a name of {other.key[0]} (line {other.line})"
                )
