"""Releasing an agenda: what the desk has scheduled becomes what the public reads."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.models import Change
from common.workflow import MoveRefused
from forum.models import AgendaRelease, Edition, Person, ReleasedSession, Session
from forum.models.agenda import (
    PLAIN,
    ReleaseChange,
    content_hash,
    freeze_agenda,
    public_content,
)
from forum.workflow import DESK, SessionStatus

# What a release shows; drafts stay at the desk.
SHOWN = (
    SessionStatus.SCHEDULED,
    SessionStatus.RELEASED,
    SessionStatus.MOVED,
    SessionStatus.CANCELLED,
)
CHANGE_OF = {SessionStatus.CANCELLED: "cancelled", SessionStatus.MOVED: "moved"}


class NothingToRelease(MoveRefused):
    code = "nothing_to_release"


@transaction.atomic
def release_agenda(
    edition: Edition, by: Any, name: str, note: str = "", only: Iterable[int] | None = None
) -> AgendaRelease:
    """Freeze the schedule as the next release; `only` limits it to these sessions (an import).

    Raises MoveRefused with a sentence when a session has no place or a person two at once, and
    NothingToRelease when the public would read nothing new.
    """
    edition.lock()
    rows = Session.objects.of_edition(edition).filter(status__in=SHOWN)
    if only is not None:
        rows = rows.filter(pk__in=only)
    for waiting in rows.filter(status__in=[SessionStatus.SCHEDULED]):
        waiting.move("release", DESK)
    sessions = list(rows.all().with_people().order_by("pk"))
    for session in sessions:
        if session.status == SessionStatus.RELEASED:
            session.require_place()
    changes = _publish(edition, sessions)
    if not any(changes.values()):
        raise NothingToRelease(_("Nothing has changed since the last release."))
    _require_free_rooms()
    return freeze_agenda(edition, by, name, note, changes)


def _publish(edition: Edition, sessions: list[Session]) -> dict[str, list[dict[str, Any]]]:
    """Bring the public rows in step; what was added, changed, moved, cancelled."""
    standing = ReleasedSession.objects.of_edition(edition).in_bulk()
    changes: dict[str, list[dict[str, Any]]] = {kind.value: [] for kind in ReleaseChange}
    for session in sessions:
        before = standing.get(session.pk)
        if before is None and session.status in CHANGE_OF:
            continue  # cancelled before anybody had read of it
        content = public_content(session)
        digest = content_hash(content)
        if before and before.content_hash == digest:
            continue
        fields = [] if before is None else _differences(before.public_content(), content)
        kind = _kind(session, before)
        changes[kind].append({"id": session.pk, "title": session.title, "fields": fields})
        _write(session, before, digest)
    people = {part["person"] for session in sessions for part in session.parts()}
    Person.objects.filter(pk__in=people, is_public=False).update(is_public=True)
    return changes


def _kind(session: Session, before: ReleasedSession | None) -> str:
    """What a release does to a session; a status that was public already is no news."""
    if before is None:
        return "added"
    if before.status == session.status:
        return "changed"
    return CHANGE_OF.get(SessionStatus(session.status), "changed")


def _reason(session: Session) -> str:
    """What was written with the move that took the session out of the programme."""
    if session.status not in CHANGE_OF:
        return ""
    last = session.history().filter(target=session.status).first()
    return last.note if last else ""


def _require_free_rooms() -> None:
    """Ask the database now, not at the end, whether no room is public twice at one time.

    A limited release can meet a session that the desk has moved away, but not released yet.
    """
    name = "released_room_once_at_a_time"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS {name} IMMEDIATE")
            cursor.execute(f"SET CONSTRAINTS {name} DEFERRED")
    except IntegrityError as error:
        raise MoveRefused(
            _("A room would be public twice at one time: release the whole agenda first.")
        ) from error


def _differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Names of the fields that differ; statuses speak for themselves."""
    return [name for name in after if before[name] != after[name] and name != "status"]


def _write(session: Session, before: ReleasedSession | None, digest: str) -> None:
    """The public row of a session, and its line in the log of public changes."""
    values = {name: getattr(session, name) for name in PLAIN}
    row, _new = ReleasedSession.objects.update_or_create(
        session=session,
        defaults=values | {
            "edition": session.edition, "people": session.parts(), "reason": _reason(session),
            "sequence": before.sequence + 1 if before else 0,
            "content_hash": digest, "changed_at": timezone.now(),
        },
    )  # fmt: skip
    row.log_change(Change.Kind.UPDATE if before else Change.Kind.CREATE)
