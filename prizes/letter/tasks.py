"""Letters leave in the background; safe to run twice."""

from celery import shared_task
from django.utils.translation import gettext as _

from common.jobs.models import LeaseLostError
from common.jobs.rows import one_by_one
from prizes.letter.models import LetterBatch


@shared_task(name="prizes.send_letters")
def send_letters() -> int:
    """Take up batches that nobody works at, also those whose worker was lost; returns how many."""
    for batch in LetterBatch.objects.worn_out():
        batch.give_up(_("The work broke off several times. Start it again."))
    waiting = LetterBatch.objects.waiting().order_by("pk").values_list("pk", flat=True)
    return one_by_one(list(waiting), work_at, "prizes.send_letters")


def work_at(batch_id: int) -> bool:
    """One worker's turn at a batch; whether it was this worker's."""
    batch = LetterBatch.objects.acquire(batch_id)
    if batch is None:
        return False
    try:
        batch.work()
    except LeaseLostError:  # stopped by staff: what has left stays
        return True
    except BaseException:
        batch.release()
        raise
    return True
