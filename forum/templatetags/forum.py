"""Times of sessions in the time zone of a place, and names of roles."""

import datetime
import zoneinfo
from types import SimpleNamespace
from typing import Any

from django import template
from django.utils.safestring import SafeString

from accounts.user.models import User
from common.dates.zones import NamedZone, in_words, zone_label
from common.templatetags.times import time_element
from forum.consultation.workflow import SubmissionStatus
from forum.people.models import Role
from forum.registration.workflow import RegistrationStatus
from forum.session.description import Precision
from forum.session.models import Session
from forum.session.times import day_text, hours, short_day
from forum.session.workflow import SessionStatus

register = template.Library()


ROLES = dict(Role.choices)


STATUSES = dict(
    RegistrationStatus.choices + SubmissionStatus.choices + SessionStatus.choices
)


@register.filter
def own_hours(session: Session, reader: User) -> str:
    """“; 04:34 (time of New York)” for a reader who has chosen another zone, else nothing."""
    if not reader.time_zone or reader.time_zone == session.edition.time_zone:
        return ""
    return f"; {hours(session, NamedZone(reader.time_zone))} ({zone_label(reader.time_zone)})"


@register.simple_tag
def session_time(session: Any, zone: zoneinfo.ZoneInfo) -> SafeString:
    """The hours as an element; a script adds the reader's own time."""
    return time_element(session.start, hours(session, zone), zone, session.end)


@register.simple_tag
def kept_moment(text: str, zone: zoneinfo.ZoneInfo) -> SafeString:
    """A moment as a release stores it (ISO 8601), in words in the zone of the place."""
    moment = datetime.datetime.fromisoformat(text)
    return time_element(moment, in_words(moment, zone), zone)


@register.filter
def kept_day(row: dict[str, Any]) -> str:
    """The day of a released session, as exactly as known."""
    day = datetime.date.fromisoformat(row["day"])
    return day_text(
        SimpleNamespace(day=day, precision=row.get("precision", Precision.DAY))
    )


@register.filter
def role_name(code: str) -> str:
    return str(ROLES.get(code, code))


@register.filter
def status_name(code: str) -> str:
    """The name of a status of a session, submission or registration, for its history."""
    return str(STATUSES.get(code, code))


register.filter("hours", hours)


register.filter("day_text", day_text)


register.filter("short_day", short_day)
