"""Statuses move through one table: who may take which step, from where to where."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser

NOTE_MAX_LENGTH = (
    2000  # characters; the reason is shown to its reader and kept for ever
)


SECOND_STEP = _(
    "Your staff role takes effect when you have confirmed the second step of signing in."
)
CONCERNED = _("You are concerned in this yourself: another officer has to decide.")


class MoveRefused(Exception):  # noqa: N818  (a refusal is no fault of the program)
    """A move that cannot be made; `message` is a sentence for the person who tried."""

    code = "refused"
    http_status = 409

    def __init__(self, message: str | Promise) -> None:
        self.message = message
        super().__init__(str(message))


class NotYourMove(MoveRefused):
    code = "not_your_move"
    http_status = 403


class NoteMissing(MoveRefused):
    code = "note_missing"
    http_status = 400


@dataclass(frozen=True)
class Move:
    """One row of the table. `by` names roles; "owner" is the role of the record's own people.

    A move that only goes back says `stamps=False`: the record keeps the time at which it first
    came to that status, and with it its place in a queue. One that is no button of every page
    (`offered=False`) is made by name, from where it belongs. `check`, `then` and `check_all`, which
    is `check` for many records at once in fewer queries, name methods of the model.
    """

    name: str
    sources: Set[str]
    target: str
    by: Set[str]
    label: str | Promise
    needs_note: bool = False
    stamps: bool = True
    offered: bool = True
    check: Any = ""
    check_all: Any = ""
    then: Any = ""


class Movable(Protocol):
    """What the table needs of a record: a status, and the roles a person has towards it."""

    pk: Any
    status: str

    def roles_of(self, user: Any) -> set[str]: ...


@dataclass(frozen=True)
class Workflow:
    """The table of moves of one model; drawn, tested and offered as buttons from here."""

    model_label: str
    initial: str
    moves: tuple[Move, ...] = field(default=())

    def __iter__(self) -> Iterator[Move]:
        return iter(self.moves)

    def __getitem__(self, name: str) -> Move:
        for candidate in self.moves:
            if candidate.name == name:
                return candidate
        raise KeyError(name)

    def open_to(self, record: Any, user: Any) -> list[Move]:
        """The moves this person may make now, in the table's order: the buttons of the page."""
        roles = record.roles_of(user)
        return [
            m
            for m in self.moves
            if m.offered and record.status in m.sources and m.by & roles
        ]

    def statuses(self) -> set[str]:
        return {self.initial} | {m.target for m in self.moves}

    @transaction.atomic
    def move(self, record: Any, name: str, user: Any, note: str = "") -> Any:
        """Make the move: lock, check source and role, stamp, log, tell. Raises MoveRefused."""
        chosen = self[name]
        locked = type(record)._default_manager.select_for_update().get(pk=record.pk)
        self._check(chosen, locked, user, note)
        change = self._apply(chosen, locked, user, note)
        if chosen.then:
            chosen.then(locked, change)
        return locked

    @transaction.atomic
    def move_all(
        self, records: list[Any], name: str, user: Any, note: str = ""
    ) -> list[Any]:
        """Make one move with many records, all or none, in a number of queries that does not grow
        with them unless the move's own `check` or `then` asks more. Raises MoveRefused."""
        if not records:
            return []
        chosen = self[name]
        manager = type(records[0])._default_manager
        wanted = manager.filter(pk__in=[record.pk for record in records]).order_by("pk")
        locked = list(wanted.select_for_update())
        for record in locked:
            self._check_table(chosen, record, user, note)
        if chosen.check_all:
            chosen.check_all(locked)
        elif chosen.check:
            for record in locked:
                chosen.check(record)
        changes = self._apply_all(chosen, locked, user, note)
        if chosen.then:
            for record, change in zip(locked, changes, strict=True):
                chosen.then(record, change)
        return locked

    def _check(self, chosen: Move, record: Any, user: Any, note: str) -> None:
        self._check_table(chosen, record, user, note)
        if chosen.check:
            chosen.check(record)

    @staticmethod
    def _check_table(chosen: Move, record: Any, user: Any, note: str) -> None:
        """What the table itself asks: the role, the status, the reason."""
        if not chosen.by & record.roles_of(user):
            raise NotYourMove(why_not(chosen, user))
        if record.status not in chosen.sources:
            raise MoveRefused(
                _("This is no longer possible: the status is now “%(status)s”.")
                % {"status": record.get_status_display()}
            )
        if chosen.needs_note and not note.strip():
            raise NoteMissing(_("Enter a reason: it is sent to the person concerned."))
        require_length(note)

    def _apply(self, chosen: Move, record: Any, user: Any, note: str) -> Any:
        change = self._change(chosen, record, user, note)
        record.save(update_fields=self._set_status(chosen, record))
        change.save()
        return change

    def _apply_all(
        self, chosen: Move, records: list[Any], user: Any, note: str
    ) -> list[Any]:
        changes = [self._change(chosen, record, user, note) for record in records]
        changed: list[str] = []
        for record in records:
            changed = self._set_status(chosen, record)
        if records:
            type(records[0])._default_manager.bulk_update(records, changed)
        from common.moves.models import StatusChange  # noqa: PLC0415

        return StatusChange.objects.bulk_create(changes)

    @staticmethod
    def _set_status(chosen: Move, record: Any) -> list[str]:
        """Bring the record to its new status in memory; the names of the columns to be saved."""
        record.status = chosen.target
        stamp = f"{chosen.target}_at"
        if chosen.stamps and any(f.name == stamp for f in record._meta.fields):
            setattr(record, stamp, timezone.now())
            return ["status", stamp]
        return ["status"]

    @staticmethod
    def _change(chosen: Move, record: Any, user: Any, note: str) -> Any:
        from common.moves.models import StatusChange  # noqa: PLC0415

        return StatusChange(
            record_kind=record._meta.label_lower,
            record_id=record.pk,
            move=chosen.name,
            source=record.status,
            target=chosen.target,
            by=user if getattr(user, "pk", None) else None,
            note=note.strip(),
        )


def require_length(note: str) -> None:
    if len(note) > NOTE_MAX_LENGTH:
        raise MoveRefused(
            _("The reason is too long: at most %(limit)s characters.")
            % {"limit": NOTE_MAX_LENGTH}
        )


def why_not(move: Move, user: AnyUser) -> str | Promise:
    """Why this person may not make the move on a record. `roles_of` leaves out roles that do not
    count towards the record, `roles` those that do not hold in the session."""
    if user.is_authenticated:
        if move.by & user.roles:
            return CONCERNED
        if move.by & user.granted_roles:
            return SECOND_STEP
    return _("You do not have permission to do this.")


def moves(*rows: Move) -> tuple[Move, ...]:
    """The rows, once it is sure that each has its own name."""
    names = [row.name for row in rows]
    if len(names) != len(set(names)):
        raise ValueError(f"two moves share a name: {names}")
    return rows


def status_check(workflow_statuses: Iterable[str], name: str) -> models.CheckConstraint:
    """A CHECK that holds the status column to the statuses of the table."""
    return models.CheckConstraint(
        condition=models.Q(status__in=sorted(workflow_statuses)), name=name
    )
