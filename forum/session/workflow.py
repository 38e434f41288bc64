"""How a session moves from draft to the programme."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.moves.workflow import Move, Workflow, moves
from forum.base.workflow import COORDINATORS, MACHINE, STAFF

# --- sessions -------------------------------------------------------------------------------


class SessionStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    RELEASED = "released", _("In the programme")
    MOVED = "moved", _("Postponed, new time to follow")
    CANCELLED = "cancelled", pgettext_lazy("session", "Cancelled")


# Sessions of these statuses hold their room and their people.
PLACED = (SessionStatus.SCHEDULED, SessionStatus.RELEASED)


SESSION_WORKFLOW = Workflow(
    model_label="forum.session",
    initial=SessionStatus.DRAFT,
    moves=moves(
        Move(
            "schedule",
            {SessionStatus.DRAFT, SessionStatus.MOVED},
            SessionStatus.SCHEDULED,
            by=STAFF | MACHINE | COORDINATORS,
            label=_("Schedule"),
            check="require_place",
            check_all="require_places",
        ),
        Move(
            "import",
            {SessionStatus.DRAFT},
            SessionStatus.SCHEDULED,
            by=STAFF | MACHINE,
            label=_("Take over from a public source"),
            offered=False,
        ),
        Move(
            "unschedule",
            {SessionStatus.SCHEDULED},
            SessionStatus.DRAFT,
            by=STAFF | MACHINE | COORDINATORS,
            label=_("Remove from the schedule"),
        ),
        Move(
            "release",
            {SessionStatus.SCHEDULED},
            SessionStatus.RELEASED,
            by=MACHINE,
            label=_("Release with the agenda"),
            check="require_place",
            check_all="require_places",
        ),
        Move(
            "postpone",
            {SessionStatus.RELEASED},
            SessionStatus.MOVED,
            by=STAFF,
            label=_("Postpone: new time to follow"),
            needs_note=True,
        ),
        Move(
            "cancel",
            {SessionStatus.SCHEDULED, SessionStatus.RELEASED, SessionStatus.MOVED},
            SessionStatus.CANCELLED,
            by=STAFF,
            label=_("Cancel"),
            needs_note=True,
            then="cancel_in_public",
        ),
        Move(
            "restore",
            {SessionStatus.CANCELLED},
            SessionStatus.SCHEDULED,
            by=STAFF,
            label=_("Reinstate the session"),
            needs_note=True,
            check="require_place",
        ),
    ),
)
