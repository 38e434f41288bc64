"""Import of known prize entries from a CSV file: public sources only, each row names its own."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.user.models import User
from common.imports.cells import Vocabulary
from common.imports.command import only_import
from common.imports.reader import (
    CONTROL,
    ImportResult,
    Row,
    RowError,
    clean_year,
    read_rows,
    read_text,
    shown,
)
from common.locks.advisory import Lock
from common.moves.models import StatusChange
from common.records.models import Change
from common.text.folding import fold
from prizes.contest.models import Category, Contest
from prizes.entry.announcing import record_changes
from prizes.entry.fields import FIELDS, TEXT_COLUMNS
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from reference.action_line.models import ActionLine
from reference.country.imports import countries
from reference.term.models import StakeholderType
from stocktaking.imports.importer import Organizations
from stocktaking.project.models import Project

COLUMNS = (
    "year",
    "category",
    "title",
    "organization",
    "country_iso2",
    "stakeholder_type",
    "outcome",
    "source",
    "summary",
    "notes",
)
OUTCOMES = (Status.SUBMITTED, Status.NOMINATED, Status.CHAMPION, Status.WINNER)
NO_TITLE = "(project title not given in source)"
INTERNATIONAL, LISTED_AS_INTERNATIONAL = "INTL", "listed as international"
EXTRA_COLUMNS = tuple(
    field.column for field in FIELDS if field.column and field.column not in COLUMNS
)
REQUIRED = {"title", "source"}

Key = tuple[int, int | None, str, str]


@dataclass(frozen=True)
class Wanted:
    """What a good row wants, by field."""

    number: int
    fields: dict[str, Any]

    @property
    def key(self) -> Key:
        return key_of(
            self.fields["contest_id"],
            self.fields["category_id"],
            self.fields["title"],
            self.fields["organization_name"],
        )


def key_of(contest: int, category: int | None, title: str, organization: str) -> Key:
    return contest, category, fold(title), fold(organization)


def names_of(entry: Entry) -> list[str]:
    """The organization as written, and by what it goes besides: it may have been renamed."""
    listed = entry.organization
    return [
        entry.organization_name,
        *([listed.name, *listed.aliases] if listed else ()),
    ]


def import_prize_entries(
    file: BinaryIO,
    *,
    dry_run: bool = False,
    by: User | None = None,
    only_new: bool = False,
) -> ImportResult:
    """Bring the rows of a CSV file into the contests. A row that changes nothing writes nothing.

    Raises ValidationError when the file as a whole cannot be read or another import is running.
    """
    text = read_text(file)
    deque(
        read_rows(text, COLUMNS, EXTRA_COLUMNS), maxlen=0
    )  # readable as a whole before anything is saved
    with only_import(Lock.PRIZES_IMPORT), transaction.atomic():
        importer = Importer(by, dry_run, only_new)
        importer.take(read_rows(text, COLUMNS, EXTRA_COLUMNS))
    return importer.result


class RowReader:
    """Cells → fields; holds contests and vocabularies while a file is read."""

    def __init__(self) -> None:
        self.contests = {c.year: c.pk for c in Contest.objects.real()}
        self.categories = {
            (contest, code): pk
            for pk, contest, code in Category.objects.values_list(
                "pk", "contest", "action_line"
            )
        }
        self.lines = Vocabulary.of(ActionLine.objects.filter(number__isnull=False))
        self.types = Vocabulary.of(StakeholderType._default_manager.all())
        self.country = countries()

    def read(self, row: Row) -> Wanted | list[RowError]:
        """The fields of a row, or an error for each cell that is refused."""
        errors: list[RowError] = []
        fields: dict[str, Any] = {}
        # the year comes first: the category needs its contest
        for column in filter(row.cells.__contains__, (*COLUMNS, *EXTRA_COLUMNS)):
            try:
                fields |= self._cell(column, row.cells[column], row, fields)
            except ValidationError as error:
                errors.append(RowError(row.number, column, " ".join(error.messages)))
        return errors or Wanted(row.number, fields)

    def _cell(
        self, column: str, text: str, row: Row, fields: dict[str, Any]
    ) -> dict[str, Any]:
        """The field of one cell. Raises ValidationError."""
        if CONTROL.search(text):
            raise ValidationError(_("This cell contains a control character."))
        match column:
            case "year":
                return {"contest_id": self._contest(text)}
            case "category":
                return {"category_id": self._category(text, fields.get("contest_id"))}
            case "outcome":
                return {"status": self._outcome(text)}
            case "stakeholder_type":
                return {"stakeholder_type_id": self.types.code(text) if text else None}
            case "country_iso2":
                return {"country_id": self._country(text, row.cells["notes"])}
        return self._text(column, text)

    def _category(self, text: str, contest: int | None) -> int | None:
        code = self.lines.code(text) if text else None
        return self.categories.get((contest, code)) if contest and code else None

    @staticmethod
    def _outcome(text: str) -> str:
        if text.lower() not in OUTCOMES:
            raise ValidationError(
                _(
                    "Enter one of submitted, nominated, champion or winner, not “%(value)s”."
                )
                % {"value": shown(text)}
            )
        return text.lower()

    def _country(self, text: str, notes: str) -> str | None:
        if not text and LISTED_AS_INTERNATIONAL in notes:
            return INTERNATIONAL
        return self.country.code(text) if text else None

    def _contest(self, text: str) -> int:
        year = clean_year(text)
        if year not in self.contests:
            raise ValidationError(
                _("There is no contest of the year “%(value)s”.")
                % {"value": shown(text)}
            )
        return self.contests[year]

    @staticmethod
    def _text(column: str, text: str) -> dict[str, str]:
        name = TEXT_COLUMNS[column]
        if column in REQUIRED and not text:
            raise ValidationError(
                _("Fill in this cell: every record needs a source and a name.")
            )
        if column in {"title", "organization"}:
            text = " ".join(text.split())
        field = Entry._meta.get_field(name)
        MaxLengthValidator(field.max_length)(text)  # type: ignore[union-attr]  # a text
        return {name: "" if text == NO_TITLE else text}


class Importer:
    """Decides row by row what is new, changed or the same, and writes it unless `dry_run`."""

    def __init__(self, by: User | None, dry_run: bool, only_new: bool) -> None:
        self.by, self.dry_run, self.only_new = by, dry_run, only_new
        self.result = ImportResult()
        self.reader = RowReader()
        self.seen: dict[Key, int] = {}
        self.known = {
            key_of(e.contest_id, e.category_id, e.title, name): e
            for e in Entry.objects.exclude(source="")
            .defer("words")
            .select_related("organization")
            for name in names_of(e)
        }
        self.projects = Projects()

    def take(self, rows: Iterator[Row | RowError]) -> None:
        new: list[Wanted] = []
        for row in rows:
            wanted = [row] if isinstance(row, RowError) else self.reader.read(row)
            if isinstance(wanted, Wanted) and wanted.key in self.seen:
                first = _("Row %(row)d already contains this entry.") % {
                    "row": self.seen[wanted.key]
                }
                wanted = [RowError(wanted.number, "title", first)]
            if not isinstance(wanted, Wanted):
                self.result.refuse(wanted)
                continue
            self.seen[wanted.key] = wanted.number
            wanted.fields.update(self.projects.links(wanted.fields))
            if entry := self.known.get(wanted.key):
                self._meet(entry, wanted)
            else:
                new.append(wanted)
        self._create(new)

    def _create(self, rows: list[Wanted]) -> None:
        self.result.created += len(rows)
        if self.dry_run or not rows:
            return
        entries = Entry.objects.bulk_create(
            [Entry(**row.fields, announced=row.fields["status"]) for row in rows]
        )
        self._log(entries, Change.Kind.CREATE)

    def _meet(self, entry: Entry, wanted: Wanted) -> None:
        changed = {n: v for n, v in wanted.fields.items() if getattr(entry, n) != v}
        if (
            entry.organization_id
            and entry.organization_id == wanted.fields["organization_id"]
        ):
            changed.pop("organization_name", None)  # renamed since the file was written
        if self.only_new or not changed:
            self.result.unchanged += 1
            return
        self.result.updated += 1
        if self.dry_run:
            return
        source = entry.status
        for name, value in (changed | {"announced": wanted.fields["status"]}).items():
            setattr(entry, name, value)
        entry.save()
        self._log([entry], Change.Kind.UPDATE, source)

    def _log(self, entries: list[Entry], kind: str, source: str = Status.DRAFT) -> None:
        StatusChange.objects.bulk_create(
            StatusChange(
                record_kind="prizes.entry",
                record_id=entry.pk,
                move="import",
                source=source,
                target=entry.status,
                by=self.by,
            )
            for entry in entries
            if entry.status != source
        )
        record_changes(entries, kind)


class Projects:
    """Stocktaking projects by title and organization: an entry points to its project.

    The organization is the listed one, or the name as it is written in the same country.
    """

    def __init__(self) -> None:
        self.organizations = Organizations()
        self.listed: dict[tuple[str, int], tuple[int, int | None]] = {}
        self.written: dict[tuple[str, str, str | None], tuple[int, int | None]] = {}
        rows = Project.objects.published().values_list(
            "pk", "title", "organization_name", "organization", "country"
        )
        for pk, title, name, organization, country in rows.order_by("-pk"):
            if organization:
                self.listed[fold(title), organization] = pk, organization
            self.written[fold(title), fold(name), country] = pk, organization

    def links(self, fields: dict[str, Any]) -> dict[str, Any]:
        title, name = fold(fields["title"]), fields["organization_name"]
        organization = name and self.organizations.find(
            name, fields["country_id"], fields["stakeholder_type_id"]
        )
        project, its = (
            (organization and self.listed.get((title, organization)))
            or self.written.get((title, fold(name), fields["country_id"]))
            or (None, None)
        )
        return {"project_id": project, "organization_id": its or organization or None}
