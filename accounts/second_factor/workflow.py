"""The moves of a request to remove a lost second factor: two officers, a waiting period, mails."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import OWNER, STAFF_ROLES
from common.moves.actors import SystemActor
from common.moves.workflow import Move, Workflow, moves

CLOCK = SystemActor("clock")  # acts when the waiting period is over

STAFF = frozenset(role.value for role in STAFF_ROLES)
OWNERS = frozenset({OWNER})
MACHINE = frozenset({CLOCK.role})


class ResetStatus(models.TextChoices):
    ASKED = "asked", _("Waits for the first officer")
    CHECKED = "checked", _("Waits for the second officer")
    APPROVED = "approved", _("Approved; the waiting time runs")
    DONE = "done", _("Two-step verification was removed")
    REFUSED = "refused", _("Rejected")
    STOPPED = "stopped", _("Stopped from the account")


OPEN_RESETS = (ResetStatus.ASKED, ResetStatus.CHECKED, ResetStatus.APPROVED)


RESET_WORKFLOW = Workflow(
    model_label="accounts.factorreset",
    initial=ResetStatus.ASKED,
    moves=moves(
        Move(
            "check",
            {ResetStatus.ASKED},
            ResetStatus.CHECKED,
            by=STAFF,
            label=_("Confirm the identity"),
            needs_note=True,
            check="require_identity",
            then="tell",
        ),
        Move(
            "approve",
            {ResetStatus.CHECKED},
            ResetStatus.APPROVED,
            by=STAFF,
            label=_("Confirm as the second officer"),
            needs_note=True,
            check="require_identity",
            then="begin_waiting",
        ),
        Move(
            "refuse",
            frozenset(OPEN_RESETS),
            ResetStatus.REFUSED,
            by=STAFF,
            label=_("Reject the request"),
            needs_note=True,
            then="tell",
        ),
        Move(
            "stop",
            frozenset(OPEN_RESETS),
            ResetStatus.STOPPED,
            by=OWNERS,
            label=_("Stop the request"),
            then="tell",
        ),
        Move(
            "finish",
            {ResetStatus.APPROVED},
            ResetStatus.DONE,
            by=MACHINE,
            label=_("Remove two-step verification"),
            offered=False,
            check="require_over",
            then="remove_factors",
        ),
    ),
)
