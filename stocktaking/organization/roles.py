"""Roles of members in organizations: members request them and somebody else verifies them."""

from typing import Self

from allauth.account.models import EmailAddress
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower, Now, TruncDate
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import roles_towards
from common.mail import outbox
from common.moves.actors import AnyUser
from common.moves.models import Moved, StatusChange
from common.moves.workflow import status_check
from stocktaking.organization.models import Organization
from stocktaking.organization.workflow import (
    BY_DOMAIN,
    ROLE_WORKFLOW,
    RoleStatus,
)

LIVE = (RoleStatus.ASKED, RoleStatus.VERIFIED)


class OrganizationDomain(models.Model):
    """A mail domain that the secretariat trusts: its addresses belong to the organization."""

    organization = models.ForeignKey(
        "stocktaking.Organization",
        models.CASCADE,
        related_name="domains",
        verbose_name=_("organization"),
    )
    domain = models.CharField(
        _("domain of the e-mail addresses"),
        max_length=190,
        validators=[
            RegexValidator(
                r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$",
                _(
                    "Enter the domain alone, in lower-case letters, such as “ministry.example”."
                ),
            )
        ],
    )

    class Meta:
        verbose_name = _("trusted domain")
        verbose_name_plural = _("trusted domains")
        ordering = ["domain"]
        constraints = [
            models.UniqueConstraint(
                Lower("domain"), "organization", name="domain_trusted_once"
            ),
        ]

    def __str__(self) -> str:
        return self.domain

    def rival_at(self, organization: Organization) -> "OrganizationDomain | None":
        """The same domain of another organization, for a merge."""
        return organization.domains.filter(domain__iexact=self.domain).first()

    def outranks(self, other: "OrganizationDomain") -> bool:
        return False


class OrganizationRoleQuerySet(models.QuerySet["OrganizationRole"]):
    def of(self, user: AnyUser) -> Self:
        """A person's own roles, newest first."""
        return (
            self.filter(member__user=user)
            .select_related("organization")
            .order_by("-pk")
        )

    def shown(self) -> Self:
        """Verified roles whose holders agreed to be named, by name; without closed accounts."""
        today = TruncDate(Now())
        return (
            self.filter(
                status=RoleStatus.VERIFIED, shown=True, member__user__is_active=True
            )
            .filter(models.Q(until=None) | models.Q(until__gte=today))
            .select_related("member__user")
            .order_by("member__user__last_name", "member__user__first_name", "pk")
        )


class OrganizationRole(Moved):
    """A member's role in an organization, with its period; public only if the member agrees."""

    member = models.ForeignKey(
        "stocktaking.Member",
        models.CASCADE,
        related_name="roles",
        verbose_name=_("member"),
    )
    organization = models.ForeignKey(
        "stocktaking.Organization",
        models.PROTECT,
        related_name="roles",
        verbose_name=_("organization"),
    )
    title = models.CharField(_("what you do there"), max_length=150)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    shown = models.BooleanField(
        _("show my name and role on the organization's page"), default=False
    )
    WORKFLOW = ROLE_WORKFLOW
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=RoleStatus.choices,
        default=RoleStatus.ASKED,
        editable=False,
    )
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    verified_at = models.DateTimeField(
        _("verified at"), null=True, blank=True, editable=False
    )

    objects = OrganizationRoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role in an organization")
        verbose_name_plural = _("roles in organizations")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            status_check(RoleStatus.values, "organization_role_status"),
            models.UniqueConstraint(
                fields=["member", "organization"],
                condition=models.Q(status__in=LIVE),
                name="organization_role_once",
                violation_error_message=_(
                    "You have already requested a role at this organization."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("since"))
                | models.Q(until=None)
                | models.Q(since=None),
                name="organization_role_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "asked_at"], name="organization_role_queue")
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.title}, {self.organization}"

    def rival_at(self, organization: Organization) -> "OrganizationRole | None":
        """The active role of the same person in another organization, for a merge."""
        if self.status not in LIVE:
            return None
        return organization.roles.filter(member=self.member_id, status__in=LIVE).first()

    def outranks(self, other: "OrganizationRole") -> bool:
        """Of two roles, a verified one is kept."""
        return (
            self.status == RoleStatus.VERIFIED and other.status != RoleStatus.VERIFIED
        )

    def roles_of(self, user: AnyUser) -> set[str]:
        """The trusted domain verifies only members who have an address in it."""
        if user.is_authenticated:
            return roles_towards(user, owns=self.member.user_id == user.pk)
        if user is BY_DOMAIN and not self.address_is_trusted():
            return set()
        return super().roles_of(user)

    def tell_member(self, change: StatusChange) -> None:
        outbox.send(
            f"stocktaking/role_{change.target}",
            self.member.user,
            {"role": self, "change": change},
        )

    def address_is_trusted(self) -> bool:
        """Whether a verified address of the member is in a trusted domain of the organization."""
        addresses = EmailAddress.objects.filter(user=self.member.user_id, verified=True)
        domains = [
            email.rpartition("@")[2].lower()
            for email in addresses.values_list("email", flat=True)
        ]
        return self.organization.domains.filter(domain__in=domains).exists()

    def ask(self) -> "OrganizationRole":
        """Save the request; a trusted address verifies it at once. Call inside a transaction."""
        self.save()
        return self.move("recognise", BY_DOMAIN) if self.address_is_trusted() else self
