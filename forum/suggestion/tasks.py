"""Proposals for the timetable are worked out in the background; safe to run twice."""

from celery import shared_task
from django.utils.translation import gettext as _

from common.jobs.rows import one_by_one
from forum.suggestion.models import Suggestion


@shared_task(name="forum.suggest", soft_time_limit=300, time_limit=330)
def suggest() -> int:
    """Take up proposals that nobody works at, also those whose worker was lost; returns how
    many."""
    for job in Suggestion.objects.worn_out():
        job.give_up(_("The work broke off several times. Start it again."))
    waiting = Suggestion.objects.waiting().order_by("pk").values_list("pk", flat=True)
    return one_by_one(list(waiting[:1]), _work_at, "forum.suggest")


def _work_at(pk: int) -> bool:
    # Here, not above: only the process that solves loads the solver.
    from forum.suggestion.work import work_at  # noqa: PLC0415

    return work_at(pk) != "over"
