"""Mail: rendered now in the reader's language, kept in an outbox, delivered after the commit."""

from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.models import OutgoingMail, StatusChange
from common.tasks import deliver_mail

SALT = "common.mail"


class Kind(NamedTuple):
    label: Any  # a sentence that waits for its language
    templates: tuple[str, ...]  # patterns


# What people may switch off or have together; all other mails are about the account itself.
KINDS = {
    "roles": Kind(_("My roles in organisations"), ("stocktaking/role_*",)),
    "reminders": Kind(_("Reminders of my drafts"), ("stocktaking/draft_*",)),
    "projects": Kind(_("My projects and decisions on them"), ("stocktaking/*",)),
    "reports": Kind(_("Reports that I have asked for"), ("reports/*",)),
    "prizes": Kind(_("WSIS Prizes"), ("prizes/*",)),
    "forum": Kind(_("WSIS Forum"), ("forum/*",)),
    "roadmap": Kind(_("Roadmap and consultations"), ("roadmap/*",)),
}


def kind_of(template: str) -> str:
    """The first kind whose pattern fits; "" for a mail that cannot be switched off."""
    return next(
        (n for n, kind in KINDS.items() if any(fnmatchcase(template, t) for t in kind.templates)),
        "",
    )


def unsubscribe_path(user: Any, kind: str) -> str:
    """The address that switches a kind off without signing in; it says so by its signature."""
    return reverse("unsubscribe", args=[signing.dumps([user.pk, kind], salt=SALT)])


def send(
    template: str, to: Any, context: dict[str, Any], *,
    cause: StatusChange | None = None, wait: timedelta | None = None,
) -> OutgoingMail | None:  # fmt: skip
    """Queue `templates/mail/<template>.txt` for a user; its first line is the subject.

    None when the user has switched this kind off (`user.mail_choices`). With `wait` the mail
    leaves that much later, at a sweep of the outbox; until then whoever undoes the move that is
    its `cause` withdraws it.
    """
    kind, digest, stop = kind_of(template), "", ""
    if kind:
        chosen = to.mail_choices.filter(kind=kind).values_list("delivery", flat=True).first()
        if chosen == "off":
            return None
        digest = chosen if chosen in OutgoingMail.DIGESTS else ""
    with translation.override(to.language):
        text: str = render_to_string(
            f"mail/{template}.txt", context | {"to": to, "site": settings.SITE_URL}
        )
        if kind:
            stop = f"{settings.SITE_URL}{unsubscribe_path(to, kind)}"
            text = f"{text.rstrip()}\n\n-- \n{gettext('No more mails of this kind:')} {stop}\n"
    subject, _newline, body = text.strip().partition("\n")
    not_before = timezone.now() + wait if wait else None
    return queue(
        to.email, subject, body,
        digest=digest, unsubscribe=stop, cause=cause, not_before=not_before,
    )  # fmt: skip


def queue(to: str, subject: str, body: str, **fields: Any) -> OutgoingMail:
    """Put a finished text into the outbox, for an address that need not belong to an account."""
    mail = OutgoingMail.objects.create(
        to=to, subject=subject[:250], body=body.strip() + "\n", **fields
    )
    if not mail.digest and not mail.not_before:
        deliver_mail.delay_on_commit(mail.pk)  # type: ignore[attr-defined]  # Celery's Django task has it
    return mail
