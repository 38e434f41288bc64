"""Who reads a version before the public: reviewers, who have an account, and the pre-release list,
whose readers have a link of their own."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.mail.addresses import AddressField
from common.mail.links import digest, new_token
from common.moves.actors import AnyUser, Person

MAX_REVIEWERS = 20  # of a version
MAX_READERS = 50  # on the pre-release list of a version


class ReviewerQuerySet(models.QuerySet["Reviewer"]):
    def of(self, publication: int, version: int) -> Self:
        return self.filter(publication=publication, version=version)

    def of_user(self, user: Person) -> Self:
        """The reviews that this person is asked for now."""
        return self.filter(
            user=user,
            publication__status="in_review",
            publication__version=F("version"),
        )


def under_review_by(user: AnyUser | None, publication: str) -> Exists | Q:
    """Rows with a `version` that this person is asked to review; `publication` is the path to the
    report."""
    if user is None or not user.is_authenticated:
        return Q(pk__in=())
    asked = Reviewer.objects.of_user(user)
    return Exists(
        asked.filter(publication=OuterRef(publication), version=OuterRef("version"))
    )


class Reviewer(models.Model):
    """A person who is asked to read one version and to comment on it."""

    publication = models.ForeignKey(
        "reports.Publication",
        models.CASCADE,
        related_name="reviewers",
        verbose_name=_("publication"),
    )
    version = models.PositiveIntegerField(_("version"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="report_reviews",
        verbose_name=_("reviewer"),
    )
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    note = models.TextField(_("what the reviewer says"), blank=True)

    objects = ReviewerQuerySet.as_manager()

    class Meta:
        verbose_name = _("reviewer of a report")
        verbose_name_plural = _("reviewers of reports")
        ordering = ["publication", "version", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "version", "user"], name="reviewer_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication} v{self.version}: {self.user}"

    def answer(self, note: str) -> None:
        """The reviewer has read the version."""
        self.answered_at, self.note = timezone.now(), note
        self.save(update_fields=["answered_at", "note"])


class EarlyReaderQuerySet(models.QuerySet["EarlyReader"]):
    def of(self, publication: int, version: int) -> Self:
        return self.filter(publication=publication, version=version)

    def long_over(self, moment: datetime.datetime) -> Self:
        """Readers of versions that were published by this moment; of those that never were, the
        readers whose time had ended."""
        of_version = Q(publication__snapshots__version=F("version"))
        published_at = Max("publication__snapshots__published_at", filter=of_version)
        over_at = Coalesce(published_at, "ends_at")
        return self.annotate(over_at=over_at).filter(over_at__lte=moment)

    def reading_with(self, token: str) -> Self:
        """The reader with this link, while it is open: in its time, not removed, and as long as
        the version is approved and not public yet."""
        now = timezone.now()
        return self.filter(
            token=digest(token),
            removed_at=None,
            begins_at__lte=now,
            ends_at__gt=now,
            publication__status__in=("approved", "scheduled"),
            publication__version=F("version"),
        )

    def listed(
        self, published_at: datetime.datetime | None
    ) -> list[tuple["EarlyReader", datetime.datetime]]:
        """Who could read a version before it was public, and until when; nobody before that."""
        if published_at is None:
            return []
        every = ((reader, reader.last_moment(published_at)) for reader in self)
        return [(reader, last) for reader, last in every if last]


class EarlyReader(models.Model):
    """Somebody who may read an approved version before the public, by a link of their own.

    The name, the organization and the time are public after the publication; the address never is.
    """

    publication = models.ForeignKey(
        "reports.Publication",
        models.CASCADE,
        related_name="early_readers",
        verbose_name=_("publication"),
    )
    version = models.PositiveIntegerField(_("version"))
    name = models.CharField(
        _("name"),
        max_length=150,
        help_text=_("Shown to everybody after the publication."),
    )
    organization = models.CharField(
        _("organization"),
        max_length=200,
        help_text=_("Shown to everybody after the publication."),
    )
    email = AddressField(
        _("e-mail address"), help_text=_("The link is sent there. It is never shown.")
    )
    language = models.CharField(
        _("language of the e-mail"),
        max_length=8,
        choices=settings.LANGUAGES,
        default="en",
    )
    begins_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    token = models.CharField(
        _("SHA-256 of the token"), max_length=64, unique=True, editable=False
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("invited by"),
    )
    created_at = models.DateTimeField(_("invited at"), auto_now_add=True)
    removed_at = models.DateTimeField(
        _("removed at"), null=True, blank=True, editable=False
    )

    objects = EarlyReaderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reader before the publication")
        verbose_name_plural = _("readers before the publication")
        ordering = ["publication", "version", "organization", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "version", "email"],
                condition=Q(removed_at=None) & ~Q(email=""),
                name="early_reader_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")),
                name="early_reader_time_in_order",
                violation_error_message=_("The end lies before the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.organization}"

    def new_token(self) -> str:
        """A token that nobody can guess; only its hash is kept."""
        token = new_token()
        self.token = digest(token)
        return token

    def last_moment(self, published_at: datetime.datetime) -> datetime.datetime | None:
        """Until when the link was open; None when it never was."""
        ends = (self.ends_at, self.removed_at, published_at)
        last = min(moment for moment in ends if moment)
        return last if last > self.begins_at else None

    def remove(self) -> None:
        self.removed_at = timezone.now()
        self.save(update_fields=["removed_at"])


class EarlyReading(models.Model):
    """One reading of a version before the publication: who, what, when."""

    reader = models.ForeignKey(
        EarlyReader,
        models.CASCADE,
        related_name="readings",
        verbose_name=_("reader before the publication"),
    )
    what = models.CharField(
        _("what was read"),
        max_length=10,
        help_text=_("“page”, or the format of the file."),
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("reading before the publication")
        verbose_name_plural = _("readings before the publication")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.reader}: {self.what}"
