"""Moves of ownership requests."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.moves.workflow import Move, Workflow, moves
from stocktaking.base.workflow import OWNERS, STAFF


class OwnershipStatus(models.TextChoices):
    OPEN = "open", _("Awaiting the secretariat")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OWNERSHIP_WORKFLOW = Workflow(
    model_label="stocktaking.ownershiprequest",
    initial=OwnershipStatus.OPEN,
    moves=moves(
        Move(
            "grant",
            {OwnershipStatus.OPEN},
            OwnershipStatus.GRANTED,
            by=STAFF,
            label=_("Make this person the owner"),
            needs_note=True,
            check="require_grantable",
            then="hand_over",
        ),
        Move(
            "refuse",
            {OwnershipStatus.OPEN},
            OwnershipStatus.REFUSED,
            by=STAFF,
            label=_("Reject the request"),
            needs_note=True,
            then="tell_requester",
        ),
        Move(
            "withdraw",
            {OwnershipStatus.OPEN},
            OwnershipStatus.WITHDRAWN,
            by=OWNERS,
            label=_("Withdraw the request"),
        ),
        Move(
            "undo",
            {OwnershipStatus.GRANTED, OwnershipStatus.REFUSED},
            OwnershipStatus.OPEN,
            by=STAFF,
            label=_("Undo the decision"),
            needs_note=True,
            stamps=False,
            check="require_undoable",
            then="take_back",
        ),
    ),
)
