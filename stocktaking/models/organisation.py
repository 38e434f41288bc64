"""Organisations: the authority list behind the many spellings on entries."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_lazy as _


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def named(self, name: str) -> "OrganisationQuerySet":
        """Organisations that go by this name, in any case, aliases included."""
        return self.filter(models.Q(name__iexact=name) | models.Q(aliases__icontains=name))


class Organisation(models.Model):
    name = models.CharField(_("name"), max_length=250)
    aliases = ArrayField(
        models.CharField(max_length=250), verbose_name=_("also known as"), default=list, blank=True
    )
    stakeholder_type = models.ForeignKey(
        "reference.StakeholderType", models.PROTECT, null=True, blank=True,
        verbose_name=_("stakeholder type"), related_name="organisations",
    )
    country = models.ForeignKey(
        "reference.Country", models.PROTECT, null=True, blank=True, verbose_name=_("country"),
        related_name="organisations",
    )
    website = models.URLField(_("website"), max_length=500, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors",
        verbose_name=_("merged into"),
    )
    confirmed_at = models.DateTimeField(
        _("confirmed at"), null=True, blank=True,
        help_text=_("Empty while the secretariat has not checked a name that a submitter typed."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), name="organisation_name_once",
                violation_error_message=_("An organisation of this name is already listed."),
            ),
            models.CheckConstraint(
                condition=~models.Q(successor=models.F("pk")), name="organisation_not_own_successor"
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="organisation_order"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="organisation_name_trgm"),
        ]

    def __str__(self) -> str:
        return self.name
