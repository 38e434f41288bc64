"""Mail is delivered and gathered in the background; safe to run twice."""

from celery import shared_task

from common.mail.digests import gather
from common.mail.models import OutgoingMail


@shared_task(name="common.deliver_mail", acks_late=True)
def deliver_mail(mail_id: int) -> None:
    OutgoingMail.objects.deliver(mail_id)


@shared_task(name="common.deliver_urgent_mail", acks_late=True)
def deliver_urgent_mail(mail_id: int) -> None:
    """Codes and links that somebody waits for: in a queue, and with a worker, of their own."""
    OutgoingMail.objects.deliver(mail_id)


@shared_task(name="common.deliver_waiting_mail")
def deliver_waiting_mail() -> int:
    """Sweep what a lost worker or a mail server that was down has left behind."""
    return OutgoingMail.objects.deliver_waiting()


@shared_task(name="portal.gather_digests", soft_time_limit=120, time_limit=150)
def gather_digests() -> int:
    """Daily and weekly mails that are due, one for each reader; the sweep delivers them."""
    return gather()
