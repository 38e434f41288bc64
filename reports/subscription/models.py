"""Who wants to be told of new editions of a series, with or without an account."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from common.mail.addresses import AddressField
from common.moves.actors import Person
from reports.publication.models import Publication

SALT = "reports.subscription"
TO_CONFIRM = datetime.timedelta(days=14)  # then a link ends, and the row goes


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def of(self, user: Person) -> Self:
        return self.filter(user=user).select_related("region")

    def to_be_told(self, publication: Publication) -> Self:
        """Confirmed ones to the series, or to all of its regions."""
        of_region = Q(region=None) | Q(region=publication.region_id)
        return self.confirmed().filter(of_region, series=publication.series)

    def signed(
        self, token: str, lasts: datetime.timedelta | None = None
    ) -> "Subscription | None":
        """The subscription of a link, which may last for some time only."""
        try:
            pk = signing.loads(token, salt=SALT, max_age=lasts)
        except signing.BadSignature:
            return None
        return self.filter(pk=pk).select_related("region").first()

    @transaction.atomic
    def follow(self, user: Person, **about: Any) -> "Subscription":
        """A person with an account: no confirmation is needed."""
        made = {"confirmed_at": timezone.now(), "language": user.language}
        return self.get_or_create(user=user, **about, defaults=made)[0]

    @transaction.atomic
    def ask(self, email: str, language: str, **about: Any) -> "Subscription":
        """An address without an account, which has to be confirmed."""
        made = {"language": language}
        return self.get_or_create(email=email, **about, defaults=made)[0]


class Subscription(models.Model):
    """Somebody who wants a mail about each new edition of a series, or of its reports on a
    region."""

    series = models.CharField(_("series"), max_length=20)
    region = models.ForeignKey(
        "reference.Region",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="report_subscriptions",
        verbose_name=_("account"),
    )
    email = AddressField(_("e-mail address"), blank=True)
    language = models.CharField(
        _("language"), max_length=8, choices=settings.LANGUAGES, default="en"
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription to reports")
        verbose_name_plural = _("subscriptions to reports")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, email="")
                | (Q(user=None) & ~Q(email="")),
                name="subscription_of_account_or_address",
            ),
            models.UniqueConstraint(
                fields=["series", "region", "user", "email"],
                nulls_distinct=False,
                name="subscription_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} · {self.user or self.email}"

    @property
    def about(self) -> str:
        series = str(dict(Publication.Series.choices).get(self.series, self.series))
        return f"{series} · {self.region}" if self.region else series

    @property
    def token(self) -> str:
        """What the links in the mails to this subscriber hold; it is signed."""
        return signing.dumps(self.pk, salt=SALT)

    def stop_url(self) -> str:
        with translation.override(self.reads):
            path = reverse("reports:subscription-stop", args=[self.token])
        return settings.SITE_URL + path

    @property
    def reads(self) -> str:
        """The language of the mails: that of the account, or that in which one subscribed."""
        return self.user.language if self.user else self.language

    def confirm(self) -> None:
        if self.confirmed_at is None:
            self.confirmed_at = timezone.now()
            self.save(update_fields=["confirmed_at"])


class Notice(models.Model):
    """The mails about one published version: up to whom they are written."""

    snapshot = models.OneToOneField(
        "reports.Snapshot",
        models.CASCADE,
        related_name="notice",
        verbose_name=_("snapshot"),
    )
    reached = models.PositiveBigIntegerField(_("last subscription"), default=0)
    written = models.PositiveIntegerField(_("e-mails written"), default=0)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("notice of an edition")
        verbose_name_plural = _("notices of editions")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.snapshot)
