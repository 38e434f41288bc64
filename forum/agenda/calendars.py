"""Sessions as iCalendar (RFC 5545): a permanent UID, a sequence number that only rises."""

import datetime
import hashlib
import zoneinfo
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from common.caching.values import remember, remembered
from common.dates.calendar_zones import Zone, zone_of
from common.records.fields import Kind
from common.records.reading import facts_of
from common.text.lines import one_line
from forum.agenda.models import ReleasedSession, Star
from forum.agenda.reading import reading
from forum.edition.models import Edition
from forum.session.description import Precision
from forum.session.fields import HEADED
from forum.session.workflow import SessionStatus

CONFIRMED = "CONFIRMED"
STATES = {
    SessionStatus.CANCELLED: "CANCELLED",
    SessionStatus.MOVED: "CANCELLED",
    SessionStatus.RELEASED: CONFIRMED,
}
# What a page says under a heading, as far as it is text.
TEXTS = tuple(field for field in HEADED if field.kind == Kind.TEXT)
EXACT = (Precision.TIME, Precision.DAY)


def calendar_of(sessions: Iterable[ReleasedSession], name: str) -> bytes:
    """A calendar file with its time zones; sessions without a known day are left out."""
    exact = [s for s in sessions if s.day and s.precision in EXACT]
    zones = zones_of(exact)
    calendar = Calendar()
    calendar.add("prodid", "-//WSIS Portal//Forum//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", one_line(name))
    calendar.add("x-wr-calname", one_line(name))
    for zone in zones.values():
        if zone:
            calendar.add_component(zone.component())
    for session in exact:
        calendar.add_component(event_of(session, zones))
    return bytes(calendar.to_ical())


KEPT = 3600  # seconds; texts of the portal itself change with a new version of it


def calendar_of_edition(edition: Edition) -> bytes:
    """The whole released programme in the reader's language, the same for everybody: made once for
    what stands in it."""
    rows = ReleasedSession.objects.of_edition(edition)
    key = (
        f"forum-ics-{edition.pk}-{rows.mark()}-{get_language()}-{edition_mark(edition)}"
    )
    content: bytes | None = remembered(key)
    if content is None:
        content = calendar_of(rows.select_related("edition").in_order(), edition.title)
        remember(key, content, KEPT)
    return content


def edition_mark(edition: Edition) -> str:
    """A short text that differs when title or time zone of the edition do."""
    said = f"{edition.title} {edition.time_zone}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def zones_of(sessions: Iterable[ReleasedSession]) -> dict[str, Zone | None]:
    """The time zones of the sessions, for the years of these sessions."""
    moments: dict[str, list[datetime.datetime]] = {}
    for session in sessions:
        times = [time for time in (session.start, session.end) if time]
        if times:
            moments.setdefault(session.edition.time_zone, []).extend(times)
    return {key: zone_of(key, times) for key, times in sorted(moments.items())}


def uid_of(session: ReleasedSession) -> str:
    return f"forum-session-{session.pk}@{urlsplit(settings.SITE_URL).hostname}"


def event_of(session: ReleasedSession, zones: dict[str, Zone | None]) -> Event:
    """One session; DTSTAMP is the time of its last released change, so the text is stable.

    A session that is moved without a new time is cancelled at the old one, so that no alarm goes
    off. It returns with the same UID when its time is known.
    """
    event = Event()
    event.add("uid", uid_of(session))
    event.add("dtstamp", session.changed_at.replace(microsecond=0))
    event.add("last-modified", session.changed_at.replace(microsecond=0))
    event.add("sequence", session.sequence)
    add_status(event, session)
    event.add("summary", one_line(summary_of(session)))
    if session.start:
        key = session.edition.time_zone
        zone = zoneinfo.ZoneInfo(key) if zones.get(key) else datetime.UTC
        event.add("dtstart", by_clock(session.start, zone))
        if session.end:
            event.add("dtend", by_clock(session.end, zone))
    else:
        event.add("dtstart", session.day)
    if session.room_text:
        event.add("location", one_line(session.room_text))
    facts = facts_of(session, TEXTS)
    more = [f"{fact.heading}: {fact.text}" for fact in facts if fact.is_prose]
    description = reading(session).description.text
    text = "\n\n".join(filter(None, [session.reason, description, *more]))
    if text:
        event.add(
            "description", "\n".join(one_line(line) for line in text.splitlines())
        )
    language = get_language() or settings.LANGUAGE_CODE
    event.add("url", f"{settings.SITE_URL}/{language}{_path(session)}")
    if session.organizer_names:
        organizer = vCalAddress(f"invalid:{uid_of(session)}")
        organizer.params["cn"] = vText(one_line(", ".join(session.organizer_names)))
        event.add("organizer", organizer)
    return event


def by_clock(moment: datetime.datetime, zone: datetime.tzinfo) -> datetime.datetime:
    """The moment by the clock of a place. An hour that comes twice in one night means the first of
    both there (RFC 5545, 3.3.5), so the second one is written in UTC."""
    local = moment.astimezone(zone)
    return moment.astimezone(datetime.UTC) if local.fold else local


def add_status(event: Event, session: ReleasedSession) -> None:
    """In the calendar of a person who is only interested the time stays free for another
    session."""
    status = STATES[SessionStatus(session.status)]
    if status == CONFIRMED and getattr(session, "star", "") == Star.Level.INTERESTED:
        status = "TENTATIVE"
        event.add("transp", "TRANSPARENT")
    event.add("status", status)


def summary_of(session: ReleasedSession) -> str:
    title = session.said.title
    if session.status != SessionStatus.MOVED:
        return title
    return _("Postponed, new time to follow: %(title)s") % {"title": title}


def _path(session: ReleasedSession) -> str:
    """The path of the page without its language, which is that of the reader."""
    return "/" + session.get_absolute_url().lstrip("/").partition("/")[2]


def etag_of(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
