"""How sessions, submissions and registrations of the Forum move."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import OWNER, STAFF_ROLES
from common import mail
from common.models import StatusChange
from common.workflow import Move, Workflow, moves

STAFF = frozenset(role.value for role in STAFF_ROLES)
OWNERS = frozenset({OWNER})


class Desk:
    """The portal itself, behind the moves that follow from another one; nobody signs in as it."""

    pk = None
    is_authenticated = False


DESK = Desk()
DESK_ROLE = "desk"
MACHINE = frozenset({DESK_ROLE})


# --- sessions -------------------------------------------------------------------------------


class SessionStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    RELEASED = "released", _("In the programme")
    MOVED = "moved", _("Postponed, new time to follow")
    CANCELLED = "cancelled", pgettext_lazy("session", "Cancelled")


# Sessions of these statuses hold their room and their people.
PLACED = (SessionStatus.SCHEDULED, SessionStatus.RELEASED)


def require_place(session: Any) -> None:
    session.require_place()


def require_places(sessions: list[Any]) -> None:
    if sessions:
        sessions[0].require_places(sessions)


def cancel_in_public(session: Any, change: StatusChange) -> None:
    """Nobody should come to a session that is not held: this does not wait for a release."""
    session.cancel_in_public(change)


SESSION_WORKFLOW = Workflow(
    model_label="forum.session",
    initial=SessionStatus.DRAFT,
    moves=moves(
        Move(
            "schedule",
            frozenset({SessionStatus.DRAFT, SessionStatus.MOVED}),
            SessionStatus.SCHEDULED,
            by=STAFF | MACHINE,
            label=_("Schedule"),
            check=require_place,
        ),
        Move(
            "import",
            frozenset({SessionStatus.DRAFT}),
            SessionStatus.SCHEDULED,
            by=STAFF | MACHINE,
            label=_("Take over from a public source"),
            offered=False,
        ),
        Move(
            "unschedule",
            frozenset({SessionStatus.SCHEDULED}),
            SessionStatus.DRAFT,
            by=STAFF,
            label=_("Remove from the schedule"),
        ),
        Move(
            "release",
            frozenset({SessionStatus.SCHEDULED}),
            SessionStatus.RELEASED,
            by=MACHINE,
            label=_("Release with the agenda"),
            check=require_place,
            check_all=require_places,
        ),
        Move(
            "postpone",
            frozenset({SessionStatus.RELEASED}),
            SessionStatus.MOVED,
            by=STAFF,
            label=_("Postpone: new time to follow"),
            needs_note=True,
        ),
        Move(
            "cancel",
            frozenset(
                {SessionStatus.SCHEDULED, SessionStatus.RELEASED, SessionStatus.MOVED}
            ),
            SessionStatus.CANCELLED,
            by=STAFF,
            label=_("Cancel"),
            needs_note=True,
            then=cancel_in_public,
        ),
        Move(
            "restore",
            frozenset({SessionStatus.CANCELLED}),
            SessionStatus.SCHEDULED,
            by=STAFF,
            label=_("Reinstate the session"),
            needs_note=True,
            check=require_place,
        ),
    ),
)


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
        mail.send("forum/submission", submission.owner, context)


def tell_of_session(submission: Any) -> None:
    """A request that was merged earlier is part of a session now: its author is an organizer."""
    mail.send("forum/submission_session", submission.owner, {"submission": submission})


def join_other(submission: Any, change: StatusChange) -> None:
    submission.join_other()
    tell_author(submission, change)


def receive(submission: Any, change: StatusChange) -> None:
    context = {"submission": submission, "change": change}
    mail.send("forum/submission_received", submission.owner, context)


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


# --- registrations --------------------------------------------------------------------------


class RegistrationStatus(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("registration", "Requested")
    WAITLISTED = "waitlisted", _("On the waiting list")
    APPROVED = "approved", pgettext_lazy("registration", "Approved")
    REFUSED = "refused", pgettext_lazy("registration", "Rejected")
    CANCELLED = "cancelled", pgettext_lazy("registration", "Cancelled")


# These hold a place: approval can then never exceed the capacity.
HOLDING = (RegistrationStatus.REQUESTED, RegistrationStatus.APPROVED)
LIVE = (*HOLDING, RegistrationStatus.WAITLISTED)


def take_place(registration: Any, change: StatusChange) -> None:
    registration.take_place()
    tell_participant(registration, change)


def free_place(registration: Any, change: StatusChange) -> None:
    """Give the place back, if one was held, and let the first of the waiting list move up."""
    if change.source in HOLDING:
        registration.free_place()
    tell_participant(registration, change)


def tell_participant(registration: Any, change: StatusChange) -> None:
    if registration.user != change.by:
        context = {
            "registration": registration,
            "change": change,
            "is_promoted": change.move == "promote",
            "place": registration.place_in_waiting_list(),
        }
        mail.send("forum/registration", registration.user, context)


REGISTRATION_WORKFLOW = Workflow(
    model_label="forum.registration",
    initial=RegistrationStatus.REQUESTED,
    moves=moves(
        Move(
            "approve",
            frozenset({RegistrationStatus.REQUESTED}),
            RegistrationStatus.APPROVED,
            by=STAFF,
            label=_("Approve"),
            then=tell_participant,
        ),
        Move(
            "wait",
            frozenset({RegistrationStatus.REQUESTED}),
            RegistrationStatus.WAITLISTED,
            by=STAFF,
            label=_("Put on the waiting list"),
            then=free_place,
        ),
        Move(
            "promote",
            frozenset({RegistrationStatus.WAITLISTED}),
            RegistrationStatus.REQUESTED,
            by=STAFF | MACHINE,
            label=_("Move up from the waiting list"),
            then=take_place,
        ),
        Move(
            "refuse",
            frozenset(LIVE),
            RegistrationStatus.REFUSED,
            by=STAFF,
            label=_("Reject"),
            needs_note=True,
            then=free_place,
        ),
        Move(
            "cancel",
            frozenset(LIVE),
            RegistrationStatus.CANCELLED,
            by=OWNERS | STAFF,
            label=_("Withdraw"),
            then=free_place,
        ),
    ),
)
