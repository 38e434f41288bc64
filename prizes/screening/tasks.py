"""Batches of screened entries, in the background; safe to run twice."""

from celery import shared_task
from django.utils.translation import gettext as _

from common.jobs.batches import work_on_waiting
from prizes.screening.batch import ScreeningBatch


@shared_task(name="prizes.work_on_screening")
def work_on_screening() -> int:
    """Take up batches that nobody works at, also those whose worker was lost; returns how many."""
    sentence = _("The work broke off several times. Start it again.")
    return work_on_waiting(ScreeningBatch, "prizes.work_on_screening", sentence)
