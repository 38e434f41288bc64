"""Doing and undoing an import that was begun in the browser; each is safe to run again."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.translation import gettext as _

from common.imports.files import mapped, rows_of
from common.imports.importer import IMPORTERS, Importer, only_import
from common.imports.models import ImportJob
from common.imports.reader import ImportResult
from common.jobs.models import LeaseLostError

ERRORS_KEPT = 5000


def work_at(pk: int) -> str:
    """Do what the job asks for, one of each kind at a time. A second call finds nothing to do."""
    waiting = ImportJob.objects.waiting().filter(pk=pk).first()
    if waiting is None:
        return "over"
    kind = IMPORTERS[waiting.kind]
    try:
        # The lock comes first: nobody can acquire the lease of a worker that is still at work.
        with only_import(kind.lock):
            job = ImportJob.objects.select_related("by").acquire(pk)
            if job is None:
                waiting.give_up(_("The work broke off several times. Start it again."))
                return "over"
            return do(job, kind)
    except ValidationError as error:
        if getattr(error, "code", "") != "busy":
            raise
        return "busy"


def do(job: ImportJob, kind: type[Importer[Any]]) -> str:
    importer = kind(job.by, dry_run=job.mode == ImportJob.Mode.CHECK, job=job)
    try:
        # sentences are read by the person who imports
        with translation.override(job.by.language or settings.LANGUAGE_CODE):
            if job.mode == ImportJob.Mode.UNDO:
                undo(job, importer)
            else:
                bring_in(job, importer)
    except ValidationError as error:
        job.fail(" ".join(error.messages))
        return "refused"
    except LeaseLostError:
        return "cancelled"
    return "done"


def bring_in(job: ImportJob, importer: Importer[Any]) -> None:
    with default_storage.open(job.file) as file:
        sheet = rows_of(file.read(), job.name, importer.headings())
    rows = mapped(sheet, job.mapping, importer.columns, job.heading, job.date_order)
    importer.run(rows.rows, job.advance)
    readings = {
        "order": rows.order,
        "ambiguous": rows.is_ambiguous,
        "dates": rows.readings,
        "damaged": rows.damaged,
        "questions": list(importer.questions.values()) if importer.dry_run else [],
    }
    job.finish(readings=readings, **totals(job, importer))


def totals(job: ImportJob, importer: Importer[Any]) -> dict[str, Any]:
    """What was done in all runs: a run after a break finds the first rows unchanged."""
    result: ImportResult = importer.result
    created, updated = result.created, result.updated
    if not importer.dry_run:
        standing = job.records.of(importer.model).standing()
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


def undo(job: ImportJob, importer: Importer[Any]) -> None:
    """Put every record back, each in its own transaction; those changed since are left and told."""
    records = list(job.records.of(importer.model).standing().order_by("-pk"))
    left = []
    for number, record in enumerate(records, start=1):
        if not importer.put_back(record):
            sentence = _("Changed since the import: not touched.")
            left.append([record.record_id, "", sentence])
        if number % 50 == 0:
            job.advance(99 * number // len(records))
    importer.end_undo()
    job.finish(errors=left, failed=len(left))
