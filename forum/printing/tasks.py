"""Printing in the background; safe to run twice."""

from celery import shared_task

from forum.printing.models import PrintJob
from forum.printing.work import work_at


@shared_task(name="forum.print", soft_time_limit=900, time_limit=960)
def print_job(job_id: int) -> str:
    return work_at(job_id)


@shared_task(name="forum.sweep_printing", soft_time_limit=30, time_limit=40)
def sweep_printing() -> int:
    """Enqueue jobs whose message or worker was lost; one message too many is harmless."""
    waiting = list(PrintJob.objects.waiting().order_by("pk")[:20])
    for job in waiting:
        print_job.apply_async((job.pk,), expires=25)
    return len(waiting)
