"""Milestones and meetings as iCalendar (RFC 5545): whole days, a permanent UID.

Only records with an exact day are in the file: nothing is invented for “2025” or “July 2025”.
"""

import datetime
from collections.abc import Iterable

from django.conf import settings
from icalendar import Calendar, Event

from common.dates import partial
from common.records.models import RecordVersion
from common.text.lines import one_line
from roadmap.meeting.models import Meeting
from roadmap.milestone.models import Milestone
from roadmap.record import dates

HOST = settings.SITE_URL.partition("://")[2].partition(":")[0]
Dates = Milestone | Meeting


def calendar_of(records: Iterable[Dates], name: str) -> bytes:
    """A calendar file; SEQUENCE and DTSTAMP are those of the last stored version of each record."""
    exact = [record for record in records if record.version and has_days(record)]
    changed = _changed_at(exact)
    calendar = Calendar()
    calendar.add("prodid", "-//WSIS Portal//Roadmap//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", one_line(name))
    calendar.add("x-wr-calname", one_line(name))
    for record in exact:
        calendar.add_component(
            event_of(record, changed[kind_of(record), str(record.pk)])
        )
    return bytes(calendar.to_ical())


def kind_of(record: Dates) -> str:
    """“milestone” or “meeting”, as stored versions name it."""
    return str(record._meta.model_name)


def has_days(record: Dates) -> bool:
    written = filter(None, [record.start, record.end])
    return all(dates.parse(text).precision == partial.Precision.DAY for text in written)


def _changed_at(records: list[Dates]) -> dict[tuple[str, str], datetime.datetime]:
    """(kind, id) → time of its last stored version; one query for each kind."""
    changed_at: dict[tuple[str, str], datetime.datetime] = {}
    for model in (Milestone, Meeting):
        ids = [str(record.pk) for record in records if isinstance(record, model)]
        if ids:
            rows = RecordVersion.objects.of_models(model).filter(record_id__in=ids)
            latest = rows.latest_of_each().values_list("record_id", "at")
            changed_at |= {(str(model._meta.model_name), pk): at for pk, at in latest}
    return changed_at


def event_of(record: Dates, changed: datetime.datetime) -> Event:
    event = Event()
    event.add("uid", f"roadmap-{kind_of(record)}-{record.pk}@{HOST}")
    event.add("dtstamp", changed.replace(microsecond=0))
    event.add("last-modified", changed.replace(microsecond=0))
    event.add("sequence", record.version - 1)
    cancelled = getattr(record, "progress", "") == Milestone.Progress.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("summary", one_line(record.title))
    event.add("dtstart", record.starts_on)
    event.add(
        "dtend", record.ends_on + datetime.timedelta(days=1)
    )  # the day after the last one
    event.add("transp", "TRANSPARENT")
    if isinstance(record, Meeting) and record.place:
        event.add("location", one_line(record.place))
    event.add(
        "description", f"{one_line(record.body.short)}\n{one_line(record.source)}"
    )
    event.add("url", f"{settings.SITE_URL}{record.get_absolute_url()}")
    return event
