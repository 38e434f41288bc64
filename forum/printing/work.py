"""Making the file of a print job; safe to run twice."""

import io
import secrets

import pikepdf
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.translation import gettext as _

from common.jobs.models import LeaseLostError
from forum.printing.kinds import KINDS
from forum.printing.models import PrintJob

FOLDER = "printed"
LAST_STEP = 99  # percent; the rest is storing the file


def work_at(pk: int) -> str:
    """Do a waiting job; the word says how it ended. A second call finds nothing to do."""
    waiting = PrintJob.objects.waiting().filter(pk=pk).first()
    if waiting is None:
        return "over"
    job = PrintJob.objects.select_related("edition", "by").acquire(pk)
    if job is None:
        waiting.give_up(_("The work broke off several times. Start it again."))
        return "over"
    language = job.by.language if job.by else ""
    try:
        with translation.override(language or settings.LANGUAGE_CODE):
            return _do(job)
    except LeaseLostError:
        return "cancelled"
    except Exception:
        with translation.override(language or settings.LANGUAGE_CODE):
            job.fail(_("Something went wrong. Please try again."))
        raise


def _do(job: PrintJob) -> str:
    kind = KINDS[job.kind](job)
    rows = kind.rows()
    if not rows:
        job.fail(_("There is nobody for whom this can be printed."))
        return "empty"
    parts = []
    for start in range(0, len(rows), kind.size):
        job.advance(LAST_STEP * start // len(rows))
        parts.append(kind.document(rows[start : start + kind.size]))
    name = f"{FOLDER}/{job.pk}-{secrets.token_hex(16)}.pdf"
    path = default_storage.save(name, ContentFile(joined(parts)))
    job.finish(file=path, printed=len(rows))
    kind.finish(rows)
    return "done"


def joined(parts: list[bytes]) -> bytes:
    """The pages of all documents, in order, as one."""
    if len(parts) == 1:
        return parts[0]
    target = io.BytesIO()
    with pikepdf.new() as whole:
        for part in parts:
            with pikepdf.open(io.BytesIO(part)) as document:
                whole.pages.extend(document.pages)
        whole.save(target)
    return target.getvalue()
