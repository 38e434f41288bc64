"""Deadlines as people read them: by the contest's clock, and by the reader's own."""

import datetime
import zoneinfo
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from prizes.models import Contest, Phase
from prizes.workflow import Status

register = template.Library()


def city(zone: zoneinfo.ZoneInfo) -> str:
    """What people call the zone: its city; the prizes' own is Geneva."""
    if zone.key == "Europe/Zurich":
        return _("Geneva time")
    return _("time of %(city)s") % {"city": zone.key.rpartition("/")[2].replace("_", " ")}


@register.simple_tag
def deadline(moment: datetime.datetime | None, contest: Contest) -> SafeString | str:
    """Day and hour in the contest's zone, and in the reader's where they differ."""
    if moment is None:
        return "–"
    here = timezone.localtime(moment, contest.zone)
    text = f"{date_format(here, 'DATETIME_FORMAT')} ({city(contest.zone)})"
    own = timezone.get_current_timezone()
    there = timezone.localtime(moment)
    if there.utcoffset() != here.utcoffset():
        same_day = there.date() == here.date()
        shown = date_format(there, "TIME_FORMAT" if same_day else "DATETIME_FORMAT")
        text += " · " + _("%(time)s in your time (%(zone)s)") % {
            "time": shown, "zone": timezone.get_current_timezone_name() or own,
        }  # fmt: skip
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), text)


@register.simple_tag
def day(moment: datetime.datetime | None, contest: Contest) -> SafeString | str:
    """The day alone, in the contest's zone."""
    if moment is None:
        return ""
    here = timezone.localtime(moment, contest.zone)
    return format_html(
        '<time datetime="{}">{}</time>', here.date().isoformat(), date_format(here, "DATE_FORMAT")
    )


@register.simple_tag
def clock(moment: datetime.datetime | None, contest: Contest) -> SafeString | str:
    """Day and hour in the contest's zone, for tables that name the zone once."""
    if moment is None:
        return ""
    here = timezone.localtime(moment, contest.zone)
    return format_html(
        '<time datetime="{}">{}</time>', moment.isoformat(), date_format(here, "DATETIME_FORMAT")
    )


@register.simple_tag
def zone_of(contest: Contest) -> str:
    return city(contest.zone)


@register.simple_tag
def phase_dates(phase: Phase, contest: Contest) -> dict[str, Any]:
    """What a row of the timetable shows: `opens`, `closes` (markup) and `same` day."""
    show = clock if phase.hour_known else day
    same = bool(
        phase.opens_at
        and phase.closes_at
        and timezone.localtime(phase.opens_at, contest.zone).date()
        == timezone.localtime(phase.closes_at, contest.zone).date()
    )
    return {
        "opens": phase.opens_at and show(phase.opens_at, contest),
        "closes": phase.closes_at and show(phase.closes_at, contest),
        "same": same,
    }


@register.filter
def label_of(code: str, labels: dict[str, Any]) -> Any:
    """The name of a status or state in a table of names."""
    return labels.get(code, code)


@register.filter
def status_name(code: str) -> Any:
    return dict(Status.choices).get(code, code)  # type: ignore[call-overload]  # any code may come
