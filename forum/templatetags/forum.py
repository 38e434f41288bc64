"""Times of sessions by the clock of a place, and names of roles."""

import datetime
import zoneinfo
from typing import Any

from django import template
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from forum.models.people import Role
from forum.models.session import Precision

register = template.Library()
ROLES = dict(Role.choices)
FIELDS = {
    "title": _("title"), "description": _("description"), "room_id": _("room"), "day": _("day"),
    "start": _("start"), "end": _("end"), "people": _("people"), "type_id": _("type"),
    "track_id": _("track"), "mode": _("mode"), "organiser_names": _("organisers"),
    "action_line_codes": _("action lines"), "sdg_codes": _("SDGs"), "link": _("links"),
    "recording": _("recording"), "interpretation": _("interpretation"),
}  # fmt: skip


@register.filter
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
def machine_time(moment: datetime.datetime) -> str:
    """A moment as <time> takes it."""
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%MZ")


@register.filter
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
        "weekday": weekday, "day": formats.date_format(session.day, "DATE_FORMAT"),
    }  # fmt: skip


@register.filter
def role_name(code: str) -> str:
    return str(ROLES.get(code, code))


@register.filter
def field_names(names: list[str]) -> str:
    """The names of changed fields, as a release lists them."""
    return ", ".join(dict.fromkeys(str(FIELDS.get(name, _("details"))) for name in names))


@register.filter
def language_names(codes: list[str], known: Any) -> str:
    names = dict(known)
    return ", ".join(str(names.get(code, code)) for code in codes)
