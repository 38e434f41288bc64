"""Background tasks of mailings; safe to run twice."""

from celery import shared_task

from forum.mailing.models import Mailing
from forum.mailing.sending import work_at


@shared_task(name="forum.send_mailing", soft_time_limit=900, time_limit=960)
def send_mailing(pk: int) -> str:
    return work_at(pk)


@shared_task(name="forum.sweep_mailings", soft_time_limit=30, time_limit=40)
def sweep_mailings() -> int:
    """Hand out again what a lost message or worker has left; one too many is harmless."""
    waiting = list(Mailing.objects.waiting().order_by("pk")[:10])
    for mailing in waiting:
        send_mailing.apply_async((mailing.pk,), expires=25)
    return len(waiting)
