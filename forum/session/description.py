"""What a session holds, planned or released: the columns that both forms of it share.

What the portal does with each of them is said in fields.py.
"""

from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.records.reading import Fact, facts_of
from forum.room.models import Room, SessionType, Track, in_language, room_text
from forum.session.fields import HEADED


class Precision(models.TextChoices):
    """How exact the date of a session is in its source."""

    TIME = "time", _("day and time")
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")
    UNKNOWN = "unknown", _("unknown")


class Mode(models.TextChoices):
    ON_SITE = "on_site", _("On site")
    REMOTE = "remote", _("Remote")
    BOTH = "both", _("On site and remote")


class TimeRange(models.Func):
    """[start, end): sessions that follow one another do not overlap."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Said(NamedTuple):
    """The title as a list shows it, with its language."""

    title: str
    language: str
    is_translated: bool = False


class Description(models.Model):
    """The columns of a planned session and of its released form.

    Names of room, building, type and track are the present ones in a planned session, and those of
    the release in a released one.
    """

    room_name: Any
    building: Any
    type_names: Any
    track_names: Any
    organizer_names: Any
    titles: Any

    number = models.CharField(
        _("number"),
        max_length=20,
        blank=True,
        help_text=_("As on the Forum’s website; two editions may use the same title."),
    )
    title = models.CharField(_("title"), max_length=300)
    language = models.CharField(
        _("language of the text"),
        max_length=8,
        choices=settings.LANGUAGES,
        default="en",
    )
    description = models.TextField(_("description"), blank=True, max_length=10000)
    audience = models.CharField(
        _("for whom it is meant"),
        max_length=300,
        blank=True,
        help_text=_("Such as: regulators of small island States; open to all."),
    )
    type = models.ForeignKey(
        SessionType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("type"),
    )
    track = models.ForeignKey(
        Track,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("track"),
    )
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, blank=True)
    room = models.ForeignKey(
        Room,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("room"),
    )
    day = models.DateField(
        _("day"),
        null=True,
        blank=True,
        help_text=_(
            "Set from the start if there is one; otherwise the first day of the known "
            "month."
        ),
    )
    precision = models.CharField(
        _("date known as"),
        max_length=8,
        choices=Precision.choices,
        default=Precision.UNKNOWN,
    )
    start = models.DateTimeField(_("start"), null=True, blank=True)
    end = models.DateTimeField(_("end"), null=True, blank=True)
    interpretation = ArrayField(
        models.CharField(max_length=8, choices=settings.LANGUAGES),
        verbose_name=_("interpretation"),
        default=list,
        blank=True,
        help_text=_("Codes of the languages, separated by commas: en,fr,ar"),
    )
    has_captions = models.BooleanField(_("captioning"), default=False)
    captions_link = models.URLField(
        _("live captions"),
        max_length=500,
        blank=True,
        help_text=_("The address at which the captions are read during the session."),
    )
    link = models.URLField(_("page of the session"), max_length=500, blank=True)
    recording = models.URLField(_("recording"), max_length=500, blank=True)
    source = models.TextField(_("source"), blank=True, max_length=2000)
    source_note = models.TextField(
        _("what is inferred or unconfirmed"), blank=True, max_length=2000
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def is_remote(self) -> bool:
        return self.mode == Mode.REMOTE

    @property
    def room_text(self) -> str:
        """Room and building as the page shows them; "" when there is no room."""
        return room_text(self.room_name, self.building)

    @property
    def type_text(self) -> str:
        return in_language(self.type_names)

    @property
    def track_text(self) -> str:
        return in_language(self.track_names)

    @property
    def said(self) -> Said:
        """The title in the reader's language, where people have translated it."""
        own = get_language() or ""
        if own in self.titles and own != self.language:
            return Said(self.titles[own], own, is_translated=True)
        return Said(self.title, self.language)

    def facts(self) -> list[Fact]:
        """What its page says of it, each under its heading."""
        own = {
            "room": self.room_text,
            "organizers": " · ".join(self.organizer_names),
        }
        return facts_of(self, HEADED, own)

    @property
    def is_unconfirmed(self) -> bool:
        return "unconfirmed" in self.source_note.lower()
