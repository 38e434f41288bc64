"""Moves of trust in an organization, and of members' roles in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.moves.actors import SystemActor
from common.moves.workflow import Move, Workflow, moves
from stocktaking.base.workflow import OWNERS, STAFF


class Trust(models.TextChoices):
    UNVERIFIED = "unverified", _("Unverified")
    ALLOWED = "allowed", _("Allowed")
    PROPOSED = "proposed", _("Proposed as trusted")
    TRUSTED = "trusted", _("Trusted")
    BLOCKED = "blocked", _("Blocked")


TRUST_WORKFLOW = Workflow(
    model_label="stocktaking.organizationtrust",
    initial=Trust.UNVERIFIED,
    moves=moves(
        Move(
            "allow",
            {Trust.UNVERIFIED, Trust.BLOCKED},
            Trust.ALLOWED,
            by=STAFF,
            label=_("Allow"),
            needs_note=True,
        ),
        Move(
            "propose",
            {Trust.UNVERIFIED, Trust.ALLOWED},
            Trust.PROPOSED,
            by=STAFF,
            label=_("Propose as trusted"),
            needs_note=True,
        ),
        Move(
            "confirm",
            {Trust.PROPOSED},
            Trust.TRUSTED,
            by=STAFF,
            label=_("Confirm as trusted"),
            needs_note=True,
            then="require_second_person",
        ),
        Move(
            "withdraw",
            {Trust.ALLOWED, Trust.PROPOSED, Trust.TRUSTED},
            Trust.UNVERIFIED,
            by=STAFF,
            label=_("Withdraw trust"),
            needs_note=True,
        ),
        Move(
            "block",
            {Trust.UNVERIFIED, Trust.ALLOWED, Trust.PROPOSED, Trust.TRUSTED},
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


BY_DOMAIN = SystemActor("trusted domain")  # verifies a role because of a mail domain


ROLE_WORKFLOW = Workflow(
    model_label="stocktaking.organizationrole",
    initial=RoleStatus.ASKED,
    moves=moves(
        Move(
            "recognise",
            {RoleStatus.ASKED},
            RoleStatus.VERIFIED,
            by={BY_DOMAIN.role},
            label=_("Verify by the e-mail domain"),
        ),
        Move(
            "verify",
            {RoleStatus.ASKED, RoleStatus.REFUSED},
            RoleStatus.VERIFIED,
            by=STAFF,
            label=_("Verify"),
            then="tell_member",
        ),
        Move(
            "refuse",
            {RoleStatus.ASKED},
            RoleStatus.REFUSED,
            by=STAFF,
            label=_("Do not verify"),
            needs_note=True,
            then="tell_member",
        ),
        Move(
            "end",
            {RoleStatus.ASKED, RoleStatus.VERIFIED},
            RoleStatus.ENDED,
            by=OWNERS,
            label=_("I have left this organization"),
        ),
        Move(
            "revoke",
            {RoleStatus.VERIFIED},
            RoleStatus.ENDED,
            by=STAFF,
            label=_("Withdraw the verification"),
            needs_note=True,
            then="tell_member",
        ),
    ),
)
