"""Ties between organizations: whose experts do not review whose entries."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganizationTie(models.Model):
    """Two organizations that are not independent of each other.

    There is no constraint against repeated rows: when organizations are merged, their ties go
    along, and two may then say the same.
    """

    class Kind(models.TextChoices):
        PART = "part", _("The other is a part of it")
        PARTNER = "partner", _("They are partners")

    organization = models.ForeignKey(
        "stocktaking.Organization",
        models.CASCADE,
        related_name="prize_ties",
        verbose_name=_("organization"),
    )
    other = models.ForeignKey(
        "stocktaking.Organization",
        models.CASCADE,
        related_name="prize_ties_from",
        verbose_name=_("other organization"),
    )
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("tie between organizations")
        verbose_name_plural = _("ties between organizations")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.organization} – {self.other}"

    def clean(self) -> None:
        """Another organization, and not a pair that is recorded already."""
        if not (self.organization_id and self.other_id):
            return
        if self.organization_id == self.other_id:
            raise ValidationError({"other": _("Choose another organization.")})
        pair: Any = (self.organization_id, self.other_id)
        same = OrganizationTie.objects.filter(
            organization__in=pair, other__in=pair
        ).exclude(pk=self.pk)
        if same.exists():
            raise ValidationError(_("A tie between the two is recorded already."))
