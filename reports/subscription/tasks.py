"""Tells subscribers of new editions; safe to run twice."""

from celery import shared_task

from reports.subscription import telling


@shared_task(name="reports.tell_subscribers")
def tell_subscribers() -> int:
    return telling.tell_subscribers()
