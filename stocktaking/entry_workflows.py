"""Moves of what hangs on an entry: new versions of it, and claims to it."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.roles import OWNER, STAFF_ROLES
from common import mail
from common.models import StatusChange
from common.workflow import Move, Workflow, moves

STAFF = frozenset(role.value for role in STAFF_ROLES)
OWNERS = frozenset({OWNER})


class RevisionStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned for changes")
    APPROVED = "approved", _("Approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# While it is in one of these, there is no second one of the same entry.
OPEN_REVISIONS = (RevisionStatus.DRAFT, RevisionStatus.SUBMITTED, RevisionStatus.RETURNED)
EDITABLE_REVISIONS = (RevisionStatus.DRAFT, RevisionStatus.RETURNED)


def require_ready(revision: Any) -> None:
    revision.require_ready()


def replace_public(revision: Any, change: StatusChange) -> None:
    """The proposed text becomes the public one, as the entry's next version."""
    revision.apply(change.by)
    tell_owner(revision, change)


def tell_owner(revision: Any, change: StatusChange) -> None:
    owner = revision.project.owner
    if owner and owner != change.by:
        context = {"revision": revision, "project": revision.project, "change": change}
        mail.send(f"stocktaking/revision_{change.target}", owner, context)


REVISION_WORKFLOW = Workflow(
    model_label="stocktaking.revision",
    initial=RevisionStatus.DRAFT,
    moves=moves(
        Move("submit", frozenset(EDITABLE_REVISIONS), RevisionStatus.SUBMITTED, by=OWNERS,
             label=_("Submit the new version"), check=require_ready),
        Move("take_back", frozenset({RevisionStatus.SUBMITTED}), RevisionStatus.DRAFT, by=OWNERS,
             label=_("Take back")),
        Move("approve", frozenset({RevisionStatus.SUBMITTED}), RevisionStatus.APPROVED, by=STAFF,
             label=_("Approve and publish"), check=require_ready, then=replace_public),
        Move("send_back", frozenset({RevisionStatus.SUBMITTED}), RevisionStatus.RETURNED,
             by=STAFF, label=_("Send back"), needs_note=True, then=tell_owner),
        Move("withdraw", frozenset(OPEN_REVISIONS), RevisionStatus.WITHDRAWN, by=OWNERS,
             label=_("Withdraw the new version")),
    ),
)  # fmt: skip
