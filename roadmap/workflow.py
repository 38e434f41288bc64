"""How milestones and the positions of agencies move; who may take which step."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.roles import STAFF_ROLES
from common.models import Change, StatusChange
from common.workflow import Move, Workflow, moves

STAFF = frozenset(role.value for role in STAFF_ROLES)
# Roles towards one lane: who writes for an agency, and who answers for what it says.
FOCAL_POINT, APPROVER = "focal point", "approver"
WRITERS = frozenset({FOCAL_POINT, APPROVER})
APPROVERS = frozenset({APPROVER})


class Status(models.TextChoices):
    """Of a record of the roadmap: whether the public sees it."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PositionStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    CLEARED = "cleared", _("Cleared")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")
    WITHDRAWN = "withdrawn", _("Withdrawn")


def enter_register(milestone: Any, change: StatusChange) -> None:
    milestone.record_change(Change.Kind.PUBLISH, by=change.by)


def leave_register(milestone: Any, change: StatusChange) -> None:
    milestone.record_change(Change.Kind.DELETE, by=change.by)


def require_evidence(position: Any) -> None:
    position.require_evidence()


def enter_position(position: Any, change: StatusChange) -> None:
    position.record_change(Change.Kind.PUBLISH)


def leave_position(position: Any, change: StatusChange) -> None:
    position.record_change(Change.Kind.DELETE)


MILESTONE_WORKFLOW = Workflow(
    model_label="roadmap.milestone",
    initial=Status.DRAFT,
    moves=moves(
        Move(
            "publish",
            frozenset({Status.DRAFT}),
            Status.PUBLISHED,
            by=STAFF,
            label=_("Publish"),
            then=enter_register,
        ),
        Move(
            "withdraw",
            frozenset({Status.PUBLISHED}),
            Status.WITHDRAWN,
            by=STAFF,
            label=_("Withdraw"),
            needs_note=True,
            then=leave_register,
        ),
        Move(
            "restore",
            frozenset({Status.WITHDRAWN}),
            Status.PUBLISHED,
            by=STAFF,
            label=_("Publish again"),
            needs_note=True,
            then=enter_register,
        ),
    ),
)

# “replace” and “supersede” are made by the portal for the person who writes or publishes the next
# version: PositionVersion.write and PositionVersion.move.
AUTOMATIC = frozenset({"replace", "supersede"})
POSITION_WORKFLOW = Workflow(
    model_label="roadmap.positionversion",
    initial=PositionStatus.DRAFT,
    moves=moves(
        Move(
            "clear",
            frozenset({PositionStatus.DRAFT}),
            PositionStatus.CLEARED,
            by=APPROVERS,
            label=_("Clear"),
            check=require_evidence,
        ),
        Move(
            "publish",
            frozenset({PositionStatus.DRAFT, PositionStatus.CLEARED}),
            PositionStatus.PUBLISHED,
            by=APPROVERS,
            label=_("Publish"),
            check=require_evidence,
            then=enter_position,
        ),
        Move(
            "discard",
            frozenset({PositionStatus.DRAFT, PositionStatus.CLEARED}),
            PositionStatus.WITHDRAWN,
            by=WRITERS,
            label=_("Discard"),
            needs_note=True,
        ),
        Move(
            "withdraw",
            frozenset({PositionStatus.PUBLISHED}),
            PositionStatus.WITHDRAWN,
            by=APPROVERS,
            label=_("Withdraw"),
            needs_note=True,
            then=leave_position,
        ),
        Move(
            "replace",
            frozenset({PositionStatus.DRAFT, PositionStatus.CLEARED}),
            PositionStatus.SUPERSEDED,
            by=WRITERS,
            label=_("Replace by a newer text"),
        ),
        Move(
            "supersede",
            frozenset({PositionStatus.PUBLISHED}),
            PositionStatus.SUPERSEDED,
            by=APPROVERS,
            label=_("Supersede by the next position"),
        ),
    ),
)
