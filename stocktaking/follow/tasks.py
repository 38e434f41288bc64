"""Digests of changes, sent in the background; safe to run twice."""

from time import monotonic

from celery import shared_task

from common.jobs.rows import one_by_one
from stocktaking.follow.digests import send_to
from stocktaking.follow.models import Follow

MEMBERS_AT_ONCE = 1000


DIGEST_SECONDS = 200  # of one call; the task may take 300


@shared_task(name="stocktaking.send_digests")
def send_digests() -> None:
    """One mail to each member about everything that is due, each in a transaction of its own,
    for some minutes; the next call continues with the other members."""
    until = monotonic() + DIGEST_SECONDS
    due = (
        Follow.objects.due().order_by("user").values_list("user", flat=True).distinct()
    )
    for user in list(due[:MEMBERS_AT_ONCE]):
        if monotonic() > until:
            break
        one_by_one([user], send_to, "stocktaking.send_digests")
