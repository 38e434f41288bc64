"""Background tasks of registrations; safe to run twice."""

from celery import shared_task

from common.jobs.rows import one_by_one
from forum.registration.delegation import Delegation


@shared_task(name="forum.release_seats", soft_time_limit=300, time_limit=330)
def release_seats() -> int:
    """Give reserved seats whose day is over to the waiting list; returns of how many
    delegations."""
    due = Delegation.objects.with_seats_to_release()
    return one_by_one(due[:200], Delegation.release, "forum.release_seats")
