"""Day and hours of a session in words."""

import datetime
import zoneinfo
from typing import Any

from django.utils import formats
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext_lazy as _

from forum.session.description import Precision


def hours(session: Any, zone: zoneinfo.ZoneInfo) -> str:
    """“09:34-10:30” in a time zone; the day is added when it is another one there.

    The hours run from left to right in every language. An Arabic date does not, so it is isolated.
    """
    if not session.start:
        return ""
    start = session.start.astimezone(zone)
    text = f"{start:%H:%M}"
    if session.end:
        text += f"–{session.end.astimezone(zone):%H:%M}"
    if session.day and start.date() != session.day:
        text += f" ({isolated(formats.date_format(start, 'SHORT_DATE_FORMAT'))})"
    return text


def isolated(text: str) -> str:
    """The text between signs that keep its direction apart from that of the line around it."""
    return f"\u2068{text}\u2069" if get_language_bidi() else text


def day_text(session: Any) -> str:
    """The day as exactly as known: “Monday, 7 July 2025”, “April 2019”, “2021”."""
    if not session.day or session.precision == Precision.UNKNOWN:
        return str(_("Date not known"))
    if session.precision == Precision.YEAR:
        return f"{session.day:%Y}"
    if session.precision == Precision.MONTH:
        return formats.date_format(session.day, "YEAR_MONTH_FORMAT")
    weekday = formats.date_format(session.day, "l")
    return _("%(weekday)s, %(day)s") % {
        "weekday": weekday,
        "day": formats.date_format(session.day, "DATE_FORMAT"),
    }


def short_day(day: datetime.date) -> str:
    """“Mon, 5 July” as each language writes it; Russian has no capital there."""
    weekday = formats.date_format(day, "D")
    return _("%(weekday)s, %(day)s") % {
        "weekday": weekday.lower() if get_language() == "ru" else weekday,
        "day": formats.date_format(day, "MONTH_DAY_FORMAT"),
    }
