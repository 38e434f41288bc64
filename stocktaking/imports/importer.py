"""Import of projects: one for the command and for the page of the secretariat and agencies.

Which record a row means, what becomes public and what a draft, and what an undo takes back.
"""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.role.roles import Role
from accounts.session.requests import role_required
from common.imports.columns import Wanted
from common.imports.importer import Importer, register
from common.imports.models import ImportedRecord
from common.imports.storing import Changed, Made, read_anew
from common.locks.advisory import Lock
from common.moves.actors import Person
from common.moves.models import StatusChange
from common.records.models import Change
from common.text.detection import language_of
from common.text.folding import fold
from stocktaking.base.workflow import EDITABLE, Status
from stocktaking.imports.rows import PROJECT_COLUMNS, name_key, year_of
from stocktaking.organization.identity import Namesake, chosen, home_of
from stocktaking.organization.models import Organization
from stocktaking.project.fields import LISTS, OF_ORGANIZATION, PRIVATE, PUBLIC_FIELDS
from stocktaking.project.models import Project
from stocktaking.project.period import BEFORE_START
from stocktaking.project.workflow import BY_IMPORT


def name_of(wanted: Wanted) -> str:
    return name_key(wanted.fields["title"], wanted.fields["organization_name"])


def undone() -> set[int]:
    """Projects that an import made public and that are archived because it was undone.

    One that somebody published again and archived for a reason of its own is not among them.
    """
    put_back = ImportedRecord.objects.of(Project).filter(
        record_id=OuterRef("pk"),
        is_new=True,
        put_back_at__gte=OuterRef("archived_at"),
    )
    archived = Project.objects.filter(status=Status.ARCHIVED, successor=None)
    return set(archived.filter(Exists(put_back)).values_list("pk", flat=True))


class Register:
    """The projects that an import may meet, found by external identifier or by name."""

    def __init__(self) -> None:
        self.by_external_id: dict[str, int] = {}
        self.by_name: dict[str, list[tuple[int, str | None]]] = {}
        self.undone = undone()
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

    def may_mean(self, wanted: Wanted) -> list[int]:
        """The projects that a row may mean, to be locked before it is decided which."""
        external_id = self.by_external_id.get(wanted.fields.get("external_id", ""))
        namesakes = [pk for pk, _id in self.by_name.get(name_of(wanted), [])]
        return [*namesakes, *([external_id] if external_id else [])]

    def find(self, wanted: Wanted) -> int | None:
        """The project a row means, None when it is a new one. Raises ValidationError."""
        external_id = wanted.fields.get("external_id")
        if external_id in self.by_external_id:
            return self.by_external_id[external_id]
        namesakes = self.by_name.get(name_of(wanted), [])
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
        self.made: list[Any] = []  # of which an undo takes back what nothing uses
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
            row = Organization.objects.get_or_create_named(
                fields["organization_name"],
                country_id=fields["country_id"],
                stakeholder_type_id=fields["stakeholder_type_id"],
                stated=fields.get("organization_country_id"),
            )
            if row.pk not in self.names:
                self.made.append(row)
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


@register
class ProjectImporter(Importer[Project]):
    kind: ClassVar[str] = "projects"
    title = gettext_lazy("Import projects")
    permission: ClassVar[str] = "stocktaking.change_project"
    model = Project
    columns = PROJECT_COLUMNS
    links = LISTS
    lock = Lock.PROJECT_IMPORT
    guard = role_required(Role.AGENCY, Role.SECRETARIAT, Role.ADMINISTRATOR)
    withdrawal = "archive"
    repeated = gettext_lazy("Row %(row)d already contains this project.")

    @classmethod
    def lead(cls, user: Person) -> str:
        if user.is_secretariat:
            return ""
        return _("New projects become your drafts; you review and submit them.")

    # --- reading ---

    def begin(self) -> None:
        self.register = Register()
        self.organizations = Organizations()
        self.besides = self.organizations.made
        # name → first row, has external_id
        self.seen_names: dict[str, tuple[int, bool]] = {}

    def check(self, wanted: Wanted) -> None:
        wanted.fields |= year_of(wanted.fields)
        super().check(wanted)

    def check_record(self, record: Project, wanted: Wanted) -> None:
        if not record.is_in_order:
            raise ValidationError({"end_date": BEFORE_START})

    def column_of_rule(self, name: str) -> str:
        return "start_year" if name == "year" else "end_year"

    # --- which project ---

    def prepare(self, batch: list[Wanted]) -> None:
        keys = {pk for wanted in batch for pk in self.register.may_mean(wanted)}
        projects = Project.objects.select_for_update(no_key=True)
        self.standing = projects.prefetch_related(*LISTS).in_bulk(list(keys))

    def find(self, wanted: Wanted) -> Project | None:
        pk = self.register.find(wanted)
        self._refuse_repeated(wanted, pk)
        return self.standing[pk] if pk else None

    def _refuse_repeated(self, wanted: Wanted, pk: int | None) -> None:
        """Raises ValidationError when a row above meant the same project.

        Two rows of one name are two projects only when each has its own external identifier.
        """
        external_id = wanted.fields.get("external_id")
        name = name_of(wanted)
        same = self.seen.setdefault(pk or external_id or name, wanted.number)
        namesake, has_id = self.seen_names.setdefault(
            name, (wanted.number, bool(external_id))
        )
        if same == wanted.number and has_id and external_id:
            return
        first = min(same, namesake)
        if first != wanted.number:
            raise ValidationError(str(self.repeated) % {"row": first})

    def decide(
        self,
        wanted: Wanted,
        made: list[Made[Project]],
        changed: list[Changed[Project]],
    ) -> None:
        """A record that an undone import had brought in comes back as if for the first time."""
        project = self.find(wanted)
        if project and project.pk in self.register.undone and self._is_public(wanted):
            self.result.created += 1
            made.append(Made(project, wanted))
            return
        self.meet(project, wanted, made, changed)

    def compare(self, project: Project, wanted: Wanted) -> Changed[Project]:
        change = super().compare(project, wanted)
        if "organization_name" in change.fields and self._is_former_name(
            project, wanted
        ):
            del change.fields["organization_name"]
        return change

    def _is_former_name(self, project: Project, wanted: Wanted) -> bool:
        """A file that was written before the organization was renamed takes nothing back."""
        pk, name = project.organization_id, wanted.fields["organization_name"]
        if pk is None or not name or self.organizations.key_of(wanted) != pk:
            return False
        return self.organizations.is_other_name(pk, name)

    def require_changeable(self, project: Project, change: Changed[Project]) -> None:
        if self.is_staff:
            allowed = not project.owner or project.owner == self.by
        else:
            allowed = project.owner == self.by and project.status in EDITABLE
        if not allowed:
            raise ValidationError(
                _(
                    "A member submitted this project; only its owner or the secretariat can "
                    "change it, on its page."
                )
            )

    # --- writing ---

    def _is_public(self, wanted: Wanted) -> bool:
        """A record with a source is public at once; one without, and all that an agency brings,
        waits as its importer's draft."""
        return self.is_staff and bool(wanted.fields["source"])

    def build(self, wanted: Wanted) -> Project:
        public = self._is_public(wanted)
        now = timezone.now()
        unsaid: dict[str, Any] = {"year": now.year}
        if "language" not in wanted.fields:
            unsaid["language"] = language_of(
                wanted.fields["title"], wanted.fields.get("summary", "")
            )
        return Project(
            **unsaid | wanted.fields,
            owner=None if public else self.by,
            status=Status.PUBLISHED if public else Status.DRAFT,
            published_at=now if public else None,
        )

    def create(self, made: list[Made[Project]]) -> None:
        again = [one for one in made if one.record.pk]
        new = [one for one in made if not one.record.pk]
        for one in new:
            one.record.organization_id = self.organizations.key(one.wanted)
        if new:
            super().create(new)
        for one in again:
            self._bring_back(one.record, one.wanted)

    def created(self, made: list[Made[Project]]) -> None:
        public = [one.record for one in made if one.record.published_at]
        read_anew(public, LISTS)
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

    def _bring_back(self, project: Project, wanted: Wanted) -> None:
        """Under its number it says what the row says."""
        new = self.build(wanted)
        new.organization_id = self.organizations.key(wanted)
        for name in (*PUBLIC_FIELDS, *PRIVATE, "owner_id"):
            if name not in ("status", "image_alt"):
                setattr(project, name, getattr(new, name))
        project.save()
        for name in LISTS:
            getattr(project, name).set(wanted.links.get(name, []))
        moved = project.move("import_again", BY_IMPORT)
        moved.record_change(Change.Kind.PUBLISH, by=self.by)

    def before(self, record: Project, change: Changed[Project]) -> dict[str, Any]:
        before = super().before(record, change)
        before["fields"]["organization_id"] = record.organization_id
        return before

    def write(self, made: list[Made[Project]], changed: list[Changed[Project]]) -> None:
        for one in changed:
            if one.fields.keys() & OF_ORGANIZATION:
                key = self.organizations.key(one.wanted)
                one.record.organization_id = one.fields["organization_id"] = key
        super().write(made, changed)

    def changed(self, changed: list[Changed[Project]]) -> None:
        public = [
            one.record for one in changed if one.record.status == Status.PUBLISHED
        ]
        read_anew([one.record for one in changed if one.links], LISTS)
        prefetch_related_objects(public, *LISTS)  # of those that were not read before
        Project.record_changes(public, Change.Kind.UPDATE, by=self.by)

    # --- undo ---

    def withdraw(self, project: Project) -> None:
        """What was public is archived with its reason; a draft that nobody has read goes."""
        if project.status == Status.DRAFT and not project.version:
            project.delete()
        else:
            super().withdraw(project)

    def end_undo(self) -> None:
        Organization.objects.drop_unused(self.made_besides(Organization))
