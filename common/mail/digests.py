"""Digest mails. Readers are processed in batches, each in a short transaction, so that half a
million readers block nobody; a worker that dies loses one batch, which the next call repeats."""

from itertools import groupby
from time import monotonic
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import timezone, translation

from common.locks.advisory import Lock
from common.mail import outbox
from common.mail.models import OutgoingMail

READERS = 500  # of one batch
SECONDS = 20  # of one call of the task; the next one continues


def gather(readers: int = READERS, seconds: float = SECONDS) -> int:
    """Combine the waiting mails of each reader into one once the oldest has waited its day or
    week; returns how many were made. It can be interrupted: what is made is not made again."""
    until, made = monotonic() + seconds, 0
    for digest in OutgoingMail.DIGESTS:
        after: str | None = ""
        while after is not None and monotonic() < until:
            after, number = gather_batch(digest, after, readers)
            made += number
    return made


@transaction.atomic
def gather_batch(digest: str, after: str, readers: int) -> tuple[str | None, int]:
    """Process the next readers after the address `after`; returns the last address, or None when
    nobody is left or another worker is at work, and the number of mails made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [Lock.GATHERING.value])
        if not cursor.fetchone()[0]:
            return None, 0
    kept = OutgoingMail.objects.filter(digest=digest, sent_at=None, withdrawn_at=None)
    due = kept.filter(created_at__lte=timezone.now() - OutgoingMail.DIGESTS[digest])
    ahead = due.filter(to__gt=after).order_by("to").values_list("to", flat=True)
    addresses = list(ahead.distinct()[:readers])
    if not addresses:
        return None, 0
    rows = list(kept.filter(to__in=addresses).order_by("to", "created_at", "pk"))
    people = people_of(addresses)
    letters = []
    for address, group in groupby(rows, key=lambda row: row.to):
        reader = people.get(address)
        if reader is None or reader.is_active:
            letters.append(letter(address, reader, list(group)))
    OutgoingMail.objects.bulk_create(letters)
    made = OutgoingMail.objects.filter(pk__in=[one.pk for one in letters])
    holding = Subquery(made.filter(to=OuterRef("to")).values("pk")[:1])
    OutgoingMail.objects.filter(pk__in=[row.pk for row in rows]).update(
        sent_at=Now(), body="", inside=holding if letters else None
    )
    return addresses[-1], len(letters)


def people_of(addresses: list[str]) -> dict[str, Any]:
    """Address → account."""
    people = get_user_model()._default_manager.filter(email__in=addresses)
    return {user.email: user for user in people.only("email", "language", "is_active")}


def letter(address: str, reader: Any, mails: list[OutgoingMail]) -> OutgoingMail:
    """One mail that contains others, in the reader's language. Its unsubscribe link stops what
    is optional, not decisions on one's own records."""
    with translation.override(reader.language if reader else settings.LANGUAGE_CODE):
        text = render_to_string("mail/portal/together.txt", {"mails": mails})
        stop = (
            settings.SITE_URL + outbox.unsubscribe_path(reader, outbox.TOGETHER)
            if reader
            else ""
        )
        end = outbox.footer(choose="all", stop=stop)
    subject, _newline, body = text.strip().partition("\n")
    return OutgoingMail(
        to=address, subject=subject[:250], body=body.strip() + end, unsubscribe=stop
    )
