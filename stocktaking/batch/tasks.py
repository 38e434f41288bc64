"""Decisions on many submissions at once, in the background; safe to run twice."""

from celery import shared_task
from django.utils.translation import gettext as _

from common.jobs.models import LeaseLostError
from common.jobs.rows import one_by_one
from stocktaking.batch.models import Batch


@shared_task(name="stocktaking.work_on_batches")
def work_on_batches() -> int:
    """Take up batches that nobody works at, also those whose worker was lost; returns how many."""
    for batch in Batch.objects.worn_out():
        batch.give_up(_("The work broke off several times. Start it again."))
    waiting = list(Batch.objects.waiting().order_by("pk").values_list("pk", flat=True))
    return one_by_one(waiting, work_at, "stocktaking.work_on_batches")


def work_at(batch_id: int) -> bool:
    """One worker's turn at a batch; whether it was this worker's."""
    batch = Batch.objects.acquire(batch_id)
    if batch is None:
        return False
    try:
        batch.work()
    except LeaseLostError:  # stopped by staff: what is dealt with stays
        return True
    except BaseException:
        batch.release()
        raise
    return True
