"""The history of sign-ins."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SignIn(models.Model):
    """One sign-in: people see where they were, operators see what went wrong; kept for 12
    months."""

    class Method(models.TextChoices):
        PASSWORD = "password", _("password")
        APP = "app", _("password and authenticator app")
        RECOVERY_CODE = "recovery_code", _("password and recovery code")
        SECURITY_KEY = "security_key", _("password and security key")
        PASSKEY = "passkey", _("passkey")
        MAILED_CODE = "mailed_code", _("code sent by e-mail")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_ins"
    )
    at = models.DateTimeField(_("at"), auto_now_add=True, db_index=True)
    ip = models.GenericIPAddressField(_("address"), null=True)
    user_agent = models.CharField(_("browser"), max_length=200, blank=True)
    method = models.CharField(
        _("method"), max_length=20, choices=Method.choices, blank=True
    )

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at}"
