"""How a registration moves from the request to a place."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.mail import outbox
from common.moves.models import StatusChange
from common.moves.workflow import Move, Workflow, moves
from forum.base.workflow import MACHINE, OWNERS, STAFF

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
        outbox.send("forum/registration", registration.user, context)


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
