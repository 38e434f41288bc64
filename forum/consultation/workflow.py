"""How a submission to the consultation moves from draft to disposition."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.mail import outbox
from common.moves.models import StatusChange
from common.moves.workflow import Move, Workflow, moves
from forum.base.workflow import OWNERS, STAFF

# --- submissions to the open consultation ---------------------------------------------------


class SubmissionStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned for changes")
    ACCEPTED = "accepted", _("Accepted")
    USED = "used", _("Used in a session")
    MERGED = "merged", _("Merged with another submission")
    NOTED = "noted", _("Noted")
    NOT_USED = "not_used", _("Not used")


IN_HAND = (SubmissionStatus.DRAFT, SubmissionStatus.RETURNED)  # of its author


DECIDED = (
    SubmissionStatus.ACCEPTED,
    SubmissionStatus.USED,
    SubmissionStatus.MERGED,
    SubmissionStatus.NOTED,
    SubmissionStatus.NOT_USED,
)


def require_complete(submission: Any) -> None:
    submission.require_complete()


def require_session(submission: Any) -> None:
    submission.require_session()


def require_other(submission: Any) -> None:
    submission.require_other()


def tell_author(submission: Any, change: StatusChange) -> None:
    """Write to the author what became of the submission, unless the author made the move."""
    if submission.owner != change.by:
        context = {"submission": submission, "change": change}
        outbox.send("forum/submission", submission.owner, context)


def tell_of_session(submission: Any) -> None:
    """A request that was merged earlier is part of a session now: its author is an organizer."""
    outbox.send(
        "forum/submission_session", submission.owner, {"submission": submission}
    )


def join_other(submission: Any, change: StatusChange) -> None:
    submission.join_other()
    tell_author(submission, change)


def receive(submission: Any, change: StatusChange) -> None:
    context = {"submission": submission, "change": change}
    outbox.send("forum/submission_received", submission.owner, context)


WAITING = frozenset({SubmissionStatus.SUBMITTED, SubmissionStatus.ACCEPTED})


SUBMISSION_WORKFLOW = Workflow(
    model_label="forum.submission",
    initial=SubmissionStatus.DRAFT,
    moves=moves(
        Move(
            "submit",
            frozenset(IN_HAND),
            SubmissionStatus.SUBMITTED,
            by=OWNERS,
            label=_("Submit"),
            check=require_complete,
            then=receive,
        ),
        Move(
            "take_back",
            frozenset({SubmissionStatus.SUBMITTED}),
            SubmissionStatus.DRAFT,
            by=OWNERS,
            label=_("Take back"),
        ),
        Move(
            "send_back",
            frozenset({SubmissionStatus.SUBMITTED}),
            SubmissionStatus.RETURNED,
            by=STAFF,
            label=_("Return"),
            needs_note=True,
            then=tell_author,
        ),
        Move(
            "accept",
            frozenset({SubmissionStatus.SUBMITTED}),
            SubmissionStatus.ACCEPTED,
            by=STAFF,
            label=_("Accept"),
            then=tell_author,
        ),
        Move(
            "use",
            WAITING,
            SubmissionStatus.USED,
            by=STAFF,
            label=_("Used in the session named"),
            check=require_session,
            then=tell_author,
        ),
        Move(
            "merge",
            WAITING,
            SubmissionStatus.MERGED,
            by=STAFF,
            label=_("Merged with the submission named"),
            check=require_other,
            then=join_other,
        ),
        Move(
            "note",
            WAITING,
            SubmissionStatus.NOTED,
            by=STAFF,
            label=_("Noted"),
            then=tell_author,
        ),
        Move(
            "decline",
            WAITING,
            SubmissionStatus.NOT_USED,
            by=STAFF,
            label=_("Not used"),
            needs_note=True,
            then=tell_author,
        ),
        Move(
            "reopen",
            frozenset(DECIDED) - {SubmissionStatus.ACCEPTED},
            SubmissionStatus.SUBMITTED,
            by=STAFF,
            label=_("Review again"),
            needs_note=True,
            then=tell_author,
        ),
    ),
)
