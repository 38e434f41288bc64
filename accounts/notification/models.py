"""Mail preferences: which mails a person wants, and how often."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.mail.kinds import KINDS


class MailChoice(models.Model):
    """A person's preference for one kind of mail; without a row, each mail is sent at once."""

    class Delivery(models.TextChoices):
        NOW = "now", _("at once")
        DAILY = "daily", _("once a day, together")
        WEEKLY = "weekly", _("once a week, together")
        OFF = "off", _("never")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_choices"
    )
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=[(name, kind.label) for name, kind in KINDS.items()],
    )
    delivery = models.CharField(
        _("delivery"), max_length=10, choices=Delivery.choices, default=Delivery.NOW
    )

    class Meta:
        verbose_name = _("choice of e-mail")
        verbose_name_plural = _("choices of e-mail")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="mail_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}: {self.delivery}"
