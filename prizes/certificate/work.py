"""The work behind the file with all certificates of a contest; safe to run twice."""

import io
import zipfile
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from common.jobs import printing
from common.jobs.printing import LAST_STEP
from prizes.certificate.drawing import pdf_of
from prizes.certificate.models import CertificateJob, award_of, awarded_entries


def work_at(pk: int) -> str:
    """Do a waiting job; the word says how it ended."""
    return printing.work_at(CertificateJob, pk, _do)


def _do(job: CertificateJob) -> str:
    rows = awarded_entries().filter(contest=job.contest_id)
    entries = list(rows.order_by("category__number", "pk"))
    if not entries:
        job.fail(_("Nobody has a certificate of this contest yet."))
        return "empty"
    with translation.override(job.language):
        if job.form == CertificateJob.Form.ZIP:
            content = _zipped(job, entries)
        else:
            job.advance(LAST_STEP // 2)
            content = pdf_of(entries)
    job.store(content, job.form, len(entries))
    return "done"


def _zipped(job: CertificateJob, entries: list[Any]) -> bytes:
    """A PDF for each entry, named by category, award and number of the entry."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, entry in enumerate(entries):
            job.advance(LAST_STEP * done // len(entries))
            code = entry.category.code if entry.category else "none"
            name = f"{code}-{award_of(entry)}-{entry.pk}.pdf"
            archive.writestr(name, pdf_of([entry]))
    return target.getvalue()
