"""API keys: programs of agencies and members read and write with them."""

import datetime
import hashlib
import secrets
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser

MARK = "wsis"  # what every key begins with, so that scanners for leaked secrets can know it
PREFIX_BYTES, SECRET_BYTES = 5, 32
MOST_KEYS = 10  # of one account that can still be used
SEEN_EVERY = datetime.timedelta(minutes=1)


class Scope(models.TextChoices):
    """What a key allows. All scopes read public data; `read` alone sees what anonymous readers
    see."""

    READ = "read", _("Read public data with a higher rate limit")
    READ_OWN = "read:own", _("Read my own data, including what is not public")
    WRITE_PROJECTS = "write:projects", _("Start, change and submit my own projects")
    WRITE_POSITIONS = (
        "write:positions",
        _("State the positions of my agency on milestones"),
    )


ACTING = (
    Scope.READ_OWN,
    Scope.WRITE_PROJECTS,
    Scope.WRITE_POSITIONS,
)  # with these a key acts as its person


def never() -> bool:
    """A program has no second factor."""
    return False


def digest(secret: str) -> str:
    """The stored digest. 256 random bits need no slow hash: they cannot be guessed from the
    table."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def of(self, user: AnyUser) -> Self:
        """The keys of one person, newest first."""
        return self.filter(user=user).order_by("-created_at", "-pk")

    def usable(self) -> Self:
        """Keys that are neither revoked nor expired, of accounts that may sign in."""
        return self.filter(revoked_at=None, expires_at__gt=Now(), user__is_active=True)

    def make(
        self, user: AnyUser, name: str, scopes: list[str], days: int
    ) -> tuple["ApiKey", str]:
        """A new key and its text. The text is shown once and stored nowhere."""
        prefix, secret = (
            secrets.token_hex(PREFIX_BYTES),
            secrets.token_urlsafe(SECRET_BYTES),
        )
        made = self.create(
            user=user,
            name=name,
            scopes=scopes,
            prefix=prefix,
            digest=digest(secret),
            expires_at=timezone.now() + datetime.timedelta(days=days),
        )
        return made, f"{MARK}_{prefix}_{secret}"

    def matching(self, text: str) -> "ApiKey | None":
        """The usable key with this text, with its person; None when there is no such key."""
        mark, _sign, rest = text.partition("_")
        prefix, _sign, secret = rest.partition("_")
        if mark != MARK or not secret:
            return None
        key = self.usable().select_related("user").filter(prefix=prefix).first()
        if key is None or not secrets.compare_digest(key.digest, digest(secret)):
            return None
        return key


class ApiKey(models.Model):
    """A key of one account: a visible prefix, the digest of the secret, scopes and an expiry date.

    It acts for its person but never has staff roles: those need a second factor, which a program
    cannot give.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="api_keys",
        verbose_name=_("account"),
    )
    name = models.CharField(
        _("name"),
        max_length=80,
        help_text=_("What it is used for, for example “nightly harvest”."),
    )
    prefix = models.CharField(
        _("begins with"), max_length=20, unique=True, editable=False
    )
    digest = models.CharField(_("SHA-256 of the secret"), max_length=64, editable=False)
    scopes = ArrayField(
        models.CharField(max_length=20, choices=Scope.choices), verbose_name=_("scopes")
    )
    created_at = models.DateTimeField(
        _("made at"), default=timezone.now, editable=False
    )
    expires_at = models.DateTimeField(_("ends at"))
    last_used_at = models.DateTimeField(
        _("last used at"), null=True, blank=True, editable=False
    )
    revoked_at = models.DateTimeField(
        _("revoked at"), null=True, blank=True, editable=False
    )
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
        editable=False,
    )

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("key of the API")
        verbose_name_plural = _("keys of the API")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__contained_by=Scope.values) & Q(scopes__len__gt=0),
                name="api_key_known_scopes",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="api_key_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="api_key_of_user")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.shown})"

    @property
    def shown(self) -> str:
        """The part of the key that can always be shown."""
        return f"{MARK}_{self.prefix}_…"

    @property
    def scope_labels(self) -> list[Any]:
        return [scope.label for scope in Scope if scope.value in self.scopes]

    @property
    def has_ended(self) -> bool:
        return self.revoked_at is not None or self.expires_at <= timezone.now()

    def person(self) -> Any:
        """The person for whom a request is made; None when the scopes allow only public data.

        Staff roles are left out.
        """
        if not set(self.scopes) & set(ACTING):
            return None
        self.user.staff_confirmed = never
        return self.user

    def note_use(self) -> None:
        """Store the time of use, at most once a minute."""
        if self.last_used_at is None or self.last_used_at < timezone.now() - SEEN_EVERY:
            type(self).objects.filter(pk=self.pk).update(last_used_at=Now())

    def revoke(self, by: Any) -> None:
        """End the key at once; a second call changes nothing."""
        rows = type(self).objects.filter(pk=self.pk, revoked_at=None)
        rows.update(revoked_at=Now(), revoked_by=by)
