"""How a registration moves from the request to a place."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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


REGISTRATION_WORKFLOW = Workflow(
    model_label="forum.registration",
    initial=RegistrationStatus.REQUESTED,
    moves=moves(
        Move(
            "approve",
            {RegistrationStatus.REQUESTED},
            RegistrationStatus.APPROVED,
            by=STAFF,
            label=_("Approve"),
            then="tell_participant",
        ),
        Move(
            "welcome",
            {RegistrationStatus.REQUESTED},
            RegistrationStatus.APPROVED,
            by=MACHINE,
            label=_("Register as a speaker"),
            offered=False,
        ),
        Move(
            "revise",
            {RegistrationStatus.APPROVED},
            RegistrationStatus.REQUESTED,
            by=OWNERS,
            label=_("Change what was approved"),
            offered=False,
            then="tell_participant",
        ),
        Move(
            "wait",
            {RegistrationStatus.REQUESTED},
            RegistrationStatus.WAITLISTED,
            by=STAFF,
            label=_("Put on the waiting list"),
            then="free_place",
        ),
        Move(
            "promote",
            {RegistrationStatus.WAITLISTED},
            RegistrationStatus.REQUESTED,
            by=STAFF | MACHINE,
            label=_("Move up from the waiting list"),
            then="take_place",
        ),
        Move(
            "refuse",
            frozenset(LIVE),
            RegistrationStatus.REFUSED,
            by=STAFF,
            label=_("Reject"),
            needs_note=True,
            then="free_place",
        ),
        Move(
            "cancel",
            frozenset(LIVE),
            RegistrationStatus.CANCELLED,
            by=OWNERS | STAFF,
            label=_("Withdraw"),
            then="free_place",
        ),
    ),
)
