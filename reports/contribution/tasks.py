"""Reminds people of the texts that they were asked for; safe to run twice."""

from functools import partial

from celery import shared_task
from django.db import transaction

from common.jobs.rows import one_by_one
from reports.asking.models import Contribution
from reports.contribution import letters

REMINDERS = (
    ("reminded_at", letters.SOON, Contribution.objects.to_be_reminded),
    ("late_reminded_at", letters.LATE, Contribution.objects.to_be_reminded_late),
)


@shared_task(name="reports.remind_of_contributions")
def remind_of_contributions() -> int:
    """One mail some days before the deadline, and one after it; returns how many."""
    sent = 0
    for field, template, due in REMINDERS:
        rows = list(due().values_list("pk", flat=True))
        work = partial(remind, field, template)
        sent += one_by_one(rows, work, "reports.remind_of_contributions")
    return sent


@transaction.atomic
def remind(field: str, template: str, pk: int) -> bool:
    """Whoever holds the row writes the mail, once."""
    asked = (
        Contribution.objects.awaited()
        .select_related("block__section__report__region", "by")
        .select_for_update(of=("self",))
        .filter(pk=pk, **{field: None})
        .first()
    )
    if asked is None:
        return False
    letters.write(asked, template)
    asked.stamp(field)
    return True
