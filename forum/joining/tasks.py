"""Proposals to join two requests end on their last day."""

from celery import shared_task

from common.jobs.rows import one_by_one
from forum.joining.models import Consent, Joining


@shared_task(name="forum.close_joinings")
def close_joinings() -> int:
    """End those that were not answered in time, and tell; returns how many."""
    rows = Joining.objects.open().for_page()
    late = [joining for joining in rows if joining.is_late]
    return one_by_one(late, expire, "forum.close_joinings")


@shared_task(name="forum.remind_of_joinings", soft_time_limit=240, time_limit=270)
def remind_of_joinings() -> int:
    """Ask authors once more whose answer is due in two days; returns how many."""
    rows = Consent.objects.to_remind().order_by("pk")
    return one_by_one(list(rows), remind, "forum.remind_of_joinings")


def remind(consent: Consent) -> bool:
    return consent.remind()


def expire(joining: Joining) -> bool:
    return joining.expire()
