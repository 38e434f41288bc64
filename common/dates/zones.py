"""Times by the time zone of a place: how they are read, shown and named.

A date and time belongs to something with a time zone: a contest, an edition of the Forum.
Everything else uses Geneva's, where the secretariat works. Our zones have names in words, so that a
format with "e" prints "14 April 2027, 23:00 (Geneva time)".
"""

import datetime
import zoneinfo
from functools import cache

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext

from common.text.zone_names import zone_names

GENEVA_KEY = "Europe/Zurich"
NAME_OF_ZONE = " (e)"  # how our formats of a moment end (wsis_portal/formats)
UTC_NAMES = {"UTC", "Etc/UTC", "Etc/UCT", "Etc/Zulu", "UCT", "Zulu"}


class NamedZone(zoneinfo.ZoneInfo):
    """A zone of the IANA database with the name of its place in the language of the page."""

    @property
    def label(self) -> str:
        return zone_label(self.key)

    def tzname(self, dt: datetime.datetime | None, /) -> str | None:
        """The label; in the hour that comes twice it includes the offset."""
        if dt is None:
            return super().tzname(None)
        if is_ambiguous(dt.replace(tzinfo=None), self):
            return f"{self.label}, {offset_text(self.utcoffset(dt))}"
        return self.label


class UndecidedZone(NamedZone):
    """Geneva's zone on a form in which the contest or edition is not chosen yet."""

    @property
    def label(self) -> str:
        return gettext(
            "%(zone)s, unless what you choose in this form has another time zone"
        ) % {"zone": zone_label(self.key)}


@cache  # zoneinfo keeps its own zones, but reads those of a subclass from disk each time
def geneva() -> NamedZone:
    return NamedZone(GENEVA_KEY)


def chosen_zone(key: str) -> NamedZone:
    """The chosen zone; Geneva's while none is chosen."""
    return NamedZone(key) if key else geneva()


def is_zone(key: str) -> bool:
    return key in zone_names()


def zone_label(key: str) -> str:
    """The common name of a zone: "Geneva time", "time of New York", "UTC"."""
    if key == GENEVA_KEY:
        return gettext("Geneva time")
    if key in UTC_NAMES or "/" not in key:
        return "UTC" if key in UTC_NAMES else key
    return gettext("time of %(city)s") % {
        "city": key.rpartition("/")[2].replace("_", " ")
    }


def offset_text(offset: datetime.timedelta | None) -> str:
    """ "UTC+05:45"."""
    minutes = int((offset or datetime.timedelta()).total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def is_ambiguous(naive: datetime.datetime, zone: datetime.tzinfo) -> bool:
    """Whether this time comes twice in the zone."""
    first = naive.replace(tzinfo=zone, fold=0).utcoffset()
    second = naive.replace(tzinfo=zone, fold=1).utcoffset()
    return first is not None and second is not None and first > second


def is_imaginary(naive: datetime.datetime, zone: datetime.tzinfo) -> bool:
    """Whether this time is skipped in the zone."""
    first = naive.replace(tzinfo=zone, fold=0).utcoffset()
    second = naive.replace(tzinfo=zone, fold=1).utcoffset()
    return first is not None and second is not None and first < second


def read(naive: datetime.datetime) -> datetime.datetime:
    """A typed time in the active zone. Raises ValidationError for one that is skipped or comes
    twice when the clocks change."""
    zone = timezone.get_current_timezone()
    words = {
        "time": date_format(naive, "H:i"),
        "day": date_format(naive, "DATE_FORMAT"),
        "zone": zone_label(str(zone)),
    }
    if is_imaginary(naive, zone):
        raise ValidationError(
            gettext(
                "There is no %(time)s on %(day)s (%(zone)s): the clocks go forward in that hour. "
                "Enter an earlier or a later time."
            )
            % words,
            code="no_such_time",
        )
    if is_ambiguous(naive, zone):
        raise ValidationError(
            gettext(
                "%(time)s comes twice on %(day)s (%(zone)s): the clocks go back in that hour. "
                "Enter an earlier or a later time."
            )
            % words,
            code="ambiguous_time",
        )
    try:
        moment = naive.replace(tzinfo=zone)
        moment.astimezone(datetime.UTC)
    except OverflowError as error:
        raise ValidationError(
            gettext("Enter a valid date/time."), code="invalid"
        ) from error
    return moment


def in_words(moment: datetime.datetime, zone: datetime.tzinfo | None = None) -> str:
    """ "14 April 2027, 23:00 (Geneva time)", in the given zone or the active one."""
    return _with_zone(
        timezone.localtime(moment, named(zone)), get_format("DATETIME_FORMAT")
    )


def clock_in_words(
    moment: datetime.datetime, form: str = "H:i", zone: datetime.tzinfo | None = None
) -> str:
    """ "23:00 (Geneva time)" in this zone, else in the active one."""
    return _with_zone(timezone.localtime(moment, named(zone)), form)


def _with_zone(here: datetime.datetime, form: str) -> str:
    """Django leaves "e" empty in the hour that comes twice; this names which of the two it is."""
    return f"{date_format(here, form.removesuffix(NAME_OF_ZONE))} ({here.tzname()})"


def named(zone: datetime.tzinfo | None) -> datetime.tzinfo:
    """The zone, or the active one, as a NamedZone."""
    zone = zone or timezone.get_current_timezone()
    if isinstance(zone, NamedZone) or not is_zone(str(zone)):
        return zone
    return NamedZone(str(zone))
