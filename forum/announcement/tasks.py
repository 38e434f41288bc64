"""Background tasks of the agenda; safe to run twice."""

from celery import shared_task

from forum.agenda.models import AgendaRelease
from forum.announcement.mails import tell


@shared_task(name="forum.tell_of_releases", soft_time_limit=300, time_limit=330)
def tell_of_releases() -> int:
    """Write to people whose sessions a release has changed; returns how many mails."""
    waiting = list(AgendaRelease.objects.untold().values_list("pk", flat=True)[:20])
    return sum(tell(pk) for pk in waiting)
