"""Moves of trust in an organization, and of the roles that members have in it."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.mail import outbox
from common.moves.models import StatusChange
from common.moves.workflow import Move, MoveRefused, Workflow, moves
from stocktaking.status.workflow import OWNERS, STAFF


class Trust(models.TextChoices):
    UNVERIFIED = "unverified", _("Unverified")
    ALLOWED = "allowed", _("Allowed")
    PROPOSED = "proposed", _("Proposed as trusted")
    TRUSTED = "trusted", _("Trusted")
    BLOCKED = "blocked", _("Blocked")


def require_second_person(trust: Any, change: StatusChange) -> None:
    """Who proposed an organisation as trusted cannot be the one who confirms it."""
    proposal = trust.history().filter(target=Trust.PROPOSED).first()
    if proposal and proposal.by == change.by:
        raise MoveRefused(_("A second person has to confirm this."))


TRUST_WORKFLOW = Workflow(
    model_label="stocktaking.organisationtrust",
    initial=Trust.UNVERIFIED,
    moves=moves(
        Move(
            "allow",
            frozenset({Trust.UNVERIFIED, Trust.BLOCKED}),
            Trust.ALLOWED,
            by=STAFF,
            label=_("Allow"),
            needs_note=True,
        ),
        Move(
            "propose",
            frozenset({Trust.UNVERIFIED, Trust.ALLOWED}),
            Trust.PROPOSED,
            by=STAFF,
            label=_("Propose as trusted"),
            needs_note=True,
        ),
        Move(
            "confirm",
            frozenset({Trust.PROPOSED}),
            Trust.TRUSTED,
            by=STAFF,
            label=_("Confirm as trusted"),
            needs_note=True,
            then=require_second_person,
        ),
        Move(
            "withdraw",
            frozenset({Trust.ALLOWED, Trust.PROPOSED, Trust.TRUSTED}),
            Trust.UNVERIFIED,
            by=STAFF,
            label=_("Withdraw trust"),
            needs_note=True,
        ),
        Move(
            "block",
            frozenset({Trust.UNVERIFIED, Trust.ALLOWED, Trust.PROPOSED, Trust.TRUSTED}),
            Trust.BLOCKED,
            by=STAFF,
            label=_("Block"),
            needs_note=True,
        ),
    ),
)


class RoleStatus(models.TextChoices):
    ASKED = "asked", _("Awaiting verification")
    VERIFIED = "verified", _("Verified")
    REFUSED = "refused", _("Not verified")
    ENDED = "ended", _("Ended")


class ByDomain:
    """The actor that verifies a role because of a trusted mail domain; nobody signs in as it."""

    pk = None
    is_authenticated = False


BY_DOMAIN = ByDomain()


BY_DOMAIN_ROLE = "trusted domain"


def tell_member(role: Any, change: StatusChange) -> None:
    outbox.send(
        f"stocktaking/role_{change.target}",
        role.member.user,
        {"role": role, "change": change},
    )


ROLE_WORKFLOW = Workflow(
    model_label="stocktaking.organisationrole",
    initial=RoleStatus.ASKED,
    moves=moves(
        Move(
            "recognise",
            frozenset({RoleStatus.ASKED}),
            RoleStatus.VERIFIED,
            by=frozenset({BY_DOMAIN_ROLE}),
            label=_("Verify by the e-mail domain"),
        ),
        Move(
            "verify",
            frozenset({RoleStatus.ASKED, RoleStatus.REFUSED}),
            RoleStatus.VERIFIED,
            by=STAFF,
            label=_("Verify"),
            then=tell_member,
        ),
        Move(
            "refuse",
            frozenset({RoleStatus.ASKED}),
            RoleStatus.REFUSED,
            by=STAFF,
            label=_("Do not verify"),
            needs_note=True,
            then=tell_member,
        ),
        Move(
            "end",
            frozenset({RoleStatus.ASKED, RoleStatus.VERIFIED}),
            RoleStatus.ENDED,
            by=OWNERS,
            label=_("I have left this organization"),
        ),
        Move(
            "revoke",
            frozenset({RoleStatus.VERIFIED}),
            RoleStatus.ENDED,
            by=STAFF,
            label=_("Withdraw the verification"),
            needs_note=True,
            then=tell_member,
        ),
    ),
)
