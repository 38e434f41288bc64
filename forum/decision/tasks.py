"""Letters leave in the background; safe to run twice."""

from celery import shared_task
from django.utils.translation import gettext as _

from common.jobs.models import LeaseLostError
from common.jobs.rows import one_by_one
from forum.decision.models import Dispatch


@shared_task(name="forum.work_on_dispatches")
def work_on_dispatches() -> int:
    """Take up dispatches that nobody works at, also those whose worker was lost; returns how
    many."""
    for dispatch in Dispatch.objects.worn_out():
        dispatch.give_up(_("The work broke off several times. Start it again."))
    waiting = Dispatch.objects.waiting().order_by("pk").values_list("pk", flat=True)
    return one_by_one(list(waiting), work_at, "forum.work_on_dispatches")


def work_at(dispatch_id: int) -> bool:
    """One worker's turn at a dispatch; whether it was this worker's."""
    dispatch = Dispatch.objects.acquire(dispatch_id)
    if dispatch is None:
        return False
    try:
        dispatch.work()
    except LeaseLostError:  # stopped by staff: what is sent stays sent
        return True
    except BaseException:
        dispatch.release()
        raise
    return True
