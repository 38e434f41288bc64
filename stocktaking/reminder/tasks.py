"""Reminders to owners and to staff; safe to run twice."""

import datetime
from functools import partial

from celery import shared_task
from django.db.models.functions import Now

from common.jobs.rows import one_by_one
from stocktaking.base.workflow import Status
from stocktaking.follow.tasks import MEMBERS_AT_ONCE
from stocktaking.project.models import Project
from stocktaking.reminder.models import Reminder

REMINDED_AFTER = {  # days since a project was returned
    Reminder.Kind.RETURNED_WEEKS: 21,
    Reminder.Kind.RETURNED_WEEK: 7,
}


@shared_task(name="stocktaking.remind_of_returned")
def remind_of_returned() -> int:
    """Write to owners whose project was returned a week ago, and once more after three."""
    sent = 0
    later: tuple[Reminder.Kind, ...] = ()
    for (
        kind,
        days,
    ) in REMINDED_AFTER.items():  # the last one first: somebody who missed two gets one
        since = Now() - datetime.timedelta(days=days)
        returned = Project.objects.filter(
            status=Status.RETURNED, returned_at__lte=since
        )
        waiting = Reminder.objects.missing(kind, "returned_at", returned, later)
        sent += one_by_one(
            waiting, partial(_remind, kind), "stocktaking.remind_of_returned"
        )
        later = (*later, kind)
    return sent


def _remind(kind: str, project: Project) -> bool:
    context = {"change": project.history().first()}
    return Reminder.objects.remind(kind, project, "stocktaking/reminder", context)


@shared_task(name="stocktaking.remind_staff")
def remind_staff() -> int:
    """Send the mails of dates that staff have set; returns how many."""
    due = Reminder.objects.due().values_list("pk", flat=True)[:MEMBERS_AT_ONCE]
    return one_by_one(list(due), Reminder.objects.fire, "stocktaking.remind_staff")
