"""Times on pages: in the named time zone of the place; a script adds the reader's own time."""

import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.dates import zones

register = template.Library()


@register.simple_tag
def moment(
    value: datetime.datetime | None, zone: datetime.tzinfo | None = None
) -> SafeString:
    """“14 April 2027, 23:00 (Geneva time)” as a <time> element."""
    if value is None:
        return SafeString("–")
    return time_element(value, zones.in_words(value, zone), zone)


@register.filter
def in_words(
    value: datetime.datetime | None, zone: datetime.tzinfo | None = None
) -> str:
    """The same as plain text, for mails and sentences."""
    return zones.in_words(value, zone) if value else ""


@register.filter
def clock(value: datetime.datetime | None, zone: datetime.tzinfo | None = None) -> str:
    """“23:00 (Geneva time)”."""
    return zones.clock_in_words(value, zone=zone) if value else ""


@register.filter
def is_past(value: datetime.datetime | None) -> bool:
    """Whether the moment is past, so that a sentence can use the past tense."""
    return value is not None and value <= timezone.now()


@register.filter
def is_coming(value: datetime.datetime | None) -> bool:
    return value is not None and value > timezone.now()


@register.filter
def zone_name(zone: object) -> str:
    """“Geneva time” for a zone or its key."""
    return zones.zone_label(str(zone))


def time_element(
    value: datetime.datetime,
    text: str,
    zone: datetime.tzinfo | None = None,
    until: datetime.datetime | None = None,
) -> SafeString:
    """A <time> element with the offset of the zone shown, so that a script knows whether the
    reader's own time (static/js/times.js) differs."""
    here = timezone.localtime(value, zone)
    minutes = int((here.utcoffset() or datetime.timedelta()).total_seconds() // 60)
    return format_html(
        '<time datetime="{}" data-offset="{}"{}>{}</time>',
        machine_time(value),
        minutes,
        format_html(' data-until="{}"', machine_time(until)) if until else "",
        text,
    )


def machine_time(value: datetime.datetime) -> str:
    return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
