"""Background work of the register; safe to run twice."""

import datetime

from celery import shared_task
from django.utils import timezone

from common.models import Change
from stocktaking.digests import send_to
from stocktaking.facets import RECORD_KIND
from stocktaking.import_jobs import work_at
from stocktaking.models import Follow, ImportJob, Word

# The beat calls every ten minutes; a little more, so that nothing falls between two calls.
RECENT = datetime.timedelta(minutes=12)
MEMBERS_AT_ONCE = 1000


@shared_task(name="stocktaking.refresh_words")
def refresh_words() -> None:
    """Count the words anew for “did you mean”, when projects have changed since the last call."""
    changed = Change.objects.filter(record_kind=RECORD_KIND, at__gte=timezone.now() - RECENT)
    if changed.exists() or not Word.objects.exists():
        Word.objects.refresh()


@shared_task(name="stocktaking.send_digests")
def send_digests() -> None:
    """One mail to each member about what is new in all that is due; later ones in an hour."""
    due = Follow.objects.due().order_by("user").values_list("user", flat=True).distinct()
    for user in list(due[:MEMBERS_AT_ONCE]):
        send_to(user)


@shared_task(name="stocktaking.run_import", soft_time_limit=900, time_limit=960)
def run_import(job_id: int) -> str:
    return work_at(job_id)


@shared_task(name="stocktaking.sweep_imports", soft_time_limit=30, time_limit=40)
def sweep_imports() -> int:
    """Ring for imports whose bell or worker was lost; one bell too many is harmless."""
    waiting = list(ImportJob.objects.waiting()[:20])
    for job in waiting:
        run_import.apply_async((job.pk,), expires=25)
    return len(waiting)
