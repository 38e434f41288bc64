"""How an entry moves from draft to winner; times are asked of the contest, never flipped."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import OWNER, STAFF_ROLES
from common.mail import outbox
from common.moves.models import StatusChange
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


CHAIR = "chair"  # the chair of the category's panel, unless a conflict of interest bars them
COUNT_ROLE = "count"
STAFF = frozenset(role.value for role in STAFF_ROLES)
OWNERS = frozenset({OWNER})
PANEL = STAFF | {CHAIR}

# On the ballot, or chosen from it.
ON_BALLOT = (Status.NOMINATED, Status.CHAMPION, Status.WINNER)
OUT = (Status.REFUSED, Status.WITHDRAWN)


class Count:
    """The actor behind the moves that the count of the votes makes; nobody can sign in as it."""

    pk = None
    is_authenticated = False


COUNT = Count()


def require_ready(entry: Any) -> None:
    entry.require_ready()


def require_open(entry: Any) -> None:
    entry.require_open()


def require_sealed_off(entry: Any) -> None:
    entry.require_unsealed()


def require_place(entry: Any) -> None:
    entry.require_before_voting()
    entry.require_place()


def require_before_voting(entry: Any) -> None:
    entry.require_before_voting()


def require_no_results(entry: Any) -> None:
    entry.require_no_results()


def require_decision(entry: Any) -> None:
    entry.require_no_winner()
    entry.require_chosen()


def require_embargo(entry: Any) -> None:
    entry.require_embargo()


def tell_owner(entry: Any, change: StatusChange) -> None:
    """Write to the owner, unless the owner made the move; a confirmation comes in any case."""
    if entry.owner and (entry.owner != change.by or change.target == Status.SUBMITTED):
        outbox.send(
            f"prizes/{change.target}", entry.owner, {"entry": entry, "change": change}
        )


def tell_of_removal(entry: Any, change: StatusChange) -> None:
    """Write to the owner; who voted for it is found and written to in the background."""
    tell_owner(entry, change)
    entry.note_removal()


PRIZE_WORKFLOW = Workflow(
    model_label="prizes.entry",
    initial=Status.DRAFT,
    moves=moves(
        Move(
            "submit",
            frozenset({Status.DRAFT, Status.RETURNED}),
            Status.SUBMITTED,
            by=OWNERS,
            label=_("Submit"),
            check=require_ready,
            then=tell_owner,
        ),
        Move(
            "take_back",
            frozenset({Status.SUBMITTED}),
            Status.DRAFT,
            by=OWNERS,
            label=_("Take back"),
            check=require_open,
        ),
        Move(
            "accept",
            frozenset({Status.SUBMITTED}),
            Status.ACCEPTED,
            by=STAFF,
            label=_("Accept for review"),
            check=require_sealed_off,
        ),
        Move(
            "send_back",
            frozenset({Status.SUBMITTED}),
            Status.RETURNED,
            by=STAFF,
            label=_("Return"),
            needs_note=True,
            check=require_sealed_off,
            then=tell_owner,
        ),
        Move(
            "refuse",
            frozenset({Status.SUBMITTED, Status.ACCEPTED}),
            Status.REFUSED,
            by=STAFF,
            label=_("Reject as not eligible"),
            needs_note=True,
            check=require_sealed_off,
            then=tell_owner,
        ),
        Move(
            "nominate",
            frozenset({Status.ACCEPTED}),
            Status.NOMINATED,
            by=PANEL,
            label=_("Nominate"),
            check=require_place,
        ),
        Move(
            "pass_over",
            frozenset({Status.ACCEPTED}),
            Status.NOT_NOMINATED,
            by=PANEL,
            label=_("Do not nominate"),
            needs_note=True,
            check=require_before_voting,
        ),
        Move(
            "reconsider",
            frozenset({Status.NOMINATED, Status.NOT_NOMINATED}),
            Status.ACCEPTED,
            by=PANEL,
            label=_("Withdraw the decision"),
            needs_note=True,
            check=require_before_voting,
        ),
        Move(
            "crown",
            frozenset({Status.NOMINATED}),
            Status.CHAMPION,
            by=frozenset({COUNT_ROLE}),
            label=_("Make champion by the count"),
        ),
        Move(
            "choose",
            frozenset({Status.CHAMPION}),
            Status.WINNER,
            by=STAFF,
            label=_("Choose as winner"),
            needs_note=True,
            check=require_decision,
        ),
        Move(
            "revise",
            frozenset({Status.WINNER}),
            Status.CHAMPION,
            by=STAFF,
            label=_("Withdraw the choice"),
            needs_note=True,
            check=require_embargo,
        ),
        Move(
            "withdraw",
            frozenset(
                {Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.ACCEPTED}
            ),
            Status.WITHDRAWN,
            by=OWNERS,
            label=_("Withdraw the entry"),
        ),
        Move(
            "remove",
            frozenset({Status.ACCEPTED, Status.NOMINATED}),
            Status.WITHDRAWN,
            by=STAFF,
            label=_("Remove from the contest"),
            needs_note=True,
            check=require_no_results,
            then=tell_of_removal,
        ),
    ),
)
