"""Agencies: who leads, shares or assesses milestones, and who writes for whom."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.moves.actors import AnyUser
from roadmap import feed
from roadmap.record.dates import FIRST_YEAR, LAST_YEAR
from roadmap.record.models import CODE

YEARS = [MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]


class AgencyQuerySet(models.QuerySet["Agency"]):
    def of(self, user: AnyUser) -> Self:
        """The agencies that this person may write for."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(memberships__user=user)


class Agency(models.Model):
    """An organization that leads or shares a milestone and may state a position on it."""

    class Kind(models.TextChoices):
        UN = "un", _("United Nations system")
        COMMISSION = "commission", _("UN regional commission")
        STATE = "state", pgettext_lazy("kind of agency", "State")
        OTHER = "other", _("Other")

    code = models.CharField(
        _("code"), max_length=20, primary_key=True, validators=[CODE]
    )
    short = models.CharField(_("short name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    aliases = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("aliases"),
        default=list,
        blank=True,
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind.choices, default=Kind.OTHER
    )
    website = models.URLField(_("website"), max_length=500, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    source = models.TextField(_("source"), max_length=2000)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["order", "short"]
        constraints = [feed.AGENCIES]

    def __str__(self) -> str:
        return self.short


class AgencyMembership(models.Model):
    """A person who writes for an agency; an approver also clears and publishes."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="agencies",
        verbose_name=_("account"),
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="memberships", verbose_name=_("agency")
    )
    approves = models.BooleanField(
        _("approver"),
        default=False,
        help_text=_("May clear and publish the agency's positions."),
    )
    since = models.DateField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("account of an agency")
        verbose_name_plural = _("accounts of agencies")
        ordering = ["agency", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency"], name="agency_membership_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.agency_id}"
