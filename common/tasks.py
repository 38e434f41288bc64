"""Delivery of the outbox; safe to run twice."""

from celery import shared_task

from common.models import OutgoingMail


@shared_task(name="common.deliver_mail", acks_late=True, soft_time_limit=60, time_limit=90)
def deliver_mail(mail_id: int) -> None:
    OutgoingMail.objects.deliver(mail_id)


@shared_task(name="common.deliver_waiting_mail", soft_time_limit=300, time_limit=330)
def deliver_waiting_mail() -> int:
    """Sweep what a lost worker or a mail server that was down has left behind."""
    return OutgoingMail.objects.deliver_waiting()


@shared_task(name="common.gather_digests", soft_time_limit=300, time_limit=330)
def gather_digests() -> int:
    """Daily and weekly mails that are due, one for each reader; the sweep delivers them."""
    return OutgoingMail.objects.gather("WSIS: news for you")
