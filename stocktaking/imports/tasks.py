"""Imports run in the background; safe to run twice."""

from celery import shared_task

from stocktaking.imports.jobs import work_at
from stocktaking.imports.models import ImportJob


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
