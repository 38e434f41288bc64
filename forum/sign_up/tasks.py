"""Background tasks of sign-ups; safe to run twice."""

from celery import shared_task

from common.jobs.rows import one_by_one
from forum.sign_up.models import SignUpList


@shared_task(name="forum.settle_sign_ups", soft_time_limit=300, time_limit=330)
def settle_sign_ups() -> int:
    """Places of people whose registration has ended go to the next; returns in how many
    lists somebody moved up."""
    rows = SignUpList.objects.to_settle().order_by("pk")[:200]
    return one_by_one(rows, SignUpList.settle, "forum.settle_sign_ups")
