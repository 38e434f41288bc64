"""How a publication moves from request to public report; the worker is one of its actors."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import STAFF_ROLES
from common.moves.actors import SystemActor
from common.moves.workflow import Move, Workflow, moves
from reports.build.models import WORKER


class Status(models.TextChoices):
    DRAFT = "draft", _("Requested")
    BUILDING = "building", _("Being built")
    READY = "ready", _("Ready for approval")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    FAILED = "failed", _("Failed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


STAFF = frozenset(role.value for role in STAFF_ROLES)


MACHINE = frozenset({WORKER.role})


CLOCK = SystemActor("clock")  # publishes what is scheduled


BY_CLOCK = frozenset({CLOCK.role})


REVIEWER = "reviewer"  # of the version that waits


BUILT = frozenset(
    {Status.READY, Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED}
)  # a version waits to be public


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
            "review",
            {Status.READY, Status.IN_REVIEW},
            Status.IN_REVIEW,
            by=STAFF,
            label=_("Send to reviewers"),
            offered=False,
            check="require_reviewers",
        ),
        Move(
            "return",
            {Status.IN_REVIEW},
            Status.READY,
            by=STAFF | {REVIEWER},
            label=_("Return to the editors"),
            needs_note=True,
            then="tell_of_return",
        ),
        Move(
            "approve",
            {Status.READY, Status.IN_REVIEW},
            Status.APPROVED,
            by=STAFF,
            label=_("Approve"),
            check="require_correct_text",
        ),
        Move(
            "schedule",
            {Status.APPROVED, Status.SCHEDULED},
            Status.SCHEDULED,
            by=STAFF,
            label=_("Schedule the publication"),
            offered=False,
            check="require_moment",
        ),
        Move(
            "unschedule",
            {Status.SCHEDULED},
            Status.APPROVED,
            by=STAFF,
            label=_("Cancel the scheduled publication"),
            then="forget_moment",
        ),
        Move(
            "publish",
            {Status.APPROVED, Status.SCHEDULED},
            Status.PUBLISHED,
            by=STAFF,
            label=_("Publish now"),
            check="require_correct_text",
            then="put_online",
        ),
        Move(
            "release",
            {Status.SCHEDULED},
            Status.PUBLISHED,
            by=BY_CLOCK,
            label=_("Publish as scheduled"),
            check="require_release",
            then="put_online",
        ),
        Move(
            "hold",
            {Status.SCHEDULED},
            Status.APPROVED,
            by=BY_CLOCK,
            label=_("Do not publish as scheduled"),
            needs_note=True,
            check="require_due",
            then="tell_why_held",
        ),
        Move(
            "rebuild",
            {
                Status.READY,
                Status.IN_REVIEW,
                Status.APPROVED,
                Status.FAILED,
                Status.WITHDRAWN,
            },
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
