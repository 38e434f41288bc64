"""Imports run in the background; safe to run twice."""

from celery import shared_task

from common.imports.models import ImportJob
from common.imports.work import work_at


@shared_task(name="common.run_import", soft_time_limit=900, time_limit=960)
def run_import(job_id: int) -> str:
    return work_at(job_id)


@shared_task(name="common.sweep_imports", soft_time_limit=30, time_limit=40)
def sweep_imports() -> int:
    """Enqueue imports whose message or worker was lost; one message too many is harmless."""
    waiting = list(ImportJob.objects.waiting().order_by("pk")[:20])
    for job in waiting:
        run_import.apply_async((job.pk,), expires=25)
    return len(waiting)
