"""Certificates are made in the background; safe to run twice."""

from celery import shared_task

from prizes.certificate.models import CertificateJob
from prizes.certificate.work import work_at


@shared_task(name="prizes.print", soft_time_limit=900, time_limit=960)
def print_certificates(job_id: int) -> str:
    return work_at(job_id)


@shared_task(name="prizes.sweep_printing", soft_time_limit=30, time_limit=40)
def sweep_printing() -> int:
    """Enqueue jobs whose message or worker was lost; one message too many is harmless."""
    waiting = list(CertificateJob.objects.waiting().order_by("pk")[:20])
    for job in waiting:
        print_certificates.apply_async((job.pk,), expires=25)
    return len(waiting)
