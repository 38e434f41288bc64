"""Proposals to join two requests end on their last day."""

from celery import shared_task

from common.jobs.rows import one_by_one
from forum.joining.models import Joining


@shared_task(name="forum.close_joinings")
def close_joinings() -> int:
    """End those that were not answered in time, and tell; returns how many."""
    rows = Joining.objects.open().for_page()
    late = [joining for joining in rows if joining.is_late]
    return one_by_one(late, expire, "forum.close_joinings")


def expire(joining: Joining) -> bool:
    return joining.expire()
