"""Mail: rendered now in the reader's language, stored in an outbox, delivered after the commit."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from common.dates.zones import geneva
from common.mail.kinds import KINDS, kind_of
from common.mail.models import NOWHERE, OutgoingMail
from common.mail.tasks import deliver_mail, deliver_urgent_mail
from common.moves.actors import AnyUser, Person
from common.moves.models import StatusChange

SALT = "common.mail.outbox"


TOGETHER = "together"  # in a link: all daily and weekly mails except decisions


# A mail is rendered in its reader's language, and so are the addresses in it.
Context = dict[str, Any] | Callable[[], dict[str, Any]]


def unsubscribe_path(user: AnyUser, kind: str) -> str:
    """The address that turns a kind off without signing in; it is signed."""
    return reverse("unsubscribe", args=[signing.dumps([user.pk, kind], salt=SALT)])


def footer(**lines: str) -> str:
    """The sender, and where a reader changes preferences or unsubscribes."""
    context = {"site": settings.SITE_URL, "contact": settings.CONTACT_EMAIL} | lines
    return "\n\n-- \n" + render_to_string("mail/_footer.txt", context).strip() + "\n"


def send(
    template: str,
    to: Any,
    context: Context,
    *,
    cause: StatusChange | None = None,
    wait: timedelta | None = None,
    leaves_no_trace: bool = False,
) -> OutgoingMail | None:
    """Queue `templates/mail/<template>.txt` for a user; its first line is the subject.

    None when the account is closed or the user has turned this kind off (`user.mail_choices`). With
    `leaves_no_trace` it is sent alone and at once, and deleted once it is sent. With `wait` it is
    sent that much later by a sweep of the outbox; until then, undoing the move that is its `cause`
    withdraws it.
    """
    name = kind_of(template)
    if not may_get(to, name):
        return None
    delivery = delivery_of(to, name)
    if delivery == "off":
        return None
    together = delivery in OutgoingMail.DIGESTS and not leaves_no_trace
    digest = delivery if together else ""
    with translation.override(to.language), timezone.override(geneva()):
        stop = ""
        if name and not KINDS[name].decisions:
            stop = settings.SITE_URL + unsubscribe_path(to, name)
        values = context() if callable(context) else context
        text: str = render_to_string(
            f"mail/{template}.txt", values | {"to": to, "site": settings.SITE_URL}
        )
        # in a digest only the mail that holds the others says it
        end = "" if digest else footer(stop=stop, choose=name)
    subject, _newline, body = text.strip().partition("\n")
    not_before = timezone.now() + wait if wait else None
    return queue(
        to.email,
        subject,
        body.rstrip() + end,
        digest=digest,
        unsubscribe=stop,
        cause=cause,
        not_before=not_before,
        urgent=not name,
        leaves_no_trace=leaves_no_trace,
    )


def send_to_address(
    template: str,
    address: str,
    language: str,
    context: dict[str, Any],
    *,
    unsubscribe: str = "",
    once: bool = False,
) -> OutgoingMail:
    """The same for an address without an account. `unsubscribe` is the link that stops these
    mails; with `once` the text, which holds a secret link, is deleted when it is sent."""
    with translation.override(language), timezone.override(geneva()):
        text: str = render_to_string(
            f"mail/{template}.txt", context | {"site": settings.SITE_URL}
        )
        end = footer(stop=unsubscribe)
    subject, _newline, body = text.strip().partition("\n")
    return queue(
        address, subject, body.rstrip() + end, unsubscribe=unsubscribe, once=once
    )


def may_get(user: Person, kind: str) -> bool:
    """Whether this account gets mail: a closed one gets only the last mails about itself, and an
    erased one has no address any more."""
    if user.email.endswith(NOWHERE):
        return False
    return user.is_active or not kind


def delivery_of(user: Person, kind: str) -> str:
    """How the user wants this kind of mail; decisions are sent in any case."""
    if not kind:
        return "now"
    chosen = (
        user.mail_choices.filter(kind=kind).values_list("delivery", flat=True).first()
        or "now"
    )
    return "now" if chosen == "off" and KINDS[kind].decisions else chosen


def queue(to: str, subject: str, body: str, **fields: Any) -> OutgoingMail:
    """Put a finished text into the outbox, for any address."""
    mail = OutgoingMail.objects.create(
        to=to, subject=subject[:250], body=body.strip() + "\n", **fields
    )
    if not mail.digest and not mail.not_before:
        task: Any = deliver_urgent_mail if mail.urgent else deliver_mail
        task.delay_on_commit(mail.pk)
    return mail
