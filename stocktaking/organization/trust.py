"""Trust: how well the secretariat knows the organizations behind the projects."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import roles_towards
from accounts.user.models import User
from common.moves.actors import AnyUser
from common.moves.models import Moved, StatusChange
from common.moves.workflow import MoveRefused, status_check
from stocktaking.organization.models import Organization
from stocktaking.organization.workflow import TRUST_WORKFLOW, RoleStatus, Trust

# In rising order: the higher level is kept when organizations are merged.
RANKS = (Trust.UNVERIFIED, Trust.ALLOWED, Trust.PROPOSED, Trust.TRUSTED, Trust.BLOCKED)


class OrganizationTrustQuerySet(models.QuerySet["OrganizationTrust"]):
    def of(self, organization: Organization) -> "OrganizationTrust":
        """The level of an organization; created as unverified at first use."""
        return self.get_or_create(organization=organization)[0]


class OrganizationTrust(Moved):
    """The level of one organization; without a row it is unverified.

    Whatever the level, nothing is published without a person: it only sorts the queue.
    """

    organization = models.OneToOneField(
        "stocktaking.Organization",
        models.CASCADE,
        related_name="trust",
        verbose_name=_("organization"),
    )
    WORKFLOW = TRUST_WORKFLOW
    status = models.CharField(
        _("level"),
        max_length=10,
        choices=Trust.choices,
        default=Trust.UNVERIFIED,
        editable=False,
    )

    objects = OrganizationTrustQuerySet.as_manager()

    class Meta:
        verbose_name = _("trust in an organization")
        verbose_name_plural = _("trust in organizations")
        ordering = ["pk"]
        constraints = [status_check(Trust.values, "organization_trust_status")]

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_status_display()}"

    def rival_at(self, organization: Organization) -> "OrganizationTrust | None":
        """The level of another organization, for a merge."""
        return OrganizationTrust.objects.filter(organization=organization).first()

    def outranks(self, other: "OrganizationTrust") -> bool:
        """Of two levels the higher one is kept, but a block is never lost."""
        return RANKS.index(self.status) > RANKS.index(other.status)

    def roles_of(self, user: AnyUser) -> set[str]:
        """Staff do not decide about the organization to which they belong."""
        if not user.is_authenticated:
            return super().roles_of(user)
        return roles_towards(
            user, concerned=user.is_secretariat and self._is_house_of(user)
        )

    def _is_house_of(self, user: User) -> bool:
        member = getattr(user, "member", None)
        if member is None:
            return False
        here = member.roles.filter(status=RoleStatus.VERIFIED)
        return (
            member.organization_id == self.organization_id
            or here.filter(organization=self.organization_id).exists()
        )

    def require_second_person(self, change: StatusChange) -> None:
        """Raises MoveRefused for the person who proposed an organization as trusted."""
        proposal = self.history().filter(target=Trust.PROPOSED).first()
        if proposal and proposal.by == change.by:
            raise MoveRefused(_("A second person has to confirm this."))
