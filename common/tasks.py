"""Delivery of the outbox; safe to run twice.

In queues of their own: whoever waits for a mail server holds up nothing but mail. Their workers are
threads, which no time limit of Celery's ends; the conversation with the server has one instead
(common.mail_server).
"""

from celery import shared_task

from common.feed import examine_due
from common.models import OutgoingMail


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


@shared_task(name="common.examine_due")
def examine_records() -> int:
    """Log what has changed by the clock alone, such as a session that is over."""
    return examine_due()
