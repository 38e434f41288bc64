"""The mails about a published version, in batches; whoever dies loses one batch, which the next
call repeats."""

import datetime
from time import monotonic
from typing import Any

from django.db import transaction
from django.utils import timezone

from common.mail import outbox
from reports.output.models import Snapshot
from reports.publication.models import Publication
from reports.subscription.models import Notice, Subscription

BATCH = 500
SECONDS = 60  # of one call of the task; the next one continues
LATELY = datetime.timedelta(days=30)  # what was published before is no news
TEMPLATE = "reports/edition"
SCOPE = ("series", "region", "contest", "as_of", "edition", "from_year", "to_year")


def tell_subscribers() -> int:
    """Go on with each version that was published lately; returns how many mails were written."""
    until, written = monotonic() + SECONDS, 0
    lately = Snapshot.objects.filter(published_at__gte=timezone.now() - LATELY)
    open_ones = lately.filter(notice=None) | lately.filter(notice__finished_at=None)
    for pk in list(open_ones.order_by("published_at").values_list("pk", flat=True)):
        Notice.objects.get_or_create(snapshot_id=pk)
        more: int | None = 0
        while more is not None and monotonic() < until:
            more = tell_batch(pk)
            written += more or 0
    return written


@transaction.atomic
def tell_batch(snapshot: int) -> int | None:
    """Write to the next subscribers; None when nobody is left or another worker is at work."""
    notice = (
        Notice.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("snapshot__publication__region")
        .defer("snapshot__body")
        .filter(snapshot=snapshot, finished_at=None)
        .first()
    )
    if notice is None:
        return None
    publication = notice.snapshot.publication
    if publication.published_version != notice.snapshot.version:
        finish(notice)  # withdrawn, or replaced before anybody was told
        return None
    languages = languages_of(publication)
    due = Subscription.objects.to_be_told(publication).filter(pk__gt=notice.reached)
    due = due.filter(confirmed_at__lte=notice.snapshot.published_at)
    rows = list(due.select_related("user").order_by("pk")[:BATCH])
    if not rows:
        finish(notice)
        return None
    letters = [row for row in rows if is_for(row, publication, languages)]
    for row in letters:
        write(row, notice.snapshot)
    notice.reached, notice.written = rows[-1].pk, notice.written + len(letters)
    notice.save(update_fields=["reached", "written"])
    return len(letters)


def finish(notice: Notice) -> None:
    notice.finished_at = timezone.now()
    notice.save(update_fields=["finished_at"])


def languages_of(publication: Publication) -> list[str]:
    """The languages in which this edition is public, the first published first."""
    scope = {name: getattr(publication, name) for name in SCOPE}
    public = Publication.objects.online().filter(**scope)
    return list(
        public.order_by("published_at", "pk").values_list("language", flat=True)
    )


def is_for(row: Subscription, publication: Publication, languages: list[str]) -> bool:
    """Each edition is told once: in the reader's language when it is public in it, otherwise
    in the one that came first."""
    reads = row.reads if row.reads in languages else languages[0]
    return publication.language == reads


def write(row: Subscription, snapshot: Snapshot) -> None:
    publication = snapshot.publication
    context: dict[str, Any] = {
        "publication": publication,
        "about": row.about,
        "note": note_of(snapshot),
    }
    if row.user:
        outbox.send(TEMPLATE, row.user, context)
    else:
        stop = row.stop_url()
        outbox.send_to_address(
            TEMPLATE, row.email, row.language, context, unsubscribe=stop
        )


def note_of(snapshot: Snapshot) -> str:
    """The public note of an amendment; "" for a first version."""
    builds = snapshot.publication.builds.filter(version=snapshot.version)
    return builds.values_list("note", flat=True).first() or ""
