"""The badge of a registration: a role, and the code that is read at the entrance."""

import hashlib
import secrets
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.moves.actors import AnyUser
from forum.edition.models import Edition
from forum.people.models import Participation
from forum.registration.models import CODE_SIGNS, Registration
from forum.registration.workflow import RegistrationStatus

TOKEN_LENGTH = 20  # of 32 signs: 100 bits, which nobody guesses
DIGEST_LENGTH = 32
GROUP = 5


def new_token() -> str:
    return "".join(secrets.choice(CODE_SIGNS) for _sign in range(TOKEN_LENGTH))


def read_token(text: str) -> str:
    """A code as it was scanned or typed: small letters, spaces and hyphens do not matter."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def digest(token: str) -> str:
    """What devices at the entrance know of a code: half of its SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()[:DIGEST_LENGTH]


class BadgeRole(models.TextChoices):
    PARTICIPANT = "participant", pgettext_lazy("badge", "Participant")
    SPEAKER = "speaker", pgettext_lazy("badge", "Speaker")
    ORGANIZER = "organizer", pgettext_lazy("badge", "Organizer")
    PRESS = "press", pgettext_lazy("badge", "Press")
    STAFF = "staff", pgettext_lazy("badge", "Staff")


class BadgeQuerySet(models.QuerySet["Badge"]):
    def visible_to(self, user: AnyUser) -> Self:
        registrations = Registration.objects.visible_to(user)
        return self.filter(registration__in=registrations)

    def current(self) -> Self:
        """Those that were not replaced."""
        return self.filter(revoked_at=None)

    def of_edition(self, edition: Edition) -> Self:
        return self.filter(registration__edition=edition)

    def approved(self) -> Self:
        """Current badges of registrations that are approved: these let somebody in."""
        approved = RegistrationStatus.APPROVED
        return self.current().filter(registration__status=approved)

    def for_print(self) -> Self:
        return self.select_related("registration__edition", "registration__country")

    def of(self, registration: Registration) -> "Badge | None":
        """The current badge, issued now if need be; None before the registration is approved."""
        if registration.status == RegistrationStatus.APPROVED:
            self.issue(Registration.objects.filter(pk=registration.pk))
        return self.current().for_print().filter(registration=registration).first()

    def issue_all(self, edition: Edition) -> int:
        """Give each approved registration of the edition a badge; returns how many were new."""
        return self.issue(Registration.objects.filter(edition=edition))

    def issue(self, registrations: models.QuerySet[Registration]) -> int:
        """Safe to run twice at the same time: the constraint keeps one current badge."""
        current = Badge.objects.current().filter(registration=models.OuterRef("pk"))
        missing = list(
            registrations.filter(status=RegistrationStatus.APPROVED)
            .exclude(models.Exists(current))
            .only("pk", "user_id", "edition_id")
        )
        if not missing:
            return 0
        speakers = speakers_of({one.edition_id for one in missing})
        badges = [
            Badge.new(one, BadgeRole.SPEAKER)
            if (one.edition_id, one.user_id) in speakers
            else Badge.new(one, BadgeRole.PARTICIPANT)
            for one in missing
        ]
        return len(Badge.objects.bulk_create(badges, ignore_conflicts=True))


def speakers_of(editions: set[int]) -> set[tuple[int, int]]:
    """(edition, account) of people with a part in a session."""
    parts = Participation.objects.filter(session__edition__in=editions)
    parts = parts.exclude(person__user=None)
    return set(parts.values_list("session__edition", "person__user").distinct())


class Badge(models.Model):
    """The token is random and means nothing by itself: the QR code has no personal data, and a
    badge that was lost is replaced, after which the old code lets nobody in."""

    registration = models.ForeignKey(
        Registration,
        models.CASCADE,
        related_name="badges",
        verbose_name=_("registration"),
    )
    role = models.CharField(
        _("role"),
        max_length=12,
        choices=BadgeRole.choices,
        default=BadgeRole.PARTICIPANT,
    )
    token = models.CharField(
        _("code"),
        max_length=TOKEN_LENGTH,
        unique=True,
        default=new_token,
        editable=False,
    )
    digest = models.CharField(
        _("hash of the code"), max_length=DIGEST_LENGTH, unique=True, editable=False
    )
    issued_at = models.DateTimeField(_("issued at"), auto_now_add=True)
    printed_at = models.DateTimeField(
        _("printed at"), null=True, blank=True, editable=False
    )
    revoked_at = models.DateTimeField(
        _("replaced at"), null=True, blank=True, editable=False
    )
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("replaced by"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    objects = BadgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("badge")
        verbose_name_plural = _("badges")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=models.Q(revoked_at=None),
                name="badge_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration.name} ({self.get_role_display()})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.digest = self.digest or digest(self.token)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("forum:badge", args=[self.registration_id])

    @classmethod
    def new(cls, registration: Registration, role: str) -> "Badge":
        token = new_token()
        return cls(
            registration=registration, role=role, token=token, digest=digest(token)
        )

    @property
    def grouped(self) -> str:
        """The code as it is printed, to be typed where it cannot be scanned."""
        starts = range(0, TOKEN_LENGTH, GROUP)
        return " ".join(self.token[start : start + GROUP] for start in starts)

    @transaction.atomic
    def replace(self, by: AnyUser, reason: str) -> "Badge":
        """A new code; the old one lets nobody in any more. A second call changes nothing."""
        old = Badge.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if old.revoked_at is None:
            old.revoked_at = timezone.now()
            old.revoked_by = by if by.is_authenticated else None
            old.reason = reason
            old.save(update_fields=["revoked_at", "revoked_by", "reason"])
            Badge.new(old.registration, old.role).save()
        return Badge.objects.current().get(registration=old.registration_id)
