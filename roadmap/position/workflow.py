"""The workflow of an agency's position: who may make which move."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.moves.workflow import Move, Workflow, moves

# Roles towards one lane: who writes for an agency, and who answers for what it says.
FOCAL_POINT, APPROVER = "focal point", "approver"


WRITERS = frozenset({FOCAL_POINT, APPROVER})


APPROVERS = frozenset({APPROVER})


class PositionStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    CLEARED = "cleared", _("Cleared")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# “replace” and “supersede” are made by the portal for the person who writes or publishes the next
# version: PositionVersion.write and PositionVersion.move.
AUTOMATIC = frozenset({"replace", "supersede"})


POSITION_WORKFLOW = Workflow(
    model_label="roadmap.positionversion",
    initial=PositionStatus.DRAFT,
    moves=moves(
        Move(
            "clear",
            {PositionStatus.DRAFT},
            PositionStatus.CLEARED,
            by=APPROVERS,
            label=_("Clear"),
            check="require_evidence",
        ),
        Move(
            "publish",
            {PositionStatus.DRAFT, PositionStatus.CLEARED},
            PositionStatus.PUBLISHED,
            by=APPROVERS,
            label=_("Publish"),
            check="require_evidence",
            then="log_publication",
        ),
        Move(
            "discard",
            {PositionStatus.DRAFT, PositionStatus.CLEARED},
            PositionStatus.WITHDRAWN,
            by=WRITERS,
            label=_("Discard"),
            needs_note=True,
        ),
        Move(
            "withdraw",
            {PositionStatus.PUBLISHED},
            PositionStatus.WITHDRAWN,
            by=APPROVERS,
            label=_("Withdraw"),
            needs_note=True,
            then="log_withdrawal",
        ),
        Move(
            "replace",
            {PositionStatus.DRAFT, PositionStatus.CLEARED},
            PositionStatus.SUPERSEDED,
            by=WRITERS,
            label=_("Replace by a newer text"),
        ),
        Move(
            "supersede",
            {PositionStatus.PUBLISHED},
            PositionStatus.SUPERSEDED,
            by=APPROVERS,
            label=_("Supersede by the next position"),
        ),
    ),
)
