"""How a request to remove a lost second factor moves: two officers, a waiting time, mails."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import OWNER, STAFF_ROLES
from common.moves.models import StatusChange
from common.moves.workflow import Move, Workflow, moves


class Clock:
    """The actor behind the end of the waiting time; nobody can sign in as it."""

    pk = None
    is_authenticated = False


CLOCK = Clock()
CLOCK_ROLE = "clock"

STAFF = frozenset(role.value for role in STAFF_ROLES)
OWNERS = frozenset({OWNER})
MACHINE = frozenset({CLOCK_ROLE})


class ResetStatus(models.TextChoices):
    ASKED = "asked", _("Waits for the first officer")
    CHECKED = "checked", _("Waits for the second officer")
    APPROVED = "approved", _("Approved; the waiting time runs")
    DONE = "done", _("Two-step verification was removed")
    REFUSED = "refused", _("Rejected")
    STOPPED = "stopped", _("Stopped from the account")


OPEN_RESETS = (ResetStatus.ASKED, ResetStatus.CHECKED, ResetStatus.APPROVED)


def require_identity(reset: Any) -> None:
    reset.require_identity()


def require_over(reset: Any) -> None:
    reset.require_over()


def tell(reset: Any, change: StatusChange) -> None:
    reset.tell(change)


def begin_waiting(reset: Any, change: StatusChange) -> None:
    reset.begin_waiting()
    reset.tell(change)


def remove_factors(reset: Any, change: StatusChange) -> None:
    reset.remove_factors()
    reset.tell(change)


RESET_WORKFLOW = Workflow(
    model_label="accounts.factorreset",
    initial=ResetStatus.ASKED,
    moves=moves(
        Move(
            "check",
            frozenset({ResetStatus.ASKED}),
            ResetStatus.CHECKED,
            by=STAFF,
            label=_("Confirm the identity"),
            needs_note=True,
            check=require_identity,
            then=tell,
        ),
        Move(
            "approve",
            frozenset({ResetStatus.CHECKED}),
            ResetStatus.APPROVED,
            by=STAFF,
            label=_("Confirm as the second officer"),
            needs_note=True,
            check=require_identity,
            then=begin_waiting,
        ),
        Move(
            "refuse",
            frozenset(OPEN_RESETS),
            ResetStatus.REFUSED,
            by=STAFF,
            label=_("Reject the request"),
            needs_note=True,
            then=tell,
        ),
        Move(
            "stop",
            frozenset(OPEN_RESETS),
            ResetStatus.STOPPED,
            by=OWNERS,
            label=_("Stop the request"),
            then=tell,
        ),
        Move(
            "finish",
            frozenset({ResetStatus.APPROVED}),
            ResetStatus.DONE,
            by=MACHINE,
            label=_("Remove two-step verification"),
            offered=False,
            check=require_over,
            then=remove_factors,
        ),
    ),
)
