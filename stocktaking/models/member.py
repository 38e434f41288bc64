"""Members: the stakeholders behind the accounts."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Member(models.Model):
    """A stakeholder's profile in the database; the account it belongs to only signs in."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="member", verbose_name=_("account")
    )
    organisation = models.ForeignKey(
        "stocktaking.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("organisation"),
    )
    stakeholder_type = models.ForeignKey(
        "reference.StakeholderType",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("stakeholder type"),
    )
    country = models.ForeignKey(
        "reference.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("country"),
    )
    interests = models.ManyToManyField(
        "reference.ActionLine",
        blank=True,
        related_name="interested_members",
        verbose_name=_("action lines of interest"),
    )
    wants_news = models.BooleanField(_("wants news by e-mail"), default=False)
    consented_at = models.DateTimeField(_("consented to the terms at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="member_order")]

    def __str__(self) -> str:
        return str(self.user)
