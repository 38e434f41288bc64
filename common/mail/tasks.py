"""Tasks that deliver mail and make digests; safe to run twice."""

from celery import shared_task

from common.mail.digests import gather
from common.mail.models import OutgoingMail
from common.mail.returned import read_returned


@shared_task(name="common.deliver_mail", acks_late=True)
def deliver_mail(mail_id: int) -> None:
    OutgoingMail.objects.deliver(mail_id)


@shared_task(name="common.deliver_urgent_mail", acks_late=True)
def deliver_urgent_mail(mail_id: int) -> None:
    """Codes and links that somebody waits for; they have a queue and a worker of their own."""
    OutgoingMail.objects.deliver(mail_id)


@shared_task(name="common.deliver_waiting_mail")
def deliver_waiting_mail() -> int:
    """Sweep up what a lost worker or a mail server that was down has left."""
    return OutgoingMail.objects.deliver_waiting()


@shared_task(name="portal.gather_digests", soft_time_limit=120, time_limit=150)
def gather_digests() -> int:
    """Make the daily and weekly digests that are due; the sweep delivers them."""
    return gather()


@shared_task(name="common.read_returned_mail", soft_time_limit=90, time_limit=120)
def read_returned_mail() -> int:
    """Learn from the mailbox which mails did not arrive."""
    return read_returned()
