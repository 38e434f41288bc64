"""Deadlines in the contest's named time zone."""

import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.dates.zones import in_words
from common.templatetags.times import time_element
from prizes.contest.models import Contest, Phase
from prizes.entry.workflow import PRIZE_WORKFLOW, Status

register = template.Library()


@register.simple_tag
def deadline(moment: datetime.datetime | None, contest: Contest) -> SafeString | str:
    """Day and hour in the contest's time zone; a script adds the reader's own time. A dash where
    there is none, or no phase that could have one."""
    if not moment:
        return "–"
    return time_element(moment, in_words(moment, contest.zone), contest.zone)


@register.simple_tag
def day(moment: datetime.datetime | None, contest: Contest) -> SafeString | str:
    """The day alone, in the contest's zone."""
    if moment is None:
        return ""
    here = timezone.localtime(moment, contest.zone)
    return format_html(
        '<time datetime="{}">{}</time>',
        here.date().isoformat(),
        date_format(here, "DATE_FORMAT"),
    )


@register.simple_tag
def zone_of(contest: Contest) -> str:
    return contest.zone.label


@register.simple_tag
def phase_dates(phase: Phase, contest: Contest) -> dict[str, Any]:
    """The data of a row of the timetable: `opens`, `closes` (markup) and `same` day."""
    show = deadline if phase.hour_known else day
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
def name_of_move(name: str) -> Any:
    """What the button of a move of an entry says."""
    return next((move.label for move in PRIZE_WORKFLOW if move.name == name), name)


@register.filter
def status_name(code: str) -> Any:
    return dict(Status.choices).get(code, code)  # type: ignore[call-overload]  # any code may come
