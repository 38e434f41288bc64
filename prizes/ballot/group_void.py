"""A case against all votes of a group: one officer proposes, another one confirms."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.forms.values import refuse_unreadable
from prizes.hold.models import REASON_LENGTH, Pattern


class GroupVoidQuerySet(models.QuerySet["GroupVoid"]):
    def open(self) -> Self:
        return self.filter(confirmed_at=None, dismissed_at=None)


class GroupVoid(models.Model):
    """The votes of a pattern that are to be declared void together; each of them has a case of its
    own (`Voiding`), which closes by itself when its voter changes the vote meanwhile."""

    pattern = models.ForeignKey(
        Pattern, models.PROTECT, related_name="voids", verbose_name=_("pattern")
    )
    reason = models.CharField(
        _("reason for the file"),
        max_length=REASON_LENGTH,
        validators=[refuse_unreadable],
        help_text=_("Only the secretariat reads it."),
    )
    told = models.CharField(
        _("reason for the voters"),
        max_length=REASON_LENGTH,
        validators=[refuse_unreadable],
        help_text=_("The voters read it under “My votes” once their votes are void."),
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    proposed_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dismissed by"),
    )
    dismissed_at = models.DateTimeField(_("dismissed at"), null=True, blank=True)
    votes = models.PositiveIntegerField(_("votes declared void"), default=0)

    objects = GroupVoidQuerySet.as_manager()

    class Meta:
        verbose_name = _("void of a group of votes")
        verbose_name_plural = _("voids of groups of votes")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=models.F("proposed_by"))
                | models.Q(confirmed_by=None),
                name="group_void_by_two",
                violation_error_message=_("A second person must confirm."),
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None) | models.Q(dismissed_at=None),
                name="group_void_ends_once",
            ),
            models.UniqueConstraint(
                fields=["pattern"],
                condition=models.Q(confirmed_at=None, dismissed_at=None),
                name="group_void_one_open",
                violation_error_message=_(
                    "A void of this group is proposed already: confirm or dismiss it first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pattern)
