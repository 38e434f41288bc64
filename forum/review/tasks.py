"""Background tasks of the review; safe to run twice."""

from celery import shared_task

from common.jobs.rows import one_by_one
from forum.review.reminding import ending, remind


@shared_task(name="forum.remind_reviewers", soft_time_limit=240, time_limit=270)
def remind_reviewers() -> int:
    """Remind of missing reviews before a phase ends; returns in how many editions somebody was."""
    return one_by_one(ending(), remind, "forum.remind_reviewers")
