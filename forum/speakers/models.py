"""The speakers that a proposal names, before there is a session."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.forms.values import refuse_unreadable
from forum.consultation.models import Submission
from forum.people.models import name_key

MOST_SPEAKERS = 20  # of one proposal


class Gender(models.TextChoices):
    WOMAN = "woman", _("Woman")
    MAN = "man", _("Man")
    OTHER = "other", _("Another gender")


class ProposedSpeaker(models.Model):
    """Somebody whom a proposal names; what is not known stays empty and counts for nothing."""

    submission = models.ForeignKey(
        Submission,
        models.CASCADE,
        related_name="speakers",
        verbose_name=_("submission"),
    )
    name = models.CharField(_("name"), max_length=150, validators=[refuse_unreadable])
    organization = models.CharField(
        _("organization"), max_length=250, blank=True, validators=[refuse_unreadable]
    )
    country = models.ForeignKey(
        "reference.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposed_speakers",
        verbose_name=_("country"),
    )
    stakeholder_type = models.ForeignKey(
        "reference.StakeholderType",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposed_speakers",
        verbose_name=_("stakeholder type"),
    )
    gender = models.CharField(
        _("gender"),
        max_length=5,
        choices=Gender.choices,
        blank=True,
        help_text=_("Only as this person describes themselves; else leave it empty."),
    )
    is_youth = models.BooleanField(_("younger than 30"), default=False)
    name_key = models.CharField(max_length=150, blank=True, editable=False)

    class Meta:
        verbose_name = _("proposed speaker")
        verbose_name_plural = _("proposed speakers")
        ordering = ["submission", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "name_key"],
                name="proposed_speaker_once",
                violation_error_message=_("This person is named already."),
            )
        ]
        indexes = [models.Index(fields=["name_key"], name="proposed_speaker_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.organization})" if self.organization else self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = name_key(self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.name_key = name_key(self.name)
