"""Moves of ownership requests."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.mail import outbox
from common.moves.models import StatusChange
from common.moves.workflow import Move, Workflow, moves
from stocktaking.status.workflow import OWNERS, STAFF


class ClaimStatus(models.TextChoices):
    OPEN = "open", _("Awaiting the secretariat")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AccountClosed:
    """The actor that ends what a closed account has asked for; nobody signs in as it."""

    pk = None
    is_authenticated = False


ACCOUNT_CLOSED = AccountClosed()


ACCOUNT_CLOSED_ROLE = "closed account"


def require_grantable(claim: Any) -> None:
    claim.require_grantable()


def hand_over(claim: Any, change: StatusChange) -> None:
    """The record has a new owner; both are told."""
    claim.hand_over(change.by)
    tell_claimant(claim, change)
    tell_former_owner("stocktaking/ownership_passed", claim, change)


def require_decided(claim: Any) -> None:
    claim.require_undoable()


def take_back_request(claim: Any, change: StatusChange) -> None:
    """The request waits again; what was granted goes back to who had it."""
    if change.source == ClaimStatus.GRANTED:
        claim.give_back(change.by)
        tell_former_owner("stocktaking/ownership_returned", claim, change)
    tell_claimant(claim, change)


def tell_former_owner(template: str, claim: Any, change: StatusChange) -> None:
    owner = claim.former_owner
    if owner and owner.is_active and owner != change.by:
        context = {"claim": claim, "project": claim.project, "change": change}
        outbox.send(template, owner, context)


def tell_claimant(claim: Any, change: StatusChange) -> None:
    if claim.by.is_active:
        context = {"claim": claim, "project": claim.project, "change": change}
        outbox.send(f"stocktaking/claim_{change.target}", claim.by, context)


CLAIM_WORKFLOW = Workflow(
    model_label="stocktaking.claim",
    initial=ClaimStatus.OPEN,
    moves=moves(
        Move(
            "grant",
            frozenset({ClaimStatus.OPEN}),
            ClaimStatus.GRANTED,
            by=STAFF,
            label=_("Make this person the owner"),
            needs_note=True,
            check=require_grantable,
            then=hand_over,
        ),
        Move(
            "refuse",
            frozenset({ClaimStatus.OPEN}),
            ClaimStatus.REFUSED,
            by=STAFF,
            label=_("Reject the request"),
            needs_note=True,
            then=tell_claimant,
        ),
        Move(
            "withdraw",
            frozenset({ClaimStatus.OPEN}),
            ClaimStatus.WITHDRAWN,
            by=OWNERS,
            label=_("Withdraw the request"),
        ),
        Move(
            "undo",
            frozenset({ClaimStatus.GRANTED, ClaimStatus.REFUSED}),
            ClaimStatus.OPEN,
            by=STAFF,
            label=_("Undo the decision"),
            needs_note=True,
            stamps=False,
            check=require_decided,
            then=take_back_request,
        ),
        Move(
            "lapse",
            frozenset({ClaimStatus.OPEN}),
            ClaimStatus.WITHDRAWN,
            by=frozenset({ACCOUNT_CLOSED_ROLE}),
            label=_("Ends with the account"),
            offered=False,
        ),
    ),
)
