"""How an entry of the Stocktaking database moves from draft to public record."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from common import mail
from common.models import Change, StatusChange
from common.workflow import Move, Workflow, moves
from stocktaking.entry_workflows import CLAIM_WORKFLOW, OWNERS, REVISION_WORKFLOW, STAFF

__all__ = ["CLAIM_WORKFLOW", "OWNERS", "PROJECT_WORKFLOW", "REVISION_WORKFLOW", "STAFF", "Status"]


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    PUBLISHED = "published", _("Published")
    RETURNED = "returned", _("Returned for changes")
    REFUSED = "refused", _("Refused")
    ARCHIVED = "archived", _("Archived")


def require_complete(project: Any) -> None:
    project.require_complete()


def enter_register(project: Any, change: StatusChange) -> None:
    project.record_change(Change.Kind.PUBLISH, by=change.by)
    tell_owner(project, change)


def leave_register(project: Any, change: StatusChange) -> None:
    if change.source == Status.PUBLISHED:
        project.record_change(Change.Kind.DELETE, by=change.by)
    tell_owner(project, change)


def tell_owner(project: Any, change: StatusChange) -> None:
    """Write to the owner, unless the owner made the move."""
    if project.owner and project.owner != change.by:
        mail.send(
            f"stocktaking/{change.target}", project.owner, {"project": project, "change": change}
        )


def receive(project: Any, change: StatusChange) -> None:
    """Tie the entry to the authority list, and send its owner a copy of what was submitted."""
    project.link_organisation()
    if project.owner:
        mail.send("stocktaking/submitted", project.owner, {"project": project, "change": change})


PROJECT_WORKFLOW = Workflow(
    model_label="stocktaking.project",
    initial=Status.DRAFT,
    moves=moves(
        Move("submit", frozenset({Status.DRAFT, Status.RETURNED}), Status.SUBMITTED, by=OWNERS,
             label=_("Submit"), check=require_complete, then=receive),
        Move("take_back", frozenset({Status.SUBMITTED}), Status.DRAFT, by=OWNERS,
             label=_("Take back")),
        Move("publish", frozenset({Status.SUBMITTED}), Status.PUBLISHED, by=STAFF,
             label=_("Publish"), check=require_complete, then=enter_register),
        Move("send_back", frozenset({Status.SUBMITTED}), Status.RETURNED, by=STAFF,
             label=_("Send back"), needs_note=True, then=tell_owner),
        Move("refuse", frozenset({Status.SUBMITTED}), Status.REFUSED, by=STAFF,
             label=_("Refuse"), needs_note=True, then=tell_owner),
        Move("archive", frozenset({Status.PUBLISHED, Status.REFUSED}), Status.ARCHIVED, by=STAFF,
             label=_("Archive"), needs_note=True, then=leave_register),
        Move("withdraw", frozenset({Status.PUBLISHED}), Status.ARCHIVED, by=OWNERS,
             label=_("Withdraw from the register"), needs_note=True, then=leave_register),
        Move("restore", frozenset({Status.ARCHIVED}), Status.PUBLISHED, by=STAFF,
             label=_("Publish again"), needs_note=True, check=require_complete,
             then=enter_register),
    ),
)  # fmt: skip
