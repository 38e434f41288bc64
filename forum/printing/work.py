"""The work behind a print job; safe to run twice."""

import io

import pikepdf
from django.utils.translation import gettext as _

from common.jobs import printing
from common.jobs.printing import LAST_STEP
from forum.printing.kinds import KINDS
from forum.printing.models import PrintJob


def work_at(pk: int) -> str:
    """Do a waiting job; the word says how it ended. A second call finds nothing to do."""
    return printing.work_at(PrintJob, pk, _do)


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
    job.store(joined(parts), "pdf", len(rows))
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
