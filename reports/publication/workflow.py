"""How a publication moves from request to public report; the worker is one of its actors."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import STAFF_ROLES
from common.mail import outbox
from common.moves.models import StatusChange
from common.moves.workflow import Move, MoveRefused, Workflow, moves
from reports.build.models import WORKER_ROLE


class Status(models.TextChoices):
    DRAFT = "draft", _("Requested")
    BUILDING = "building", _("Being built")
    READY = "ready", _("Ready for approval")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    FAILED = "failed", _("Failed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


STAFF = frozenset(role.value for role in STAFF_ROLES)


MACHINE = frozenset({WORKER_ROLE})


def open_build(publication: Any, change: StatusChange) -> None:
    publication.open_build(change.by)


def open_amendment(publication: Any, change: StatusChange) -> None:
    """The reason of an amendment stands beside its version for every reader."""
    publication.open_build(change.by, note=change.note)


def stop_build(publication: Any, _change: StatusChange) -> None:
    publication.stop_build()


def require_online(publication: Any) -> None:
    if publication.published_version is None:
        raise MoveRefused(_("No version of this report is public."))


def put_online(publication: Any, _change: StatusChange) -> None:
    publication.put_online()


def take_offline(publication: Any, _change: StatusChange) -> None:
    publication.take_offline()


def tell_requester(publication: Any, change: StatusChange) -> None:
    """The build took its time: write to whoever asked for it, with the way to the result."""
    if publication.requested_by:
        outbox.send(
            f"reports/{change.target}",
            publication.requested_by,
            {"publication": publication, "change": change},
        )


PUBLICATION_WORKFLOW = Workflow(
    model_label="reports.publication",
    initial=Status.DRAFT,
    moves=moves(
        Move(
            "build",
            frozenset({Status.DRAFT}),
            Status.BUILDING,
            by=STAFF,
            label=_("Build"),
            then=open_build,
        ),
        Move(
            "retry",
            frozenset({Status.FAILED}),
            Status.BUILDING,
            by=STAFF,
            label=_("Try again"),
            then=open_build,
        ),
        Move(
            "cancel",
            frozenset({Status.BUILDING}),
            Status.DRAFT,
            by=STAFF,
            label=_("Cancel the build"),
            then=stop_build,
        ),
        Move(
            "finish",
            frozenset({Status.BUILDING}),
            Status.READY,
            by=MACHINE,
            label=_("Finish the build"),
            then=tell_requester,
        ),
        Move(
            "fail",
            frozenset({Status.BUILDING}),
            Status.FAILED,
            by=MACHINE,
            label=_("Stop the build"),
            needs_note=True,
            then=tell_requester,
        ),
        Move(
            "approve",
            frozenset({Status.READY}),
            Status.APPROVED,
            by=STAFF,
            label=_("Approve"),
        ),
        Move(
            "publish",
            frozenset({Status.APPROVED}),
            Status.PUBLISHED,
            by=STAFF,
            label=_("Publish"),
            then=put_online,
        ),
        Move(
            "rebuild",
            frozenset({Status.READY, Status.APPROVED, Status.WITHDRAWN}),
            Status.BUILDING,
            by=STAFF,
            label=_("Build again with today’s data"),
            then=open_build,
        ),
        Move(
            "amend",
            frozenset({Status.PUBLISHED}),
            Status.BUILDING,
            by=STAFF,
            label=_("Amend: build a new version"),
            needs_note=True,
            then=open_amendment,
        ),
        Move(
            "withdraw",
            frozenset(Status) - {Status.BUILDING, Status.WITHDRAWN},
            Status.WITHDRAWN,
            by=STAFF,
            label=_("Withdraw"),
            needs_note=True,
            check=require_online,
            then=take_offline,
        ),
    ),
)
