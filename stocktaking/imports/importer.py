"""Import of projects from a CSV file: one importer for the command and the staff page.

Good rows are saved even when others are refused; a row that changes nothing writes nothing.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.user.models import User
from common.imports.command import only_import
from common.imports.reader import ImportResult, Row, RowError, read_rows, read_text
from common.locks.advisory import Lock
from common.moves.models import StatusChange
from common.records.models import Change
from common.text.detection import language_of
from common.text.folding import fold
from stocktaking.base.workflow import Status
from stocktaking.imports.models import ImportedRecord
from stocktaking.imports.rows import (
    COLUMNS,
    EXTRA_COLUMNS,
    LINKS,
    RowReader,
    Wanted,
    name_key,
)
from stocktaking.organization.identity import Namesake, chosen, home_of
from stocktaking.organization.models import Organization
from stocktaking.project.fields import OF_ORGANIZATION, PRIVATE, PUBLIC_FIELDS
from stocktaking.project.models import Project
from stocktaking.project.workflow import BY_IMPORT

BATCH = 200  # rows of one transaction: readers of the change log wait for it


def import_projects(
    file: BinaryIO,
    *,
    dry_run: bool = False,
    by: User | None = None,
    only_new: bool = False,
    importer: "Importer | None" = None,
    tell: Callable[[int], None] | None = None,
) -> ImportResult:
    """Bring the rows of a CSV file into the register.

    `by` is the person who imports, None for the portal itself. With `only_new`, records that
    are there already are left as they are. `importer` is one of another kind, and `tell` is
    called with the percentage after each batch. Raises ValidationError when the file as a whole
    cannot be read (too large, not UTF-8, wrong columns) or another import is running.
    """
    text = read_text(file)
    # the whole file is readable before its first row is saved
    total = sum(1 for _row in read_rows(text, COLUMNS, EXTRA_COLUMNS))
    with only_import(Lock.PROJECT_IMPORT):
        importer = importer or Importer(by, dry_run, only_new)
        importer.begin()
        rows, taken = read_rows(text, COLUMNS, EXTRA_COLUMNS), 0
        while batch := list(islice(rows, BATCH)):
            importer.take(batch)
            taken += len(batch)
            if tell:
                tell(99 * taken // total)
    return importer.result


class Register:
    """The projects that an import may meet, found by external identifier or by name."""

    def __init__(self) -> None:
        self.by_external_id: dict[str, int] = {}
        self.by_name: dict[str, list[tuple[int, str | None]]] = {}
        self.undone = ImportedRecord.objects.undone()
        rows = Project.objects.values_list(
            "pk",
            "external_id",
            "title",
            "organization_name",
            "organization__name",
            "organization__aliases",
        )
        for pk, external_id, title, written, name, aliases in rows.order_by(
            "pk"
        ).iterator():
            if external_id:
                self.by_external_id[external_id] = pk
            names = [written, *([name, *aliases] if name else ())]
            for key in {name_key(title, organization) for organization in names}:
                self.by_name.setdefault(key, []).append((pk, external_id))

    def find(self, wanted: Wanted) -> int | None:
        """The project a row means, None when it is a new one. Raises ValidationError."""
        external_id = wanted.fields.get("external_id")
        if external_id in self.by_external_id:
            return self.by_external_id[external_id]
        namesakes = self.by_name.get(wanted.name, [])
        if external_id:  # another identifier is another project, though the names agree
            namesakes = [(pk, other) for pk, other in namesakes if not other]
        if len(namesakes) > 1:  # what an undone import has left stands in nobody's way
            namesakes = [
                pair for pair in namesakes if pair[0] not in self.undone
            ] or namesakes[:1]
        if len(namesakes) > 1:
            raise ValidationError(
                _(
                    "Several projects have this title and organization: enter the external_id."
                )
            )
        return namesakes[0][0] if namesakes else None


class Organizations:
    """The authority list by name, alias and country, filled with what a file brings."""

    def __init__(self) -> None:
        self.namesakes: dict[str, list[Namesake]] = {}
        self.successors: dict[int, int] = {}
        self.names: dict[int, str] = {}
        for row in Organization.objects.order_by("pk"):
            self._add(row)

    def _add(self, row: Organization) -> None:
        self.names[row.pk] = fold(row.name)
        if row.successor_id:
            self.successors[row.pk] = row.successor_id
        for name in {fold(name): name for name in (*row.aliases, row.name)}.values():
            self.namesakes.setdefault(fold(name), []).append(row.as_namesake(name))

    def find(
        self,
        name: str,
        country: str | None,
        stakeholder_type: str | None,
        stated: str | None = None,
    ) -> int | None:
        """The organization of this name at home there; None when it is not listed."""
        home = home_of(country, stakeholder_type, stated)
        pk = chosen(self.namesakes.get(fold(name), ()), home)
        return self.successors.get(pk, pk) if pk else None

    def key(self, wanted: Wanted) -> int | None:
        """The organization of a row; a new one waits for the secretariat to confirm it."""
        fields = wanted.fields
        if not fields["organization_name"]:
            return None
        found = self.key_of(wanted)
        if found is None:
            row = Organization.objects.going_by(
                fields["organization_name"],
                country_id=fields["country_id"],
                stakeholder_type_id=fields["stakeholder_type_id"],
                stated=fields.get("organization_country_id"),
            )
            self._add(row)
            found = row.pk
        return found

    def key_of(self, wanted: Wanted) -> int | None:
        """The organization of a row, if it is listed."""
        fields = wanted.fields
        return self.find(
            fields["organization_name"],
            fields["country_id"],
            fields["stakeholder_type_id"],
            fields.get("organization_country_id"),
        )

    def is_other_name(self, pk: int, name: str) -> bool:
        """Whether the organization has a name by now that is not this one."""
        return self.names.get(pk) != fold(name)


class Importer:
    """Decides row by row what is new, changed or the same, and writes it unless `dry_run`."""

    def __init__(self, by: User | None, dry_run: bool, only_new: bool) -> None:
        self.by, self.dry_run, self.only_new = by, dry_run, only_new
        self.result = ImportResult()

    def begin(self) -> None:
        """Read what the rows are compared with, once no other import can change it."""
        self.reader = RowReader()
        self.register = Register()
        self.organizations = Organizations()
        self.seen: dict[str | int, int] = {}  # identity → first row that has it
        self.seen_names: dict[
            str, tuple[int, bool]
        ] = {}  # name → first row, has external_id

    def take(self, rows: Iterable[Row | RowError]) -> None:
        """Bring in one batch of rows, in one transaction."""
        found = [pair for row in rows if (pair := self._understand(row))]
        with transaction.atomic():
            projects = Project.objects.select_for_update(no_key=True).prefetch_related(
                *LINKS
            )
            standing = projects.in_bulk([pk for _wanted, pk in found if pk])
            for wanted, pk in found:
                if pk:
                    self._meet(standing[pk], wanted)
            self._create([wanted for wanted, pk in found if not pk])

    def _understand(self, row: Row | RowError) -> tuple[Wanted, int | None] | None:
        """What a row wants and the project it means; None when it was refused."""
        wanted = [row] if isinstance(row, RowError) else self.reader.read(row)
        if isinstance(wanted, list):
            self.result.refuse(wanted)
            return None
        try:
            pk = self.register.find(wanted)
            self._refuse_repeated(wanted, pk)
        except ValidationError as error:
            self.result.refuse(
                [RowError(wanted.number, "title", " ".join(error.messages))]
            )
            return None
        return wanted, pk

    def _refuse_repeated(self, wanted: Wanted, pk: int | None) -> None:
        """Raises ValidationError when a row above meant the same project.

        Two rows of one name are two projects only when each has its own external identifier.
        """
        external_id = wanted.fields.get("external_id")
        same = self.seen.setdefault(pk or external_id or wanted.name, wanted.number)
        namesake, has_id = self.seen_names.setdefault(
            wanted.name, (wanted.number, bool(external_id))
        )
        if same == wanted.number and has_id and external_id:
            return
        first = min(same, namesake)
        if first != wanted.number:
            raise ValidationError(
                _("Row %(row)d already contains this project.") % {"row": first}
            )

    def _create(self, rows: list[Wanted]) -> list[Project]:
        """A record with a source is public at once; one without waits as its importer's draft."""
        self.result.created += len(rows)
        if self.dry_run or not rows:
            return []
        projects = Project.objects.bulk_create([self._new(wanted) for wanted in rows])
        for name in LINKS:
            table = getattr(Project, name).through
            codes = table._meta.get_fields()[-1].attname  # id, project, term
            table.objects.bulk_create(
                table(**{"project_id": project.pk, codes: code})
                for project, wanted in zip(projects, rows, strict=True)
                for code in wanted.links.get(name, [])
            )
        public = [project for project in projects if project.published_at]
        prefetch_related_objects(public, *LINKS)
        StatusChange.objects.bulk_create(
            StatusChange(
                record_kind="stocktaking.project",
                record_id=project.pk,
                move="import",
                source=Status.DRAFT,
                target=Status.PUBLISHED,
                by=self.by,
            )
            for project in public
        )
        Project.record_changes(public, Change.Kind.CREATE, by=self.by)
        return projects

    def _is_public(self, wanted: Wanted) -> bool:
        return bool(wanted.fields["source"])

    def _may_change(self, project: Project) -> bool:
        return not project.owner or project.owner == self.by

    def _new(self, wanted: Wanted) -> Project:
        public = self._is_public(wanted)
        now = timezone.now()
        unsaid: dict[str, Any] = {"year": now.year}
        if "language" not in wanted.fields:
            unsaid["language"] = language_of(
                wanted.fields["title"], wanted.fields.get("summary", "")
            )
        return Project(
            **unsaid | wanted.fields,
            organization_id=self.organizations.key(wanted),
            owner=None if public else self.by,
            status=Status.PUBLISHED if public else Status.DRAFT,
            published_at=now if public else None,
        )

    def _meet(self, project: Project, wanted: Wanted) -> None:
        """A record that stands already: changed only where the row says something else."""
        fields = {
            name: value
            for name, value in wanted.fields.items()
            if getattr(project, name) != value
        }
        links = {
            name: codes
            for name, codes in wanted.links.items()
            if {term.pk for term in getattr(project, name).all()} != set(codes)
        }
        if "organization_name" in fields and self._is_former_name(project, wanted):
            del fields["organization_name"]
        if project.pk in self.register.undone and self._is_public(wanted):
            self.result.created += 1
            if not self.dry_run:
                self._bring_back(project, wanted)
        elif self.only_new or not (fields or links):
            self.result.unchanged += 1
        elif not self._may_change(project):
            message = _(
                "A member submitted this project; only its owner or the secretariat can "
                "change it, on its page."
            )
            self.result.refuse([RowError(wanted.number, "title", message)])
        else:
            self.result.updated += 1
            if not self.dry_run:
                self._update(project, wanted, fields, links)

    def _is_former_name(self, project: Project, wanted: Wanted) -> bool:
        """A file that was written before the organization was renamed takes nothing back."""
        pk, name = project.organization_id, wanted.fields["organization_name"]
        if pk is None or not name or self.organizations.key_of(wanted) != pk:
            return False
        return self.organizations.is_other_name(pk, name)

    def _bring_back(self, project: Project, wanted: Wanted) -> None:
        """A record that an undone import had brought in: under its number it says what the row
        says, as if it came in for the first time."""
        new = self._new(wanted)
        for name in (*PUBLIC_FIELDS, *PRIVATE, "owner_id"):
            if name not in ("status", "image_alt"):
                setattr(project, name, getattr(new, name))
        project.save()
        for name in LINKS:
            getattr(project, name).set(wanted.links.get(name, []))
        moved = project.move("import_again", BY_IMPORT)
        moved.record_change(Change.Kind.PUBLISH, by=self.by)
        project.status, project.version = moved.status, moved.version
        project.updated_at = moved.updated_at

    def _update(
        self,
        project: Project,
        wanted: Wanted,
        fields: dict[str, Any],
        links: dict[str, list[str]],
    ) -> None:
        if fields.keys() & OF_ORGANIZATION:
            fields["organization_id"] = self.organizations.key(wanted)
        for name, value in fields.items():
            setattr(project, name, value)
        project.save()
        for name, codes in links.items():
            getattr(project, name).set(codes)
        if project.status == Status.PUBLISHED:
            project.record_change(Change.Kind.UPDATE, by=self.by)
