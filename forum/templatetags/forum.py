"""Times of sessions by the clock of a place, and names of roles."""

import datetime
import zoneinfo
from types import SimpleNamespace
from typing import Any

from django import template
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.templatetags.times import time_element
from common.zones import NamedZone, in_words, zone_label
from forum.models.people import Role
from forum.models.session import Precision
from forum.workflow import RegistrationStatus, SessionStatus, SubmissionStatus

register = template.Library()
ROLES = dict(Role.choices)
STATUSES = dict(
    RegistrationStatus.choices + SubmissionStatus.choices + SessionStatus.choices
)


def hours(session: Any, zone: zoneinfo.ZoneInfo) -> str:
    """“09:34-10:30” by the clock of a zone; the day is added when it is another one there."""
    if not session.start:
        return ""
    start = session.start.astimezone(zone)
    text = f"{start:%H:%M}"
    if session.end:
        text += f"–{session.end.astimezone(zone):%H:%M}"
    if session.day and start.date() != session.day:
        text += f" ({formats.date_format(start, 'SHORT_DATE_FORMAT')})"
    return text


@register.filter
def own_hours(session: Any, reader: Any) -> str:
    """“; 04:34 (time of New York)” for a reader who has chosen another zone, else nothing."""
    if not reader.time_zone or reader.time_zone == session.edition.time_zone:
        return ""
    return f"; {hours(session, NamedZone(reader.time_zone))} ({zone_label(reader.time_zone)})"


@register.simple_tag
def session_time(session: Any, zone: zoneinfo.ZoneInfo) -> SafeString:
    """The hours as an element beside which a script shows those of the reader's own clock."""
    return time_element(session.start, hours(session, zone), zone, session.end)


@register.simple_tag
def kept_moment(text: str, zone: zoneinfo.ZoneInfo) -> SafeString:
    """A moment as a release has frozen it (ISO 8601), in words by the clock of the place."""
    moment = datetime.datetime.fromisoformat(text)
    return time_element(moment, in_words(moment, zone), zone)


@register.filter
def kept_day(row: dict[str, Any]) -> str:
    """The day of a frozen session, as exactly as it is known."""
    day = datetime.date.fromisoformat(row["day"])
    return day_text(
        SimpleNamespace(day=day, precision=row.get("precision", Precision.DAY))
    )


@register.filter
def short_day(day: datetime.date) -> str:
    """“Mon, 5 July” as each language writes it; Russian has no capital there."""
    weekday = formats.date_format(day, "D")
    return _("%(weekday)s, %(day)s") % {
        "weekday": weekday.lower() if get_language() == "ru" else weekday,
        "day": formats.date_format(day, "MONTH_DAY_FORMAT"),
    }


def day_text(session: Any) -> str:
    """The day as exactly as it is known: “Monday, 7 July 2025”, “April 2019”, “2021”."""
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


@register.filter
def role_name(code: str) -> str:
    return str(ROLES.get(code, code))


@register.filter
def status_name(code: str) -> str:
    """The name of a status of a session, submission or registration, as its history shows it."""
    return str(STATUSES.get(code, code))


@register.filter
def language_names(codes: list[str], known: Any) -> str:
    names = dict(known)
    return ", ".join(str(names.get(code, code)) for code in codes)


register.filter("hours", hours)
register.filter("day_text", day_text)
