"""How an entry of the Stocktaking database moves from draft to public record."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.roles import OWNER, STAFF_ROLES
from common import mail
from common.models import Change, StatusChange
from common.workflow import Move, Workflow, moves


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    PUBLISHED = "published", _("Published")
    RETURNED = "returned", _("Returned for changes")
    REFUSED = "refused", _("Refused")
    ARCHIVED = "archived", _("Archived")


STAFF = frozenset(role.value for role in STAFF_ROLES)
OWNERS = frozenset({OWNER})


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
        Move("restore", frozenset({Status.ARCHIVED}), Status.PUBLISHED, by=STAFF,
             label=_("Publish again"), needs_note=True, check=require_complete,
             then=enter_register),
    ),
)  # fmt: skip


class RoleStatus(models.TextChoices):
    ASKED = "asked", _("Waits to be verified")
    VERIFIED = "verified", _("Verified")
    REFUSED = "refused", _("Not verified")
    ENDED = "ended", _("Ended")


class ByDomain:
    """The actor that verifies a role because of a trusted mail domain; nobody signs in as it."""

    pk = None
    is_authenticated = False


BY_DOMAIN = ByDomain()
BY_DOMAIN_ROLE = "trusted domain"


def tell_member(role: Any, change: StatusChange) -> None:
    mail.send(
        f"stocktaking/role_{change.target}", role.member.user, {"role": role, "change": change}
    )


ROLE_WORKFLOW = Workflow(
    model_label="stocktaking.organisationrole",
    initial=RoleStatus.ASKED,
    moves=moves(
        Move("recognise", frozenset({RoleStatus.ASKED}), RoleStatus.VERIFIED,
             by=frozenset({BY_DOMAIN_ROLE}), label=_("Verify by the mail domain")),
        Move("verify", frozenset({RoleStatus.ASKED, RoleStatus.REFUSED}), RoleStatus.VERIFIED,
             by=STAFF, label=_("Verify"), then=tell_member),
        Move("refuse", frozenset({RoleStatus.ASKED}), RoleStatus.REFUSED, by=STAFF,
             label=_("Do not verify"), needs_note=True, then=tell_member),
        Move("end", frozenset({RoleStatus.ASKED, RoleStatus.VERIFIED}), RoleStatus.ENDED,
             by=OWNERS, label=_("I am no longer there")),
        Move("revoke", frozenset({RoleStatus.VERIFIED}), RoleStatus.ENDED, by=STAFF,
             label=_("Take the verification back"), needs_note=True, then=tell_member),
    ),
)  # fmt: skip
