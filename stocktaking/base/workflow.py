"""The statuses of a project, and what all workflows share: roles, time limits for undo, delayed
mail."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import OWNER, STAFF_ROLES
from common.moves.models import Moved
from common.moves.workflow import MoveRefused


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    ON_HOLD = "on_hold", _("On hold")
    APPROVED = "approved", _("Approved, not public yet")
    PUBLISHED = "published", _("Published")
    RETURNED = "returned", _("Returned for changes")
    REFUSED = "refused", _("Rejected")
    ARCHIVED = "archived", _("Archived")


WAITING = (Status.SUBMITTED, Status.ON_HOLD)


# The statuses in which an owner may change a project.
EDITABLE = (Status.DRAFT, Status.RETURNED)


STAFF = frozenset(role.value for role in STAFF_ROLES)


OWNERS = frozenset({OWNER})


# The desk offers to undo a move for a minute; a batch of many takes some time itself, so the table
# allows it a little longer, and the mail about it leaves only when no undo can come any more.
UNDO_OFFERED = timedelta(seconds=60)


UNDO_ALLOWED = timedelta(seconds=150)


MAIL_WAITS = timedelta(seconds=180)


def require_just_decided(record: Moved) -> None:
    """Raises MoveRefused unless the last move was a recent decision on a submission."""
    last = record.history().first()
    if (
        last is None
        or last.source != "submitted"
        or last.at < timezone.now() - UNDO_ALLOWED
    ):
        raise MoveRefused(_("This can no longer be undone."))
