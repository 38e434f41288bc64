"""Workflows: tables that say who may move a record from which status to which."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field

from django.db import models
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

    A move that only goes back has `stamps=False`: the record keeps the time at which it first
    reached that status, and with it its place in a queue. A move without a button on every page
    (`offered=False`) is made by name. `check`, `then` and `check_all`, which is `check` for many
    records at once in fewer queries, name methods of the model.
    """

    name: str
    sources: Set[str]
    target: str
    by: Set[str]
    label: str | Promise
    needs_note: bool = False
    stamps: bool = True
    offered: bool = True
    check: str = ""
    check_all: str = ""
    then: str = ""


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

    def statuses(self) -> set[str]:
        return {self.initial} | {m.target for m in self.moves}


def require_length(note: str) -> None:
    if len(note) > NOTE_MAX_LENGTH:
        raise MoveRefused(
            _("The reason is too long: at most %(limit)s characters.")
            % {"limit": NOTE_MAX_LENGTH}
        )


def why_not(move: Move, user: AnyUser) -> str | Promise:
    """Why this person may not make the move. `roles_of` leaves out roles that do not count for
    the record, `roles` those that do not hold in the session."""
    if user.is_authenticated:
        if move.by & user.roles:
            return CONCERNED
        if move.by & user.granted_roles:
            return SECOND_STEP
    return _("You do not have permission to do this.")


def moves(*rows: Move) -> tuple[Move, ...]:
    """The rows; raises when two have the same name."""
    names = [row.name for row in rows]
    if len(names) != len(set(names)):
        raise ValueError(f"two moves share a name: {names}")
    return rows


def status_check(workflow_statuses: Iterable[str], name: str) -> models.CheckConstraint:
    """A CHECK constraint that limits the status column to the statuses of the table."""
    return models.CheckConstraint(
        condition=models.Q(status__in=sorted(workflow_statuses)), name=name
    )
