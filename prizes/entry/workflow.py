"""How an entry moves from draft to winner; the contest decides by its dates what is possible."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import OWNER, STAFF_ROLES
from common.moves.actors import SystemActor
from common.moves.workflow import Move, Workflow, moves


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned for changes")
    REFUSED = "refused", _("Not eligible")
    ACCEPTED = "accepted", _("Accepted for review")
    NOMINATED = "nominated", _("Nominated")
    NOT_NOMINATED = "not_nominated", _("Not nominated")
    CHAMPION = "champion", _("Champion")
    WINNER = "winner", _("Winner")
    WITHDRAWN = "withdrawn", _("Withdrawn")


COEDITOR = "coeditor"  # of the project, who may do all that its owner may but withdraw
CHAIR = "chair"  # the chair of the category's panel, unless a conflict of interest bars them
STAFF = frozenset(role.value for role in STAFF_ROLES)
OWNERS = frozenset({OWNER})
WRITERS = OWNERS | {COEDITOR}
PANEL = STAFF | {CHAIR}

# On the ballot, or chosen from it.
ON_BALLOT = (Status.NOMINATED, Status.CHAMPION, Status.WINNER)
OUT = (Status.REFUSED, Status.WITHDRAWN)


# How long a batch of the screening may take back what it has decided; its mails leave later.
UNDO_ALLOWED = timedelta(hours=1)


COUNT = SystemActor("count")  # makes the moves of the count


PRIZE_WORKFLOW = Workflow(
    model_label="prizes.entry",
    initial=Status.DRAFT,
    moves=moves(
        Move(
            "submit",
            {Status.DRAFT, Status.RETURNED},
            Status.SUBMITTED,
            by=WRITERS,
            label=_("Submit"),
            check="require_ready",
            then="tell_owner",
        ),
        Move(
            "take_back",
            {Status.SUBMITTED},
            Status.DRAFT,
            by=WRITERS,
            label=_("Take back"),
            check="require_open",
        ),
        Move(
            "accept",
            {Status.SUBMITTED},
            Status.ACCEPTED,
            by=STAFF,
            label=_("Accept for review"),
            check="require_published",
        ),
        Move(
            "send_back",
            {Status.SUBMITTED},
            Status.RETURNED,
            by=STAFF,
            label=_("Return"),
            needs_note=True,
            check="require_unsealed",
            then="tell_owner",
        ),
        Move(
            "refuse",
            {Status.SUBMITTED, Status.ACCEPTED},
            Status.REFUSED,
            by=STAFF,
            label=_("Reject as not eligible"),
            needs_note=True,
            check="require_unsealed",
            then="tell_owner",
        ),
        Move(
            "undo",
            {Status.RETURNED, Status.REFUSED},
            Status.SUBMITTED,
            by=STAFF,
            label=_("Undo"),
            stamps=False,
            offered=False,
            check="require_just_screened",
            then="take_back_decision",
        ),
        Move(
            "reopen",
            {Status.ACCEPTED},
            Status.SUBMITTED,
            by=STAFF,
            label=_("Withdraw the acceptance"),
            check="require_unreviewed",
        ),
        Move(
            "nominate",
            {Status.ACCEPTED},
            Status.NOMINATED,
            by=PANEL,
            label=_("Nominate"),
            check="require_place",
        ),
        Move(
            "pass_over",
            {Status.ACCEPTED},
            Status.NOT_NOMINATED,
            by=PANEL,
            label=_("Do not nominate"),
            needs_note=True,
            check="require_before_voting",
        ),
        Move(
            "reconsider",
            {Status.NOMINATED, Status.NOT_NOMINATED},
            Status.ACCEPTED,
            by=PANEL,
            label=_("Withdraw the decision"),
            needs_note=True,
            check="require_before_voting",
        ),
        Move(
            "crown",
            {Status.NOMINATED},
            Status.CHAMPION,
            by={COUNT.role},
            label=_("Make champion by the count"),
        ),
        Move(
            "choose",
            {Status.CHAMPION},
            Status.WINNER,
            by=STAFF,
            label=_("Choose as winner"),
            needs_note=True,
            check="require_decision",
        ),
        Move(
            "revise",
            {Status.WINNER},
            Status.CHAMPION,
            by=STAFF,
            label=_("Withdraw the choice"),
            needs_note=True,
            check="require_embargo",
        ),
        Move(
            "withdraw",
            {Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.ACCEPTED},
            Status.WITHDRAWN,
            by=OWNERS,
            label=_("Withdraw the entry"),
        ),
        Move(
            "remove",
            {Status.ACCEPTED, Status.NOMINATED},
            Status.WITHDRAWN,
            by=STAFF,
            label=_("Remove from the contest"),
            needs_note=True,
            check="require_no_results",
            then="tell_of_removal",
        ),
    ),
)
