"""Trust: how far the secretariat knows the organisations behind the entries."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import roles_towards
from accounts.user.models import User
from common.moves.actors import AnyUser
from common.moves.models import Moved, StatusChange
from common.moves.workflow import MoveRefused, status_check
from stocktaking.organization.models import Organisation
from stocktaking.organization.workflow import TRUST_WORKFLOW, RoleStatus, Trust

# From the one that gives way to the one that stays, when organizations are merged.
RANKS = (Trust.UNVERIFIED, Trust.ALLOWED, Trust.PROPOSED, Trust.TRUSTED, Trust.BLOCKED)


class OrganisationTrustQuerySet(models.QuerySet["OrganisationTrust"]):
    def of(self, organisation: Organisation) -> "OrganisationTrust":
        """The row of an organisation, made when it is first asked for: unverified."""
        return self.get_or_create(organisation=organisation)[0]


class OrganisationTrust(Moved):
    """The level of one organisation; without a row it is unverified. Nothing is published without
    a person, whatever the level: it only sorts the queue."""

    organisation = models.OneToOneField(
        "stocktaking.Organisation",
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

    objects = OrganisationTrustQuerySet.as_manager()

    class Meta:
        verbose_name = _("trust in an organization")
        verbose_name_plural = _("trust in organizations")
        ordering = ["pk"]
        constraints = [status_check(Trust.values, "organisation_trust_status")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_status_display()}"

    def rival_at(self, organisation: Organisation) -> "OrganisationTrust | None":
        """The level of another organization, for a merge."""
        return OrganisationTrust.objects.filter(organisation=organisation).first()

    def outranks(self, other: "OrganisationTrust") -> bool:
        """Of two levels the higher one stays; that one is blocked is never lost."""
        return RANKS.index(self.status) > RANKS.index(other.status)

    def roles_of(self, user: AnyUser) -> set[str]:
        """Staff do not judge the organisation to which they belong."""
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
            member.organisation_id == self.organisation_id
            or here.filter(organisation=self.organisation_id).exists()
        )

    def require_second_person(self, change: StatusChange) -> None:
        """Who proposed an organisation as trusted cannot be the one who confirms it."""
        proposal = self.history().filter(target=Trust.PROPOSED).first()
        if proposal and proposal.by == change.by:
            raise MoveRefused(_("A second person has to confirm this."))
