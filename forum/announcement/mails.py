"""Mails about a release: one to each person whose sessions it changes, with or without account."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.user.models import User
from common.mail import outbox
from common.moves.models import StatusChange
from forum.agenda.models import AgendaRelease, ReleaseChange, ReleasedSession
from forum.announcement.reach import (
    accounts_of,
    letters_to,
    outcome,
    people_of,
    speakers_of,
)
from forum.claim.speakers import register_speakers
from forum.registration.models import Registration
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

    Somebody with a part and no account is written to at the address of their record; who has
    none is kept with the release. The row of the release is locked and stores when it was done:
    a second call writes to nobody.
    """
    untold = AgendaRelease.objects.untold().select_related("edition").defer("content")
    release = (
        untold.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    )
    if release is None:
        return 0
    rows = _rows(release)
    people = people_of(rows)
    accounts = accounts_of(people)
    registered = register_speakers(release.edition, speakers_of(rows))
    concerned = Session.objects.filter(pk__in=rows).concerned()
    for person, sessions in people.items():
        if person.pk in accounts:
            concerned[accounts[person.pk]] |= sessions
    concerned.pop(release.by_id or 0, None)  # whoever released it knows
    told = _write_to_accounts(release, rows, concerned, registered)
    without = {
        person: sessions
        for person, sessions in people.items()
        if person.email and person.pk not in accounts
    }
    letters = letters_to(without)
    for address, letter in letters.items():
        context = _context(release, rows, letter.sessions)
        context |= {"to": letter.names, "is_guest": True}
        outbox.send_to_address("forum/release", address, letter.language, context)
    release.told = outcome(people, accounts, told | {release.by_id or 0})
    release.told_at = timezone.now()
    release.save(update_fields=["told", "told_at"])
    return len(told) + len(letters)


def _write_to_accounts(
    release: AgendaRelease,
    rows: dict[int, dict[str, Any]],
    concerned: dict[int, set[int]],
    registered: dict[int, Registration],
) -> set[int]:
    """The accounts that were told, of those whose sessions the release has changed. Who wants no
    mails on the agenda still reads that they are registered now."""
    told = set()
    for user in User.objects.filter(pk__in=concerned, is_active=True).order_by("pk"):
        context = _context(release, rows, concerned[user.pk])
        context["registration"] = registered.get(user.pk)
        if outbox.send("forum/release", user, context):
            told.add(user.pk)
    for account in registered.keys() - told:
        registration = registered[account]
        registration.tell_participant(StatusChange(target=registration.status))
    return told


def _context(
    release: AgendaRelease, rows: dict[int, dict[str, Any]], sessions: set[int]
) -> dict[str, Any]:
    own = [row for session, row in rows.items() if session in sessions]
    return {
        "release": release,
        "rows": own,
        "all_new": all(row["kind_code"] == ReleaseChange.ADDED for row in own),
    }


def _rows(release: AgendaRelease) -> dict[int, dict[str, Any]]:
    """Session → its change, cancelled ones first; names are chosen when the language is known."""
    rows = {
        row["id"]: row | {"kind": kind.label, "kind_code": kind}
        for kind in TOLD
        for row in release.changes.get(kind, [])
    }
    public = ReleasedSession.objects.for_agenda().in_bulk(rows)
    return {pk: row | {"session": public[pk]} for pk, row in rows.items()}
