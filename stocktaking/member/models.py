"""Members: profiles of the people and organizations behind the accounts."""

from typing import Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.admin.paginator import estimate
from common.moves.actors import AnyUser
from common.text.words import WordLimit

BIO_WORDS = 100
COUNTED_UP_TO = 20_000  # above it totals are estimates


class MemberQuerySet(models.QuerySet["Member"]):
    def active(self) -> Self:
        """Members whose account is open; figures and lists contain only these."""
        return self.filter(user__is_active=True)

    def directory(self) -> Self:
        """Members who agreed to be listed, newest first."""
        return self.active().filter(listed=True).order_by("-created_at", "-pk")

    def for_list(self) -> Self:
        """Without joins: the names of codes come from the cached vocabularies."""
        return self.select_related("user", "organization").defer("user__password")

    def for_page(self) -> Self:
        return self.for_list().prefetch_related("interests")

    def estimated(self) -> tuple[int, bool]:
        """The number of members, that is of open accounts, and whether it is an estimate: small
        numbers are counted, large ones come from PostgreSQL's statistics."""
        guess = estimate(self.model)
        accounts = get_user_model()._default_manager
        if guess <= COUNTED_UP_TO:
            return accounts.filter(is_active=True).count(), False
        return max(0, guess - accounts.filter(is_active=False).count()), True

    def of(self, user: User) -> "Member":
        """The profile of an account, for reading only."""
        return self.filter(user=user).first() or Member(user=user)

    def profile_of(self, user: AnyUser) -> "Member":
        """The profile of an account. The database creates one for each account at the end of the
        transaction that opens it; within that transaction it is created here."""
        return self.get_or_create(user=user)[0]


class Member(models.Model):
    """A member's profile; the account is only for signing in."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="member",
        verbose_name=_("account"),
    )
    organization = models.ForeignKey(
        "stocktaking.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("organization"),
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
    # the profile; shown in the directory only to those who are signed in, and only by consent
    languages = ArrayField(
        models.CharField(max_length=8, choices=settings.LANGUAGES),
        verbose_name=_("languages that you speak"),
        default=list,
        blank=True,
    )
    bio = models.TextField(
        _("about you"), blank=True, max_length=1500, validators=[WordLimit(BIO_WORDS)]
    )
    listed = models.BooleanField(
        _("list me in the directory of members"),
        default=False,
        help_text=_(
            "Other members can then see your name, organization and this profile, "
            "never your e-mail address. Search engines are excluded."
        ),
    )
    wants_news = models.BooleanField(_("wants news by e-mail"), default=False)
    consented_at = models.DateTimeField(
        _("consented to the terms at"), null=True, blank=True
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="member_order"),
            models.Index(
                fields=["-created_at", "-id"],
                name="member_directory",
                condition=models.Q(listed=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    def get_absolute_url(self) -> str:
        return reverse("stocktaking:member", kwargs={"pk": self.pk})
