"""One engine for all imports: read, map, check, write in batches, remember, put back.

A kind of import is a class that names its model, its columns and its lock, and says what is its
own: which record a row means, and what follows when records are made or changed. Good rows are
saved even when others are refused; a row that changes nothing writes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, BinaryIO, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import connection, models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.imports.columns import (
    Column,
    Headings,
    Kept,
    Wanted,
    refuse_control,
)
from common.imports.models import ImportJob
from common.imports.reader import (
    ImportResult,
    Question,
    Row,
    RowError,
    read_rows,
    read_text,
)
from common.imports.storing import Changed, M, Made, Store
from common.locks.advisory import Lock
from common.moves.actors import Person
from common.moves.workflow import MoveRefused

Views = Callable[[Callable[..., Any]], Callable[..., Any]]
IMPORTERS: dict[str, "type[Importer[Any]]"] = {}  # by the word in their address
MOST_QUESTIONS = 300  # that one file may leave open


def register(importer: "type[Importer[Any]]") -> "type[Importer[Any]]":
    """Give an import its pages, its jobs and its place on the desk."""
    IMPORTERS[importer.kind] = importer
    return importer


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


class Importer(Store[M]):
    """Decides row by row what is new, changed or the same, and writes it unless `dry_run`."""

    kind: ClassVar[str]
    title: ClassVar[str | Promise]
    permission: ClassVar[str]  # of the staff whose desk shows it
    columns: ClassVar[Sequence[Column]]
    lock: ClassVar[Lock]
    guard: ClassVar[Views]  # opens its pages to those who may import
    batch: ClassVar[int] = 200  # rows of a transaction: readers of the log wait for it
    identity: ClassVar[str] = "title"  # the column that says which record a row means
    repeated: ClassVar[str | Promise] = gettext_lazy(
        "Row %(row)d already contains this record."
    )

    def __init__(
        self,
        by: "Person | None" = None,
        *,
        dry_run: bool = False,
        only_new: bool = False,
        job: ImportJob | None = None,
    ) -> None:
        """`by` is the person who imports, None for the portal itself. With `only_new`, records
        that are there already are left as they are. `job` remembers what is done."""
        super().__init__(by, job)
        self.dry_run, self.only_new = dry_run, only_new
        self.result = ImportResult()
        self.seen: dict[Any, int] = {}  # identity → first row that has it
        self.kept: dict[Callable[[], Any], Any] = {}  # by the function that made it
        self.questions: dict[str, Question] = {}

    # --- the file ---

    @classmethod
    def import_file(
        cls, file: BinaryIO, by: "Person | None" = None, **options: Any
    ) -> ImportResult:
        """Bring in the rows of a CSV file whose columns have our own names.

        Raises ValidationError when the file as a whole cannot be read (too large, no text, wrong
        columns) or another import is running; then nothing is saved.
        """
        needed = [column.name for column in cls.columns if not column.optional]
        extra = [column.name for column in cls.columns if column.optional]
        rows = list(read_rows(read_text(file), needed, extra))
        with only_import(cls.lock):
            importer = cls(by, **options)
            importer.run(rows)
        return importer.result

    @classmethod
    @cache
    def headings(cls) -> Headings:
        return Headings(cls.columns)

    @classmethod
    def label_of(cls, name: str) -> str:
        """The words of the page for a column of ours; another name is shown as it is."""
        return next((str(c.label) for c in cls.columns if c.name == name), name)

    @classmethod
    def lead(cls, user: Person) -> str:
        """What the page says first to this person; "" nothing."""
        return ""

    # --- the run ---

    def run(
        self,
        rows: Sequence[Row | RowError],
        tell: Callable[[int], None] | None = None,
    ) -> None:
        """Bring in all rows; `tell` is called with the percentage after each batch."""
        self.begin()
        for start in range(0, len(rows), self.batch):
            self.take(rows[start : start + self.batch])
            if tell:
                tell(99 * min(start + self.batch, len(rows)) // len(rows))
        self.result.errors.sort(key=lambda error: error.row)

    def begin(self) -> None:
        """Read what the rows are compared with, once no other import can change it."""

    def take(self, rows: Iterable[Row | RowError]) -> None:
        """Bring in one batch of rows, in one transaction."""
        batch = [wanted for row in rows if (wanted := self.understand(row))]
        for part in self.parts(batch):
            with transaction.atomic():
                self.bring(part)

    def parts(self, batch: list[Wanted]) -> Iterable[list[Wanted]]:
        """What of a batch is stored together."""
        return [batch]

    def bring(self, batch: list[Wanted]) -> None:
        self.prepare(batch)
        made: list[Made[M]] = []
        changed: list[Changed[M]] = []
        for wanted in batch:
            try:
                self.decide(wanted, made, changed)
            except MoveRefused as error:
                self.refuse(wanted, ValidationError(str(error.message)))
            except ValidationError as error:
                self.refuse(wanted, error)
        if not self.dry_run:
            self.write(made, changed)

    def understand(self, row: Row | RowError) -> Wanted | None:
        """What a row wants; None when it was refused."""
        if isinstance(row, RowError):
            self.result.refuse([row])
            return None
        wanted = Wanted(row.number, row.cells)
        for column in self.columns:
            if column.name in row.cells:
                self.read_cell(column, row.cells[column.name], wanted)
        self.check(wanted)
        if wanted.errors:
            self.result.refuse(self._in_order(wanted))
            return None
        return wanted

    @staticmethod
    def _in_order(wanted: Wanted) -> list[RowError]:
        """A sentence for each refused cell, in the order of the file."""
        order = dict.fromkeys([*wanted.cells, *wanted.errors])
        return [
            RowError(wanted.number, name, wanted.errors[name])
            for name in order
            if name in wanted.errors
        ]

    def read_cell(self, column: Column, text: str, wanted: Wanted) -> None:
        """Put the value of one cell where it belongs, or keep what is wrong with it."""
        try:
            refuse_control(text)
            if column.required and not text:
                raise ValidationError(self.sentence_for_empty(column))
            if column.read:
                value = column.read(self, text, wanted)
            else:
                value = text or self.default_of(column)
            if column.into != "nothing":
                self.require_length(column, value)
                getattr(wanted, column.into)[column.target] = value
        except ValidationError as error:
            wanted.refuse(column.name, error)

    def sentence_for_empty(self, column: Column) -> str:
        return _("Fill in this cell.")

    def default_of(self, column: Column) -> str:
        """What an empty cell of plain text means."""
        field = self.model._meta.get_field(column.target)
        default = getattr(field, "default", models.NOT_PROVIDED)
        return default if isinstance(default, str) else ""

    def require_length(self, column: Column, value: object) -> None:
        """Django holds a text area to its limit in forms only. Raises ValidationError."""
        if column.into != "fields" or not isinstance(value, str):
            return
        field = self.model._meta.get_field(column.target)
        if isinstance(field, models.TextField) and field.max_length:
            MaxLengthValidator(field.max_length)(value)

    def check(self, wanted: Wanted) -> None:
        """What the model's own rules say; keys of vocabularies are known to be good."""
        keys = {
            name
            for field in self.model._meta.concrete_fields
            if field.is_relation
            for name in (field.name, field.attname)
        }
        record = self.model(**wanted.fields)
        read = wanted.fields.keys() - keys
        skipped = {f.name for f in record._meta.fields if f.name not in read}
        try:
            record.clean_fields(exclude=skipped)
            self.check_record(record, wanted)
        except ValidationError as error:
            column_of = {column.target: column.name for column in self.columns}
            for name, sentences in error.message_dict.items():
                column = column_of.get(name, self.column_of_rule(name))
                wanted.refuse(column, " ".join(sentences))

    def check_record(self, record: Any, wanted: Wanted) -> None:
        """Rules over several fields. Raises ValidationError by field."""

    def column_of_rule(self, name: str) -> str:
        """The column to which a sentence belongs that names no field of a column."""
        return self.identity

    def refuse(self, wanted: Wanted, error: ValidationError) -> None:
        by_column = (
            error.message_dict
            if hasattr(error, "error_dict")
            else {self.identity: error.messages}
        )
        for column, sentences in by_column.items():
            wanted.refuse(column, " ".join(sentences))
        self.result.refuse(self._in_order(wanted))

    def once(self, make: Callable[[], Kept]) -> Kept:
        """What `make` gives, such as a vocabulary; it is called once for an import."""
        if make not in self.kept:
            self.kept[make] = make()
        return self.kept[make]  # type: ignore[no-any-return]  # of this function

    def ask(self, question: Question) -> str:
        """What was decided on the page of the check; "" while that is to come. Raises
        ValidationError when something is to be written and the file leaves open more, or
        another thing, than its check had said."""
        self.questions[question.key] = question
        if len(self.questions) > MOST_QUESTIONS:
            sentence = _(
                "The file leaves more than %(limit)d questions open. Split it."
            )
            raise ValidationError(sentence % {"limit": MOST_QUESTIONS})
        answer = self.job.decisions.get(question.key, "") if self.job else ""
        if question.takes(answer):
            return str(answer)
        if not self.dry_run:
            raise ValidationError(
                _(
                    "Records have changed since the file was checked, and there is more to decide. "
                    "Upload the file again."
                )
            )
        return ""

    # --- which record, and what is different in it ---

    def prepare(self, batch: list[Wanted]) -> None:
        """Load the records that these rows may mean, and lock them."""

    def find(self, wanted: Wanted) -> M | None:
        """The record a row means, None when it is a new one. Raises ValidationError."""
        raise NotImplementedError

    def require_once(self, wanted: Wanted, *identities: object) -> None:
        """Raises ValidationError when a row above meant the same record."""
        first = min(self.seen.setdefault(key, wanted.number) for key in identities)
        if first != wanted.number:
            raise ValidationError(str(self.repeated) % {"row": first})

    def decide(
        self, wanted: Wanted, made: list[Made[M]], changed: list[Changed[M]]
    ) -> None:
        """Whether a row is new, changed or the same. Raises ValidationError."""
        self.meet(self.find(wanted), wanted, made, changed)

    def meet(
        self,
        record: M | None,
        wanted: Wanted,
        made: list[Made[M]],
        changed: list[Changed[M]],
    ) -> None:
        if record is None:
            made.append(Made(self.build(wanted), wanted))
            self.result.created += 1
            return
        change = self.compare(record, wanted)
        if self.only_new or not change:
            self.result.unchanged += 1
            return
        self.require_changeable(record, change)
        change.before = self.before(record, change)
        for name, value in change.fields.items():
            setattr(record, name, value)
        changed.append(change)
        self.result.updated += 1

    def build(self, wanted: Wanted) -> M:
        """A new record in memory; nothing is written yet. Raises ValidationError."""
        return self.model(**wanted.fields)  # type: ignore[return-value]  # the kind's own

    def compare(self, record: M, wanted: Wanted) -> Changed[M]:
        """What a row says otherwise than the record."""
        fields = {
            name: value
            for name, value in wanted.fields.items()
            if getattr(record, name) != value
        }
        standing = self.links_of(record)
        links = {
            name: keys
            for name, keys in wanted.links.items()
            if not self.is_same(name, standing[name], keys)
        }
        return Changed(record, wanted, fields, links)

    def is_same(self, name: str, standing: list[Any], keys: list[Any]) -> bool:
        return set(standing) == set(keys)

    def require_changeable(self, record: M, change: Changed[M]) -> None:
        """Raises ValidationError for a record, or a change, that is not for a file to make."""
