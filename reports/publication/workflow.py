"""How a publication moves from request to public report; the worker is one of its actors."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import STAFF_ROLES
from common.moves.workflow import Move, Workflow, moves
from reports.build.models import WORKER


class Status(models.TextChoices):
    DRAFT = "draft", _("Requested")
    BUILDING = "building", _("Being built")
    READY = "ready", _("Ready for approval")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    FAILED = "failed", _("Failed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


STAFF = frozenset(role.value for role in STAFF_ROLES)


MACHINE = frozenset({WORKER.role})


PUBLICATION_WORKFLOW = Workflow(
    model_label="reports.publication",
    initial=Status.DRAFT,
    moves=moves(
        Move(
            "build",
            {Status.DRAFT},
            Status.BUILDING,
            by=STAFF,
            label=_("Build"),
            then="open_build",
        ),
        Move(
            "retry",
            {Status.FAILED},
            Status.BUILDING,
            by=STAFF,
            label=_("Try again"),
            then="reopen_build",
        ),
        Move(
            "cancel",
            {Status.BUILDING},
            Status.DRAFT,
            by=STAFF,
            label=_("Cancel the build"),
            then="stop_build",
        ),
        Move(
            "finish",
            {Status.BUILDING},
            Status.READY,
            by=MACHINE,
            label=_("Finish the build"),
            then="tell_requester",
        ),
        Move(
            "fail",
            {Status.BUILDING},
            Status.FAILED,
            by=MACHINE,
            label=_("Stop the build"),
            needs_note=True,
            then="tell_requester",
        ),
        Move(
            "approve",
            {Status.READY},
            Status.APPROVED,
            by=STAFF,
            label=_("Approve"),
            check="require_correct_text",
        ),
        Move(
            "publish",
            {Status.APPROVED},
            Status.PUBLISHED,
            by=STAFF,
            label=_("Publish"),
            then="put_online",
        ),
        Move(
            "rebuild",
            {Status.READY, Status.APPROVED, Status.FAILED, Status.WITHDRAWN},
            Status.BUILDING,
            by=STAFF,
            label=_("Build again with today’s data"),
            then="open_build",
        ),
        Move(
            "amend",
            {Status.PUBLISHED},
            Status.BUILDING,
            by=STAFF,
            label=_("Amend: build a new version"),
            needs_note=True,
            then="open_amendment",
        ),
        Move(
            "withdraw",
            frozenset(Status) - {Status.BUILDING, Status.WITHDRAWN},
            Status.WITHDRAWN,
            by=STAFF,
            label=_("Withdraw"),
            needs_note=True,
            check="require_online",
            then="take_offline",
        ),
    ),
)
