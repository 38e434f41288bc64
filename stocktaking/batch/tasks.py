"""Decisions on many submissions at once, in the background; safe to run twice."""

from celery import shared_task
from django.utils.translation import gettext as _

from common.jobs import batches
from stocktaking.batch.models import Batch


@shared_task(name="stocktaking.work_on_batches")
def work_on_batches() -> int:
    """Take up batches that nobody works at, also those whose worker was lost; returns how many."""
    sentence = _("The work broke off several times. Start it again.")
    return batches.work_on_waiting(Batch, "stocktaking.work_on_batches", sentence)


def work_at(batch_id: int) -> bool:
    """One worker's turn at a batch; whether it was this worker's."""
    return batches.work_at(Batch, batch_id)
