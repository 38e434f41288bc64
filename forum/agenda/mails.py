"""Mails about a release: one to each person whose sessions it changes."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.user.models import User
from common.mail import outbox
from forum.agenda.models import AgendaRelease, ReleaseChange, ReleasedSession
from forum.session.models import Session

# The most important first, for readers who read one line only.
TOLD = (
    ReleaseChange.CANCELLED,
    ReleaseChange.MOVED,
    ReleaseChange.PLACED_AGAIN,
    ReleaseChange.RESTORED,
    ReleaseChange.CHANGED,
    ReleaseChange.ADDED,
)


@transaction.atomic
def tell(pk: int) -> int:
    """Write to organizers, speakers and people who starred a session; returns how many mails.

    The row of the release is locked and stores when it was done: a second call writes to nobody.
    """
    untold = AgendaRelease.objects.untold().select_related("edition").defer("content")
    release = (
        untold.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    )
    if release is None:
        return 0
    rows = _rows(release)
    concerned = Session.objects.filter(pk__in=rows).concerned()
    concerned.pop(release.by_id or 0, None)  # whoever released it knows
    sent = 0
    for user in User.objects.filter(pk__in=concerned, is_active=True).order_by("pk"):
        own = [row for session, row in rows.items() if session in concerned[user.pk]]
        context = {
            "release": release,
            "rows": own,
            "all_new": all(row["kind_code"] == ReleaseChange.ADDED for row in own),
        }
        sent += outbox.send("forum/release", user, context) is not None
    release.told_at = timezone.now()
    release.save(update_fields=["told_at"])
    return sent


def _rows(release: AgendaRelease) -> dict[int, dict[str, Any]]:
    """Session → its change, cancelled ones first; names are chosen when the language is known."""
    rows = {
        row["id"]: row | {"kind": kind.label, "kind_code": kind}
        for kind in TOLD
        for row in release.changes.get(kind, [])
    }
    public = ReleasedSession.objects.for_agenda().in_bulk(rows)
    return {pk: row | {"session": public[pk]} for pk, row in rows.items()}
