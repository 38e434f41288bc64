"""Printing in the background; safe to run twice."""

from celery import shared_task

from forum.programme.printing import work_at


@shared_task(name="forum.print_programme", soft_time_limit=300, time_limit=330)
def print_programme(pk: int) -> str:
    return work_at(pk)
