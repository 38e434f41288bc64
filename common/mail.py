"""Mail: rendered now in the reader's language, kept in an outbox, delivered after the commit."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from common.models import OutgoingMail, StatusChange
from common.tasks import deliver_mail


def send(
    template: str, to: Any, context: dict[str, Any], *,
    cause: StatusChange | None = None, wait: timedelta | None = None,
) -> OutgoingMail:  # fmt: skip
    """Queue `templates/mail/<template>.txt` for a user; its first line is the subject.

    With `wait` the mail leaves that much later, at a sweep of the outbox; until then whoever undoes
    the move that is its `cause` withdraws it.
    """
    with translation.override(to.language):
        text = render_to_string(
            f"mail/{template}.txt", context | {"to": to, "site": settings.SITE_URL}
        )
    subject, _, body = text.strip().partition("\n")
    return queue(to.email, subject, body, cause=cause, wait=wait)


def queue(
    to: str, subject: str, body: str, *,
    cause: StatusChange | None = None, wait: timedelta | None = None,
) -> OutgoingMail:  # fmt: skip
    """Put a finished text into the outbox, for an address that need not belong to an account."""
    mail = OutgoingMail.objects.create(
        to=to, subject=subject[:250], body=body.strip() + "\n", cause=cause,
        not_before=timezone.now() + wait if wait else None,
    )  # fmt: skip
    if wait is None:
        deliver_mail.delay_on_commit(mail.pk)  # type: ignore[attr-defined]  # Celery's Django task has it
    return mail
