"""Releasing an agenda: the schedule of the desk becomes what the public reads.

The number of queries does not grow with the sessions of an edition: they are read together,
compared in memory, and only what changed is written, all at once.
"""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.moves.models import StatusChange
from common.moves.workflow import MoveRefused
from common.records.hashing import content_hash
from common.records.models import Change
from forum.agenda.comparison import change_row, marks_after
from forum.agenda.models import (
    AgendaRelease,
    ReleaseChange,
    ReleasedSession,
    freeze_agenda,
    public_columns,
    public_content,
    released_values,
)
from forum.base.workflow import DESK
from forum.edition.models import Edition
from forum.people.models import Person
from forum.session.models import Session
from forum.session.workflow import SessionStatus

# What a release shows; drafts stay at the desk.
SHOWN = (
    SessionStatus.SCHEDULED,
    SessionStatus.RELEASED,
    SessionStatus.MOVED,
    SessionStatus.CANCELLED,
)
CHANGE_OF = {
    SessionStatus.CANCELLED: ReleaseChange.CANCELLED,
    SessionStatus.MOVED: ReleaseChange.MOVED,
}
# Back in the programme, and where the public last read of the session.
BACK_FROM = {
    SessionStatus.CANCELLED: ReleaseChange.RESTORED,
    SessionStatus.MOVED: ReleaseChange.PLACED_AGAIN,
}


class NothingToRelease(MoveRefused):
    code = "nothing_to_release"


class InputsUnanswered(MoveRefused):
    """Official inputs to the consultation wait for an answer, and no reason was given."""

    code = "inputs_unanswered"


@transaction.atomic
def release_agenda(
    edition: Edition,
    by: Any,
    name: str,
    note: str = "",
    only: Iterable[int] | None = None,
    early_reason: str = "",
) -> AgendaRelease:
    """Store the schedule as the next release; `only` limits it to these sessions (an import).

    Raises MoveRefused with a sentence when a session has no room or a person two at once, and
    NothingToRelease when nothing public would change. While official inputs to the consultation
    have no answer, a reason is needed, and printed with the release.
    """
    edition.lock()
    unanswered = require_answers(edition, early_reason) if only is None else 0
    rows = Session.objects.of_edition(edition).filter(status__in=SHOWN)
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    waiting = list(rows.filter(status=SessionStatus.SCHEDULED))
    Session.move_all(waiting, "release", DESK)
    sessions = list(rows.all().with_people().order_by("pk"))
    Session.require_places(
        [one for one in sessions if one.status == SessionStatus.RELEASED]
    )
    changes = _publish(edition, sessions)
    if not any(changes.values()):
        raise NothingToRelease(_("Nothing has changed since the last release."))
    _require_free_rooms()
    release = freeze_agenda(edition, by, name, note, changes)
    if unanswered:
        release.unanswered, release.early_reason = unanswered, early_reason
        release.save(update_fields=["unanswered", "early_reason"])
    return release


def require_answers(edition: Edition, early_reason: str) -> int:
    """How many official inputs still have no disposition. Raises InputsUnanswered when there are
    some, and no reason to release before."""
    unanswered: int = edition.submissions.official().unanswered().count()
    if unanswered and not early_reason:
        raise InputsUnanswered(_waiting(unanswered))
    return unanswered


def _waiting(unanswered: int) -> str:
    return ngettext(
        "%(count)d official input to the consultation has no answer. Answer it, or enter why the "
        "agenda is released before: the reason is printed with the release.",
        "%(count)d official inputs to the consultation have no answer. Answer them, or enter why "
        "the agenda is released before: the reason is printed with the release.",
        unanswered,
    ) % {"count": unanswered}


def _publish(
    edition: Edition, sessions: list[Session]
) -> dict[str, list[dict[str, Any]]]:
    """Update the public rows; returns what was added, changed, moved and cancelled."""
    standing = ReleasedSession.objects.of_edition(edition).in_bulk()
    changes: dict[str, list[dict[str, Any]]] = {
        kind.value: [] for kind in ReleaseChange
    }
    changed: list[ReleasedSession] = []
    for session in sessions:
        before = standing.get(session.pk)
        if before is None and session.status in CHANGE_OF:
            continue  # cancelled before anybody had read of it
        content = public_content(session)
        digest = content_hash(content)
        if before and before.content_hash == digest:
            continue
        old = before.public_content() if before else None
        changes[_kind(session, before)].append(change_row(session.pk, old, content))
        row = _public_row(session, before, digest)
        if before and old:
            row.marks = marks_after(before.marks, old, content)
        changed.append(row)
    _write(changed, known=set(standing))
    people = {part["person"] for session in sessions for part in session.parts()}
    Person.objects.filter(pk__in=people, is_public=False).update(is_public=True)
    return changes


def _kind(session: Session, before: ReleasedSession | None) -> str:
    """The kind of change of a session; a status that was public already is no change."""
    if before is None:
        return ReleaseChange.ADDED.value
    if before.status == session.status:
        return ReleaseChange.CHANGED.value
    kind = CHANGE_OF.get(SessionStatus(session.status)) or BACK_FROM.get(
        SessionStatus(before.status), ReleaseChange.CHANGED
    )
    return kind.value


def _public_row(
    session: Session, before: ReleasedSession | None, digest: str
) -> ReleasedSession:
    """The new public row of a session."""
    return ReleasedSession(
        session=session,
        edition=session.edition,
        sequence=before.sequence + 1 if before else 0,
        content_hash=digest,
        changed_at=timezone.now(),
        **released_values(session),
    )


def _write(changed: list[ReleasedSession], known: set[int]) -> None:
    """Write the public rows, with the reasons of cancellations, and the log of public changes."""
    reasons = _reasons([row for row in changed if row.status in CHANGE_OF])
    for row in changed:
        row.reason = reasons.get(row.pk, "")
    columns = [field.name for field in public_columns() if not field.primary_key]
    ReleasedSession.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["session"], update_fields=columns
    )
    kinds = {True: Change.Kind.UPDATE, False: Change.Kind.CREATE}
    Change.objects.bulk_create(
        row.change_line(kinds[row.pk in known]) for row in changed
    )


def _reasons(rows: list[ReleasedSession]) -> dict[int, str]:
    """Session → the note of the move that took it out of the programme."""
    if not rows:
        return {}
    moves = StatusChange.objects.filter(
        record_kind="forum.session", record_id__in=[row.pk for row in rows]
    ).order_by("at", "pk")
    target = {row.pk: row.status for row in rows}
    return {
        move.record_id: move.note
        for move in moves
        if move.target == target[move.record_id]
    }


def _require_free_rooms() -> None:
    """Check in the database now, not at the end, that no room is public twice at one time.

    A limited release can meet a session that the desk has moved away but not released yet.
    """
    name = "released_room_once_at_a_time"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS {name} IMMEDIATE")
            cursor.execute(f"SET CONSTRAINTS {name} DEFERRED")
    except IntegrityError as error:
        raise MoveRefused(
            _(
                "A room would be booked twice at the same time: release the whole agenda first."
            )
        ) from error
