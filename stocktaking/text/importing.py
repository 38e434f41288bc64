"""Import of machine translations from a CSV file (docs/import.md); the portal calls no machine."""

import re
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.session.requests import secretariat_only
from common.imports.columns import Column, Source, Wanted
from common.imports.importer import Importer, register
from common.imports.reader import shown
from common.imports.storing import Changed, Made
from common.locks.advisory import Lock
from common.moves.models import StatusChange
from common.records.models import Change
from stocktaking.base.workflow import Status
from stocktaking.project.content import texts_hash
from stocktaking.project.fields import LISTS, TEXT_FIELDS
from stocktaking.project.models import Project
from stocktaking.text.models import ProjectText
from stocktaking.text.workflow import TextStatus

NUMBER = re.compile(r"WSIS-[0-9]{4}-([0-9]{1,18})")


def read_project(source: Source, text: str, wanted: Wanted) -> dict[str, Any]:
    """What finds the project: its number or its external identifier."""
    number = NUMBER.fullmatch(text)
    return {"pk": int(number[1])} if number else {"external_id": text}


TEXT_COLUMNS = (
    Column.of(ProjectText, "project", read=read_project, into="more", chosen=True),
    Column.of(ProjectText, "language", required=True),
    Column.of(ProjectText, "engine", required=True),
    Column.of(ProjectText, "title", required=True),
    Column.of(ProjectText, "summary"),
    *(
        Column.of(ProjectText, name, optional=True)
        for name in TEXT_FIELDS
        if name not in ("title", "summary")
    ),
)


@register
class TextImporter(Importer[ProjectText]):
    """A row for each entry and language; a newer text takes the place of the older."""

    kind: ClassVar[str] = "texts"
    title = gettext_lazy("Import machine translations")
    permission: ClassVar[str] = "stocktaking.change_projecttext"
    model = ProjectText
    columns = TEXT_COLUMNS
    lock = Lock.TEXT_IMPORT
    guard = secretariat_only
    withdrawal = "take_down"
    identity = "project"
    repeated = gettext_lazy("Row %(row)d already contains this text.")

    def prepare(self, batch: list[Wanted]) -> None:
        keys = [wanted.more["project"] for wanted in batch]
        named = Q(pk__in=[key["pk"] for key in keys if "pk" in key])
        given = Q(external_id__in=[key.get("external_id") for key in keys])
        locked = Project.objects.select_for_update().filter(named | given)
        projects = list(locked.order_by("pk"))
        self.projects: dict[Any, Project] = {one.pk: one for one in projects}
        self.projects |= {one.external_id: one for one in projects if one.external_id}
        texts = ProjectText.objects.filter(
            project__in=projects, status=TextStatus.SHOWN
        )
        self.standing = {(text.project_id, text.language): text for text in texts}

    def find(self, wanted: Wanted) -> ProjectText | None:
        (key,) = wanted.more["project"].values()
        project = self.projects.get(key)
        if project is None:
            raise ValidationError(
                _(
                    "There is no project “%(value)s”: enter its number or its external identifier."
                )
                % {"value": shown(wanted.cells["project"])}
            )
        language = wanted.fields["language"]
        ProjectText.objects.refuse_misplaced(project, language)
        self.require_once(wanted, (project.pk, language))
        wanted.fields |= {"project_id": project.pk, "original": texts_hash(project)}
        wanted.more["version"] = project.version
        return self.standing.get((project.pk, language))

    def build(self, wanted: Wanted) -> ProjectText:
        return ProjectText(
            **wanted.fields,
            kind=ProjectText.Kind.MACHINE,
            status=TextStatus.SHOWN,
            by=self.by,
            based_on=wanted.more["version"],
        )

    def compare(self, record: ProjectText, wanted: Wanted) -> Changed[ProjectText]:
        change = super().compare(record, wanted)
        if change:
            by = self.by.pk if self.by else None
            change.fields |= {"by_id": by, "based_on": wanted.more["version"]}
        return change

    def created(self, made: list[Made[ProjectText]]) -> None:
        self._show([one.record for one in made], TextStatus.DRAFT)

    def changed(self, changed: list[Changed[ProjectText]]) -> None:
        self._show([one.record for one in changed], TextStatus.SHOWN)

    def _show(self, texts: list[ProjectText], source: str) -> None:
        """Log the move of each text, and the next version of each project."""
        StatusChange.objects.bulk_create(
            StatusChange(
                record_kind="stocktaking.projecttext",
                record_id=text.pk,
                move="show",
                source=source,
                target=TextStatus.SHOWN,
                by=self.by,
                note=text.engine,
            )
            for text in texts
        )
        keys = {text.project_id for text in texts}
        projects = Project.objects.select_for_update().filter(
            pk__in=keys, status=Status.PUBLISHED
        )
        rows = projects.prefetch_related(*LISTS).order_by("pk")
        Project.record_changes(list(rows), Change.Kind.UPDATE, by=self.by)
