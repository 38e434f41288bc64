"""The workflow of milestones: who may make which move."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import STAFF_ROLES
from common.moves.workflow import Move, Workflow, moves

STAFF = frozenset(role.value for role in STAFF_ROLES)


class Status(models.TextChoices):
    """Status of a record of the roadmap: whether it is public."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


MILESTONE_WORKFLOW = Workflow(
    model_label="roadmap.milestone",
    initial=Status.DRAFT,
    moves=moves(
        Move(
            "publish",
            {Status.DRAFT},
            Status.PUBLISHED,
            by=STAFF,
            label=_("Publish"),
            then="log_publication",
        ),
        Move(
            "withdraw",
            {Status.PUBLISHED},
            Status.WITHDRAWN,
            by=STAFF,
            label=_("Withdraw"),
            needs_note=True,
            then="log_withdrawal",
        ),
        Move(
            "restore",
            {Status.WITHDRAWN},
            Status.PUBLISHED,
            by=STAFF,
            label=_("Publish again"),
            needs_note=True,
            then="log_publication",
        ),
    ),
)
