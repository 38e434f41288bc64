"""The columns that an import knows: their names in six languages, and how a cell becomes a value.

A reader is a function of the import, the text of the cell and what the row wants so far. It gives
the value, or raises ValidationError with a sentence for the person who sent the file. A method of
an importer can be one.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.functional import Promise, lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common.imports.cells import Choices, Vocabulary, label_and_code
from common.imports.reader import CONTROL
from common.text.folding import fold_loosely

HEADING_CELLS = 2  # so many known names make a row the heading


@dataclass
class Wanted:
    """What a row wants: values by field, keys by relation, and what is neither in `more`."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    links: dict[str, list[Any]] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def refuse(self, column: str, error: ValidationError | str) -> None:
        """Keep the first sentence about a cell."""
        text = error if isinstance(error, str) else " ".join(error.messages)
        self.errors.setdefault(column, text)


Kept = TypeVar("Kept")


class Source(Protocol):
    """An import, as readers see it: it keeps what is read from the database once."""

    def once(self, make: Callable[[], Kept]) -> Kept: ...


Reader = Callable[[Any, str, Wanted], Any]
capitalized = lazy(capfirst, str)


@dataclass(frozen=True)
class Column:
    """One column: `field` is what it fills (its own name when empty), in `into`.

    The reader of a column `into` "nothing" puts its values where they belong by itself.
    """

    name: str
    label: str | Promise
    field: str = ""
    read: Reader | None = None
    names: str = ""  # other names that people give it, separated by semicolons
    into: str = "fields"  # or "links", "more", "nothing"
    required: bool = False  # the cell has to be filled in
    chosen: bool = False  # the page asks for the column, though a cell may be empty
    optional: bool = False  # a file need not have the column
    is_date: bool = False  # a page reads dates as people write them
    choices: Sequence[tuple[str, str | Promise]] = ()  # that the page lists

    @classmethod
    def of(
        cls, model: type[models.Model], name: str, field: str = "", **more: Any
    ) -> "Column":
        """A column that fills a field of a model: the page calls it as the form does. Without a
        reader of its own, a key of a vocabulary and a choice are read by code or name."""
        described: Any = model._meta.get_field(field or name)
        if described.many_to_one and "read" not in more:
            field = described.attname
            more["read"] = term(known(described.remote_field.model))
        elif described.flatchoices and "read" not in more:
            more |= one_of(described.flatchoices, described.get_default())
        return cls(name, label_of(model, field or name), field, **more)

    @property
    def is_asked(self) -> bool:
        """Whether the page wants to know which column of the file it is."""
        return self.required or self.chosen

    @property
    def possible(self) -> list[str]:
        """What can stand in a cell, as the page lists it."""
        return [label_and_code(code, label) for code, label in self.choices]

    @property
    def target(self) -> str:
        return self.field or self.name


def label_of(model: type[models.Model], name: str) -> Promise:
    """The words of a field, as a form shows them."""
    described: Any = model._meta.get_field(name)
    label: Promise = capitalized(described.verbose_name)
    return label


def columns_of(model: type[models.Model]) -> Callable[..., Column]:
    """`Column.of` for one model."""
    return partial(Column.of, model)


# --- readers that several imports share ---


def one_line(source: Source, text: str, wanted: Wanted) -> str:
    return " ".join(text.split())


def known(
    model: type[models.Model], before_codes: str = ""
) -> Callable[[], Vocabulary]:
    """The codes of a model by all their names; see `Vocabulary.of`."""

    def make() -> Vocabulary:
        return Vocabulary.of(model._default_manager.all(), before_codes)

    return make


def term(make: Callable[[], Vocabulary]) -> Reader:
    """One code of a vocabulary, by its code or its name in six languages; None for no text."""

    def read(source: Source, text: str, wanted: Wanted) -> str | None:
        return source.once(make).code(text) if text else None

    return read


def terms(make: Callable[[], Vocabulary]) -> Reader:
    """Several codes of a vocabulary."""

    def read(source: Source, text: str, wanted: Wanted) -> list[str]:
        return source.once(make).each(text)

    return read


def one_of(
    choices: Iterable[tuple[str, str | Promise]], default: str = ""
) -> dict[str, Any]:
    """What makes a column one of choices, each by its code or its words in six languages."""
    choices = tuple(choices)

    def make() -> Choices:
        return Choices(choices)

    def read(source: Source, text: str, wanted: Wanted) -> str:
        return source.once(make).code(text) if text else default

    return {"read": read, "choices": choices}


YES = [(word, word) for word in ("yes", "oui", "sí", "да", "نعم", "是")]  # for `one_of`


def refuse_control(text: str) -> None:
    """Raises ValidationError for what no column takes."""
    if CONTROL.search(text):
        raise ValidationError(_("This cell contains a control character."))


# --- names of columns ---


def plain(text: str) -> str:
    """A heading without signs, so that “Project name *:” and “Project (name)” can be compared."""
    outside = re.sub(r"\([^)]*\)", " ", text)
    return fold_loosely(re.sub(r"[_\W]+", " ", outside))


class Headings:
    """What people call the columns of a sheet, in the six languages of the portal."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns: dict[str, str] = {}
        for column in columns:
            for name in (column.name, *column.names.split(";")):
                self.columns.setdefault(plain(name), column.name)
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                for column in columns:
                    self.columns.setdefault(plain(str(column.label)), column.name)
        self.columns.pop("", None)

    def column_of(self, heading: str) -> str | None:
        """Our column that this heading seems to mean."""
        return self.columns.get(plain(heading)) or self.columns.get(
            plain(heading.partition("/")[0])
        )

    def guess(self, header: Iterable[str]) -> dict[str, int]:
        """Our column → the place of the column of the file that seems to hold it."""
        places: dict[str, int] = {}
        for place, cell in enumerate(header):
            column = self.column_of(cell)
            if column and column not in places:
                places[column] = place
        return places

    def row_of(self, rows: Iterable[list[str]]) -> int | None:
        """The place of the row that names the most columns; None when none names any."""
        known = [len(self.guess(row)) for row in rows]
        most = max(known, default=0)
        return known.index(most) if most >= HEADING_CELLS else None
