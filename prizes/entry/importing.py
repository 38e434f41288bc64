"""Import of known prize entries: public sources only, each row names its own."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.session.requests import secretariat_only
from common.imports.cells import Vocabulary
from common.imports.columns import Column, Reader, Source, Wanted, one_line, one_of
from common.imports.importer import Importer, register
from common.imports.reader import clean_year, shown
from common.imports.storing import Changed, Made
from common.locks.advisory import Lock
from common.moves.models import StatusChange
from common.records.fields import Field
from common.records.models import Change
from common.text.folding import fold
from prizes.contest.models import Category, Contest
from prizes.entry.announcing import record_changes
from prizes.entry.fields import FIELDS
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from reference.action_line.models import ActionLine
from stocktaking.imports.headings import NAMES
from stocktaking.imports.importer import Organizations
from stocktaking.imports.rows import read_country
from stocktaking.project.models import Project

# A file has these; all other columns of the description may be missing.
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
REQUIRED = ("title", "source")
CHOSEN = ("year",)  # the page asks for this column too
OUTCOMES = [
    (status.value, status.label)
    for status in (Status.SUBMITTED, Status.NOMINATED, Status.CHAMPION, Status.WINNER)
]
NO_TITLE = "(project title not given in source)"

Key = tuple[int, int | None, str, str]


def key_of(contest: int, category: int | None, title: str, organization: str) -> Key:
    return contest, category, fold(title), fold(organization)


def names_of(entry: Entry) -> list[str]:
    """The organization as written, and by what it goes besides: it may have been renamed."""
    listed = entry.organization
    return [
        entry.organization_name,
        *([listed.name, *listed.aliases] if listed else ()),
    ]


# --- readers ---


def action_lines() -> Vocabulary:
    return Vocabulary.of(ActionLine.objects.filter(number__isnull=False))


def read_contest(source: Any, text: str, wanted: Wanted) -> int:
    year = clean_year(text)
    if year not in source.contests:
        raise ValidationError(
            _("There is no contest of the year “%(value)s”.") % {"value": shown(text)}
        )
    contest: int = source.contests[year]
    return contest


def read_category(source: Any, text: str, wanted: Wanted) -> int | None:
    """The category of an action line in the contest that was read before."""
    contest = wanted.fields.get("contest_id")
    code = source.once(action_lines).code(text) if text else None
    return source.categories.get((contest, code)) if contest and code else None


def read_title(source: Source, text: str, wanted: Wanted) -> str:
    return "" if text == NO_TITLE else " ".join(text.split())


READERS: dict[str, Reader] = {
    "year": read_contest,
    "category": read_category,
    "title": read_title,
    "organization": one_line,
    "country_iso2": read_country,
}


def column(field: Field) -> Column:
    own = {"read": READERS[field.column]} if field.column in READERS else {}
    return Column.of(
        Entry,
        field.column,
        field.attname,
        names=field.column_names or NAMES.get(field.column, ""),
        required=field.column in REQUIRED,
        chosen=field.column in CHOSEN,
        optional=field.column not in COLUMNS,
        **own,
    )


ENTRY_COLUMNS = (
    *(column(field) for field in FIELDS if field.column),
    Column(
        "outcome",
        gettext_lazy("Outcome"),
        "status",
        chosen=True,
        **one_of(OUTCOMES),
    ),
)


@register
class EntryImporter(Importer[Entry]):
    kind: ClassVar[str] = "prize-entries"
    title = gettext_lazy("Import prize entries")
    permission: ClassVar[str] = "prizes.change_entry"
    model = Entry
    columns = ENTRY_COLUMNS
    lock = Lock.PRIZES_IMPORT
    guard = secretariat_only
    repeated = gettext_lazy("Row %(row)d already contains this entry.")

    def begin(self) -> None:
        self.contests = {c.year: c.pk for c in Contest.objects.real()}
        categories = Category.objects.values_list("pk", "contest", "action_line")
        self.categories = {(contest, code): pk for pk, contest, code in categories}
        entries = Entry.objects.exclude(source="").select_related("organization")
        self.keys = {
            key_of(entry.contest_id, entry.category_id, entry.title, name): entry.pk
            for entry in entries.defer("words")
            for name in names_of(entry)
        }
        self.projects = Projects()

    def sentence_for_empty(self, column: Column) -> str:
        return _("Fill in this cell: every record needs a source and a name.")

    @staticmethod
    def _key(wanted: Wanted) -> Key:
        fields = wanted.fields
        return key_of(
            fields["contest_id"],
            fields["category_id"],
            fields["title"],
            fields["organization_name"],
        )

    def prepare(self, batch: list[Wanted]) -> None:
        keys = {self.keys.get(self._key(wanted)) for wanted in batch}
        entries = Entry.objects.select_for_update().defer("words")
        self.standing = entries.in_bulk(list(keys - {None}))

    def find(self, wanted: Wanted) -> Entry | None:
        key = self._key(wanted)
        self.require_once(wanted, key)
        wanted.fields |= self.projects.links(wanted.fields)
        return self.standing[self.keys[key]] if key in self.keys else None

    def build(self, wanted: Wanted) -> Entry:
        return Entry(**wanted.fields, announced=wanted.fields["status"])

    def compare(self, record: Entry, wanted: Wanted) -> Changed[Entry]:
        change = super().compare(record, wanted)
        listed = wanted.fields["organization_id"]
        if record.organization_id and record.organization_id == listed:
            # renamed since the file was written
            change.fields.pop("organization_name", None)
        if record.project_id and wanted.fields["project_id"] is None:
            # staff have said which project it is
            change.fields.pop("project_id", None)
        if change:
            change.fields["announced"] = wanted.fields["status"]
        return change

    def created(self, made: list[Made[Entry]]) -> None:
        entries = [one.record for one in made]
        self._log([(entry, Status.DRAFT.value) for entry in entries])
        record_changes(entries, Change.Kind.CREATE)

    def changed(self, changed: list[Changed[Entry]]) -> None:
        self._log(
            [
                (one.record, one.before["fields"].get("status", one.record.status))
                for one in changed
            ]
        )
        record_changes([one.record for one in changed], Change.Kind.UPDATE)

    def _log(self, rows: list[tuple[Entry, str]]) -> None:
        """The import move of each entry, with the status that it had before."""
        StatusChange.objects.bulk_create(
            StatusChange(
                record_kind="prizes.entry",
                record_id=entry.pk,
                move="import",
                source=source,
                target=entry.status,
                by=self.by,
            )
            for entry, source in rows
            if entry.status != source
        )

    def withdraw(self, entry: Entry) -> None:
        """It leaves the public log and goes, unless something points to it by now."""
        record_changes([entry], Change.Kind.DELETE)
        entry.delete()


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
