"""Logs what changes by time alone; safe to run twice."""

from celery import shared_task

from common.records.feed import examine_due


@shared_task(name="common.examine_due")
def examine_records() -> int:
    """Log what has changed by time alone, such as a session that is over."""
    return examine_due()
