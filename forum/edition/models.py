"""Editions: the Summit, the May events, the Forums and High-Level Events."""

import datetime
import zoneinfo
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.user.models import validate_time_zone
from common.dates.zones import NamedZone
from forum.feed import CONSULTATIONS, EDITIONS, RELEASES

GENEVA = zoneinfo.ZoneInfo("Europe/Zurich")


def today() -> TruncDate:
    """Today's date in Geneva, by the database's clock."""
    return TruncDate(Now(), tzinfo=GENEVA)


class EditionQuerySet(models.QuerySet["Edition"]):
    def newest_first(self) -> Self:
        return self.order_by("-last_year", "-start_date", "-pk")

    def timeline(self) -> Self:
        """All editions, newest first, each with the number of its released sessions."""
        return self.newest_first().annotate(in_programme=models.Count("programme"))

    def current_or_next(self) -> "Edition | None":
        """The edition that takes place today, else the next one with a known date, else None."""
        return self.filter(end_date__gte=today()).order_by("start_date", "pk").first()

    def last_before(self, edition: "Edition") -> "Edition | None":
        """The edition that was over when this one began; None without its first day."""
        if edition.start_date is None:
            return None
        return self.filter(end_date__lt=edition.start_date).newest_first().first()

    def open_for_registration(self) -> Self:
        """Editions open for registration, by the database's clock."""
        return self.filter(
            Q(registration_closes_at__gt=Now()) | Q(registration_closes_at=None),
            registration_opens_at__lte=Now(),
        )


SUMMIT_YEAR = 2003


LAST_YEAR = 2100


MOST_DAYS = 60  # some editions went on for weeks


# Words of our own addresses; an edition of this name could not be reached.
RESERVED = frozenset(
    {
        "sessions",
        "people",
        "mine",
        "feed",
        "submissions",
        "inputs",
        "documents",
        "calendar",
        "registrations",
        "polls",
        "letters",
        "join",
        "joinings",
        "dispatches",
        "delegations",
    }
)


def validate_slug_is_free(value: str) -> None:
    if value in RESERVED:
        raise ValidationError(
            _("“%(value)s” is reserved by the portal."), params={"value": value}
        )


class Edition(models.Model):  # type: ignore[django-manager-missing]  # of its kinds of input
    """One edition with the facts that a source states; what is inferred is in `notes`."""

    class Kind(models.TextChoices):
        SUMMIT = "summit", _("Summit")
        CLUSTER = "cluster", _("Cluster of WSIS-related events")
        FORUM = "forum", _("WSIS Forum")
        HIGH_LEVEL = "high_level", _("High-Level Event")

    slug = models.SlugField(
        _("short name"),
        max_length=20,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9-]+$", _("Use small letters, digits and hyphens.")
            ),
            validate_slug_is_free,
        ],
        help_text=_("Part of the address, such as 2027."),
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind.choices, default=Kind.FORUM
    )
    title = models.CharField(_("title"), max_length=250)
    theme = models.CharField(_("theme"), max_length=300, blank=True)
    first_year = models.PositiveSmallIntegerField(
        _("first year"),
        validators=[MinValueValidator(SUMMIT_YEAR), MaxValueValidator(LAST_YEAR)],
    )
    last_year = models.PositiveSmallIntegerField(
        _("last year"),
        validators=[MinValueValidator(SUMMIT_YEAR), MaxValueValidator(LAST_YEAR)],
    )
    start_date = models.DateField(_("first day"), null=True, blank=True)
    end_date = models.DateField(_("last day"), null=True, blank=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="Europe/Zurich",
        validators=[validate_time_zone],
    )
    venue = models.CharField(_("venue"), max_length=250, blank=True)
    host = models.CharField(_("host"), max_length=250, blank=True)
    co_organizers = models.CharField(_("co-organizers"), max_length=300, blank=True)
    chair = models.CharField(_("chair"), max_length=250, blank=True)
    participants = models.PositiveIntegerField(_("participants"), null=True, blank=True)
    countries = models.PositiveIntegerField(_("countries"), null=True, blank=True)
    sessions_held = models.PositiveIntegerField(_("sessions"), null=True, blank=True)
    ministers = models.PositiveIntegerField(_("ministers"), null=True, blank=True)
    source = models.TextField(_("source"), blank=True, max_length=2000)
    notes = models.TextField(_("notes"), blank=True, max_length=2000)
    interpretation_teams = models.PositiveSmallIntegerField(
        _("interpretation teams"),
        null=True,
        blank=True,
        help_text=_("How many sessions can be interpreted at the same time."),
    )
    captioning_units = models.PositiveSmallIntegerField(
        _("captioning units"),
        null=True,
        blank=True,
        help_text=_("How many sessions can be captioned at the same time."),
    )
    registration_opens_at = models.DateTimeField(
        _("registration opens at"),
        null=True,
        blank=True,
        help_text=_("Leave empty if registration is not offered."),
    )
    registration_closes_at = models.DateTimeField(
        _("registration closes at"), null=True, blank=True
    )
    follow_up_until = models.DateField(
        _("follow-up form: last day"),
        null=True,
        blank=True,
        help_text=_(
            "Approved people are asked about visa, hotel and interpretation until then. "
            "Leave empty to ask nothing."
        ),
    )
    session_types = models.ManyToManyField(
        "forum.SessionType",
        blank=True,
        related_name="editions",
        verbose_name=_("session types"),
        help_text=_("Types that forms of this edition offer. None chosen: all."),
    )
    tracks = models.ManyToManyField(
        "forum.Track",
        blank=True,
        related_name="editions",
        verbose_name=_("tracks"),
        help_text=_("Tracks that forms of this edition offer. None chosen: all."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-last_year", "-pk"]
        indexes = [models.Index(fields=["-last_year", "-id"], name="edition_order")]
        constraints = [
            EDITIONS,
            CONSULTATIONS,
            RELEASES,
            models.CheckConstraint(
                condition=models.Q(last_year__gte=models.F("first_year")),
                name="edition_years_in_order",
                violation_error_message=_("The last year lies before the first year."),
            ),
            models.CheckConstraint(
                condition=models.Q(start_date=None, end_date=None)
                | models.Q(end_date__gte=models.F("start_date")),
                name="edition_days_in_order",
                violation_error_message=_(
                    "Enter both days; the last day must not be before the first."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(registration_closes_at=None)
                | models.Q(
                    registration_closes_at__gt=models.F("registration_opens_at")
                ),
                name="edition_registration_in_order",
                violation_error_message=_("Registration closes before it opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("forum:edition", args=[self.slug])

    @property
    def zone(self) -> NamedZone:
        return NamedZone(self.time_zone)

    @property
    def years(self) -> str:
        """“2017”, or “2006-2008” for several years."""
        if self.first_year == self.last_year:
            return str(self.last_year)
        return f"{self.first_year}–{self.last_year}"

    @property
    def is_live(self) -> bool:
        """Whether the edition takes place today, in its time zone."""
        day = timezone.now().astimezone(self.zone).date()
        return bool(
            self.start_date and self.start_date <= day <= (self.end_date or day)
        )

    @property
    def is_unconfirmed(self) -> bool:
        """Whether something of these facts is marked as unconfirmed by the sources."""
        return "unconfirmed" in f"{self.source} {self.notes}".lower()

    @property
    def days(self) -> list[datetime.date]:
        """Its days in order; none while they are not known."""
        if not (self.start_date and self.end_date):
            return []
        number = min((self.end_date - self.start_date).days + 1, MOST_DAYS)
        return [self.start_date + datetime.timedelta(days=n) for n in range(number)]

    def local_day(self, moment: datetime.datetime) -> datetime.date:
        return moment.astimezone(self.zone).date()

    def lock(self) -> None:
        """Wait until nobody else changes the schedule; call inside a transaction.

        Whether a room or a person is free is checked under this lock.
        """
        Edition.objects.select_for_update(no_key=True).get(pk=self.pk)

    def figures(self) -> list[tuple[Any, int]]:
        """The figures that a source gives, with their names."""
        names = ("participants", "countries", "sessions_held", "ministers")
        return [
            (Edition._meta.get_field(name).verbose_name, value)  # type: ignore[union-attr]  # columns
            for name in names
            if (value := getattr(self, name)) is not None
        ]
