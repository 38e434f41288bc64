"""The released programme of an edition by day and room, for files that other programs read."""

import datetime
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from forum.agenda.models import ReleasedSession
from forum.edition.models import Edition
from forum.session.workflow import SessionStatus


class Slot(NamedTuple):
    """A session that is held, with its hours by the clock of the place."""

    session: ReleasedSession
    start: datetime.datetime
    end: datetime.datetime
    lasts: datetime.timedelta
    room: str


class Day(NamedTuple):
    date: datetime.date
    rooms: dict[str, list[Slot]]


def held(edition: Edition) -> list[ReleasedSession]:
    """Sessions of the programme with day and hours, in order; not those that are cancelled."""
    rows = ReleasedSession.objects.of_edition(edition).select_related("edition")
    timed = rows.filter(
        status=SessionStatus.RELEASED, start__isnull=False, end__isnull=False
    )
    return list(timed.defer("words", "marks").in_order())


def days_of(edition: Edition, sessions: Iterable[ReleasedSession]) -> list[Day]:
    """All days of the edition, and others that have a session, each with its rooms."""
    days: dict[datetime.date, dict[str, list[Slot]]] = {day: {} for day in edition.days}
    for session in sessions:
        if session.start and session.end:
            slot = Slot(
                session,
                session.start.astimezone(edition.zone),
                session.end.astimezone(edition.zone),
                session.end - session.start,
                place_of(session),
            )
            rooms = days.setdefault(slot.start.date(), {})
            rooms.setdefault(slot.room, []).append(slot)
    return [Day(day, rooms) for day, rooms in sorted(days.items())]


def place_of(session: ReleasedSession) -> str:
    """The room; of a session without one, that it is held remotely, or that it is not known."""
    if session.room_text:
        return session.room_text
    return str(session.get_mode_display()) if session.is_remote else _("Room not known")


def address_of(record: Any) -> str:
    """The address of its page, in the language of the file."""
    path = record.get_absolute_url().lstrip("/").partition("/")[2]
    return f"{settings.SITE_URL}/{get_language()}/{path}"
