"""Delivery of the outbox; safe to run twice."""

from celery import shared_task

from common.models import OutgoingMail


@shared_task(name="common.deliver_mail", acks_late=True, soft_time_limit=60, time_limit=90)
def deliver_mail(mail_id: int) -> None:
    OutgoingMail.objects.deliver(mail_id)


@shared_task(name="common.deliver_urgent_mail", acks_late=True)
def deliver_urgent_mail(mail_id: int) -> None:
    """Codes and links that somebody waits for: in a queue, and with a worker, of their own."""
    OutgoingMail.objects.deliver(mail_id)


@shared_task(name="common.deliver_waiting_mail", soft_time_limit=300, time_limit=330)
def deliver_waiting_mail() -> int:
    """Sweep what a lost worker or a mail server that was down has left behind."""
    return OutgoingMail.objects.deliver_waiting()
