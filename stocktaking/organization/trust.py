"""Trust: how far the secretariat knows the organisations behind the entries."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import roles_towards
from common.moves.models import StatusChange
from common.moves.workflow import status_check
from stocktaking.organization.workflow import TRUST_WORKFLOW, RoleStatus, Trust

# From the one that gives way to the one that stays, when organizations are merged.
RANKS = (Trust.UNVERIFIED, Trust.ALLOWED, Trust.PROPOSED, Trust.TRUSTED, Trust.BLOCKED)


class OrganisationTrustQuerySet(models.QuerySet["OrganisationTrust"]):
    def of(self, organisation: Any) -> "OrganisationTrust":
        """The row of an organisation, made when it is first asked for: unverified."""
        return self.get_or_create(organisation=organisation)[0]


class OrganisationTrust(models.Model):
    """The level of one organisation; without a row it is unverified. Nothing is published without
    a person, whatever the level: it only sorts the queue."""

    organisation = models.OneToOneField(
        "stocktaking.Organisation",
        models.CASCADE,
        related_name="trust",
        verbose_name=_("organization"),
    )
    status = models.CharField(
        _("level"),
        max_length=10,
        choices=Trust.choices,
        default=Trust.UNVERIFIED,
        editable=False,
    )

    objects = OrganisationTrustQuerySet.as_manager()

    class Meta:
        verbose_name = _("trust in an organization")
        verbose_name_plural = _("trust in organizations")
        ordering = ["pk"]
        constraints = [status_check(Trust.values, "organisation_trust_status")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_status_display()}"

    def rival_at(self, organisation: Any) -> "OrganisationTrust | None":
        """The level of another organization, for a merge."""
        return OrganisationTrust.objects.filter(organisation=organisation).first()

    def outranks(self, other: "OrganisationTrust") -> bool:
        """Of two levels the higher one stays; that one is blocked is never lost."""
        return RANKS.index(self.status) > RANKS.index(other.status)

    def roles_of(self, user: Any) -> set[str]:
        """Staff do not judge the organisation to which they belong."""
        if not getattr(user, "is_authenticated", False):
            return set()
        return roles_towards(
            user, concerned=user.is_secretariat and self._is_house_of(user)
        )

    def _is_house_of(self, user: Any) -> bool:
        member = getattr(user, "member", None)
        if member is None:
            return False
        here = member.roles.filter(status=RoleStatus.VERIFIED)
        return (
            member.organisation_id == self.organisation_id
            or here.filter(organisation=self.organisation_id).exists()
        )

    def history(self) -> models.QuerySet[StatusChange]:
        return StatusChange.objects.filter(
            record_kind="stocktaking.organisationtrust", record_id=self.pk
        ).select_related("by")

    def open_moves(self, user: Any) -> list[Any]:
        return TRUST_WORKFLOW.open_to(self, user)

    def move(self, name: str, user: Any, note: str = "") -> "OrganisationTrust":
        """Make one move of the table. Raises common.moves.workflow.MoveRefused, KeyError."""
        return TRUST_WORKFLOW.move(self, name, user, note)
