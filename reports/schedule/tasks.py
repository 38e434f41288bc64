"""Drafts reports that are due; safe to run twice."""

from celery import shared_task
from django.utils import timezone

from reports.schedule.models import Schedule


@shared_task(name="reports.schedule")
def schedule() -> int:
    """Draft the reports that are due; returns how many. Two runs at once draft nothing twice."""
    on = timezone.now().date()
    due = list(Schedule.objects.due(on).values_list("pk", flat=True))
    return sum(len(Schedule.follow(pk, on)) for pk in due)
