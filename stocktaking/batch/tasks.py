"""Decisions on many submissions at once, in the background; safe to run twice."""

from celery import shared_task

from common.jobs.rows import one_by_one
from stocktaking.batch.models import Batch


@shared_task(name="stocktaking.work_on_batches")
def work_on_batches() -> int:
    """Continue unfinished batches; two workers share the projects of one."""
    worked_on = 0

    def work(batch: Batch) -> None:
        nonlocal worked_on
        worked_on += batch.work()

    one_by_one(Batch.objects.unfinished(), work, "stocktaking.work_on_batches")
    return worked_on
