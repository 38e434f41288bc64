"""Doing and undoing an import that was begun in the browser; each is safe to run again."""

import io
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.user.models import User
from common.imports.command import only_import
from common.imports.reader import ImportResult, Row, RowError
from common.locks.advisory import Lock
from common.moves.workflow import MoveRefused
from common.records.models import Change
from stocktaking.base.workflow import EDITABLE, Status
from stocktaking.imports.files import canonical
from stocktaking.imports.importer import Importer, import_projects
from stocktaking.imports.models import ImportedRecord, ImportJob
from stocktaking.imports.rows import LINKS, Wanted
from stocktaking.organization.models import Organization
from stocktaking.project.models import Project

ERRORS_KEPT = 5000


class RecordingImporter(Importer):
    """Remembers what it makes and what was there before; an agency makes drafts of its own."""

    def __init__(self, job: ImportJob, dry_run: bool) -> None:
        super().__init__(job.by, dry_run, only_new=False)
        self.job = job
        self.is_staff = job.as_staff and job.by.is_secretariat

    def _is_public(self, wanted: Wanted) -> bool:
        return self.is_staff and super()._is_public(wanted)

    def _may_change(self, project: Project) -> bool:
        if self.is_staff:
            return super()._may_change(project)
        return project.owner == self.by and project.status in EDITABLE

    def _create(self, rows: list[Wanted]) -> list[Project]:
        made = super()._create(rows)
        ImportedRecord.objects.bulk_create(
            ImportedRecord(
                job=self.job, project=one, is_new=True, touched_at=one.updated_at
            )
            for one in made
        )
        return made

    def take(self, rows: Iterable[Row | RowError]) -> None:
        """Remember also the organizations that the rows have brought."""
        newest = Organization.objects.aggregate(last=Max("pk"))["last"] or 0
        super().take(rows)
        keys = set(self.organizations.names)
        made = sorted(
            key for key in keys if key > newest and key not in self.job.organizations
        )
        if made:
            self.job.organizations = [*self.job.organizations, *made]
            self.job.save(update_fields=["organizations"])

    def _bring_back(self, project: Project, wanted: Wanted) -> None:
        super()._bring_back(project, wanted)
        ImportedRecord.objects.update_or_create(
            job=self.job,
            project=project,
            defaults={
                "is_new": True,
                "touched_at": project.updated_at,
                "put_back_at": None,
            },
        )

    def _update(
        self,
        project: Project,
        wanted: Wanted,
        fields: dict[str, Any],
        links: dict[str, list[str]],
    ) -> None:
        standing = Project.objects.get(pk=project.pk)
        names = {*fields, "organization_id"}
        before = {
            "fields": {name: getattr(standing, name) for name in names},
            "links": {
                name: [term.pk for term in getattr(project, name).all()]
                for name in links
            },
        }
        super()._update(project, wanted, fields, links)
        touched = {"touched_at": project.updated_at, "put_back_at": None}
        ImportedRecord.objects.update_or_create(
            job=self.job,
            project=project,
            defaults=touched,
            create_defaults=touched | {"is_new": False, "before": before},
        )


def work_at(pk: int) -> str:
    """Do what the job asks for, one at a time. A bell too many finds the lock taken and goes."""
    try:
        with only_import(Lock.PROJECT_IMPORT):
            job = ImportJob.objects.waiting().select_related("by").filter(pk=pk).first()
            return do(job) if job else "over"
    except ValidationError as error:
        if getattr(error, "code", "") != "busy":
            raise
        return "busy"


def do(job: ImportJob) -> str:
    ImportJob.objects.filter(pk=job.pk).update(state=ImportJob.State.RUNNING)
    try:
        # sentences are read by the person who imports
        with translation.override(job.by.language or settings.LANGUAGE_CODE):
            undo(job) if job.mode == ImportJob.Mode.UNDO else bring_in(job)
    except ValidationError as error:
        close(job, ImportJob.State.FAILED, message=" ".join(error.messages)[:2000])
        return "refused"
    return "done"


def close(job: ImportJob, state: str, **values: Any) -> None:
    ImportJob.objects.filter(pk=job.pk).update(
        state=state, finished_at=timezone.now(), **values
    )


def tell(job: ImportJob, percent: int) -> None:
    ImportJob.objects.filter(pk=job.pk).update(percent=percent)


def bring_in(job: ImportJob) -> None:
    dry_run = job.mode == ImportJob.Mode.CHECK
    with default_storage.open(job.file) as file:
        sheet = canonical(
            file.read(), job.name, job.mapping, job.heading, job.date_order
        )
    result = import_projects(
        io.BytesIO(sheet.content),
        importer=RecordingImporter(job, dry_run),
        tell=lambda percent: tell(job, percent),
    )
    readings = {
        "order": sheet.order,
        "ambiguous": sheet.is_ambiguous,
        "dates": sheet.readings,
        "damaged": sheet.damaged,
    }
    close(
        job,
        ImportJob.State.DONE,
        percent=100,
        readings=readings,
        **totals(job, result, dry_run),
    )


def totals(job: ImportJob, result: ImportResult, dry_run: bool) -> dict[str, Any]:
    """What was done in all runs: a run after a break finds the first rows unchanged."""
    created, updated = result.created, result.updated
    if not dry_run:
        standing = job.records.filter(put_back_at=None)
        created = standing.filter(is_new=True).count()
        updated = standing.filter(is_new=False).count()
    done = result.created + result.updated + result.unchanged
    return {
        "created": created,
        "updated": updated,
        "unchanged": max(0, done - created - updated),
        "failed": result.failed,
        "errors": [list(error) for error in result.errors[:ERRORS_KEPT]],
    }


def undo(job: ImportJob) -> None:
    """Put every record back, each in its own transaction; those changed since are left and told."""
    records = list(job.records.filter(put_back_at=None).order_by("-pk"))
    left = []
    for number, record in enumerate(records, start=1):
        if not put_back(record, job):
            left.append(
                [record.project_id, "", _("Changed since the import: not touched.")]
            )
        if number % 50 == 0:
            tell(job, 99 * number // len(records))
    Organization.objects.drop_unused(job.organizations)
    close(job, ImportJob.State.DONE, percent=100, errors=left, failed=len(left))


@transaction.atomic
def put_back(record: ImportedRecord, job: ImportJob) -> bool:
    project = Project.objects.select_for_update().get(pk=record.project_id)
    if project.updated_at != record.touched_at:
        return False
    if record.is_new:
        if not withdraw(project, job):
            return False
    else:
        restore(project, record.before, job.by)
    ImportedRecord.objects.filter(pk=record.pk).update(put_back_at=timezone.now())
    return True


def withdraw(project: Project, job: ImportJob) -> bool:
    """What was public is archived with its reason; a draft that nobody has read goes."""
    if project.status == Status.DRAFT and not project.version:
        project.delete()
        return True
    try:
        project.move(
            "archive",
            job.by,
            _("The import “%(name)s” was undone.") % {"name": job.name},
        )
    except MoveRefused:
        return False
    return True


def restore(project: Project, before: dict[str, Any], by: User | None) -> None:
    for name, value in before["fields"].items():
        setattr(project, name, value)
    project.save()
    for name in LINKS:
        if name in before["links"]:
            getattr(project, name).set(before["links"][name])
    if project.status == Status.PUBLISHED:
        project.record_change(Change.Kind.UPDATE, by=by)
