"""Writing the mails of a mailing: in small transactions, each recipient once."""

from typing import Any

from django.db import transaction

from accounts.user.models import User
from common.jobs.models import LeaseLostError
from common.mail import outbox
from common.mail.models import OutgoingMail
from common.mail.placeholders import filled
from forum.mailing.models import Mailing, MailingText, Recipient
from forum.mailing.placeholders import values_for
from forum.people.models import Person

BATCH = 100


def written(
    text: MailingText, mailing: Mailing, name: str, language: str
) -> dict[str, str]:
    """Subject and body for one reader."""
    values = values_for(mailing.edition, name, language)
    return {"subject": filled(text.subject, values), "body": filled(text.text, values)}


def write_to(mailing: Mailing, recipient: Recipient, names: dict[str, str]) -> None:
    """Put the mail into the outbox, unless its reader does not want such mails."""
    user = recipient.user
    language = user.language if user else "en"
    text = mailing.text_for(language)
    if text is None:
        return
    name = str(user) if user else names.get(recipient.address, recipient.address)
    context = written(text, mailing, name, language)
    mail: OutgoingMail | None
    if user:
        mail = outbox.send("forum/message", user, context)
    else:
        mail = outbox.send_to_address(
            "forum/message", recipient.address, language, context
        )
    outcome = Recipient.Outcome
    recipient.mail = mail
    recipient.outcome = outcome.WRITTEN if mail else outcome.REFUSED
    recipient.save(update_fields=["mail", "outcome"])


def work_at(pk: int) -> str:
    """Write to all who have none yet; another worker may go on where this one stopped."""
    mailing: Any = Mailing.objects.acquire(pk)
    if mailing is None:
        return "held by another worker, or over"
    try:
        total = max(1, mailing.recipients.count())
        while write_batch(mailing):
            rest = mailing.recipients.filter(outcome="").count()
            mailing.advance(100 * (total - rest) // total)
        mailing.finish()
    except LeaseLostError:
        return "cancelled"
    except Exception:
        mailing.release()
        raise
    return "done"


@transaction.atomic
def write_batch(mailing: Mailing) -> int:
    """The next hundred, while this worker holds the lease; returns how many there were.

    The row of the mailing is locked, so that nothing is written after a cancellation.
    """
    if not mailing.held().select_for_update().exists():
        raise LeaseLostError
    rows = mailing.recipients.filter(outcome="").select_related("user").order_by("pk")
    batch = list(rows[:BATCH])
    without = [one.address for one in batch if one.user is None]
    people = Person.objects.unmerged().filter(email__in=without)
    names = dict(people.values_list("email", "name"))
    for recipient in batch:
        write_to(mailing, recipient, names)
    return len(batch)


def send_test(mailing: Mailing, user: User, language: str) -> bool:
    """The mail as this member of staff would get it, with a mark in the subject."""
    text = mailing.text_for(language)
    if text is None:
        return False
    context = written(text, mailing, str(user), language)
    context["subject"] = f"[{mailing.edition.slug}] {context['subject']}"
    return outbox.send("forum/message_test", user, context) is not None
