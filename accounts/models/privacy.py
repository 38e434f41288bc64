"""What the law gives people: consent by version of a text, a copy of their data, erasure."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

EXPORT_KEPT = timedelta(days=7)
GRACE = timedelta(days=14)  # in which an erasure can be called off


def two_weeks_on() -> Any:
    return timezone.now() + GRACE


class TextVersionQuerySet(models.QuerySet["TextVersion"]):
    def current(self) -> Self:
        """The newest published version of each text."""
        newest = self.filter(published_at__lte=Now()).order_by(
            "kind", "-published_at", "-pk"
        )
        return newest.distinct("kind")

    def unanswered_by(self, user: Any) -> Self:
        """Texts in force that this person has not agreed to yet."""
        agreed = Consent.objects.filter(user=user).values("text")
        return self.filter(pk__in=self.current().values("pk")).exclude(pk__in=agreed)


class TextVersion(models.Model):
    """A published version of the terms or of the privacy notice; a new one asks everybody anew."""

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
    """Somebody agreed to one version of a text; kept as proof."""

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


class SignIn(models.Model):
    """One sign-in: people see where they were, the operator sees what went wrong; 12 months."""

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


class DataExport(models.Model):
    """A person's copy of their data: a job with its progress, then a private file for a week."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting for a worker")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.QUEUED
    )
    percent = models.PositiveSmallIntegerField(
        _("percent"), default=0, validators=[MaxValueValidator(100)]
    )
    file = models.CharField(_("file"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("export of personal data")
        verbose_name_plural = _("exports of personal data")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(state__in=("queued", "running")),
                name="data_export_one_live",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at}"

    @property
    def is_live(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def until(self) -> Any:
        return (self.finished_at or self.created_at) + EXPORT_KEPT

    @property
    def can_be_fetched(self) -> bool:
        return (
            self.state == self.State.DONE
            and bool(self.file)
            and timezone.now() < self.until
        )

    def drop_file(self) -> None:
        if self.file:
            default_storage.delete(self.file)


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def waiting(self) -> Self:
        return self.filter(done_at=None, cancelled_at=None)

    def call_off(self, user: Any) -> None:
        self.waiting().filter(user=user).update(cancelled_at=Now())

    def due(self) -> Self:
        return self.waiting().filter(due_at__lte=Now()).order_by("due_at")


class Erasure(models.Model):
    """Somebody asked to be forgotten: two weeks to think again, then it is done."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="erasures"
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    due_at = models.DateTimeField(_("due at"), default=two_weeks_on)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(done_at=None, cancelled_at=None),
                name="erasure_one_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.asked_at}"
