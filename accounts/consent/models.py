"""Terms and privacy notice by version, and who agreed to which."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User


class TextVersionQuerySet(models.QuerySet["TextVersion"]):
    def current(self) -> Self:
        """The newest published version of each text."""
        newest = self.filter(published_at__lte=Now()).order_by(
            "kind", "-published_at", "-pk"
        )
        return newest.distinct("kind")

    def unanswered_by(self, user: User) -> Self:
        """Texts in force that this person has not agreed to yet."""
        agreed = Consent.objects.filter(user=user).values("text")
        return self.filter(pk__in=self.current().values("pk")).exclude(pk__in=agreed)


class TextVersion(models.Model):
    """A published version of the terms or the privacy notice; everybody is asked to agree to a
    new one."""

    class Kind(models.TextChoices):
        TERMS = "terms", _("Terms of use")
        PRIVACY = "privacy", _("Privacy notice")

    kind = models.CharField(_("text"), max_length=10, choices=Kind.choices)
    version = models.CharField(_("version"), max_length=20)
    summary = models.TextField(
        _("what has changed"),
        max_length=1000,
        help_text=_("Shown when people are asked to agree."),
    )
    published_at = models.DateTimeField(_("in force from"))

    objects = TextVersionQuerySet.as_manager()  # type: ignore[django-manager-missing]  # modeltranslation wraps it

    class Meta:
        verbose_name = _("version of a text")
        verbose_name_plural = _("versions of texts")
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "version"], name="text_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"


class Consent(models.Model):
    """A person's consent to one version of a text; kept as proof."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="consents"
    )
    text = models.ForeignKey(TextVersion, models.PROTECT, related_name="consents")
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(fields=["user", "text"], name="consent_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.text}"
