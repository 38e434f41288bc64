"""What stands around a session in the programme: before and after it, and at the same time."""

import datetime
from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from forum.agenda.models import ReleasedSession
from forum.session.workflow import SessionStatus

LINE = (
    "title",
    "titles",
    "language",
    "day",
    "start",
    "end",
    "room",
    "room_name",
    "building",
    "track",
)


class Timed(NamedTuple):
    """A session of the day with its hours, which are known."""

    start: datetime.datetime
    end: datetime.datetime
    session: ReleasedSession


class Neighbours(NamedTuple):
    """The sessions before and after in one room, track or day."""

    heading: Any
    before: ReleasedSession | None
    after: ReleasedSession | None


class Around(NamedTuple):
    neighbours: list[Neighbours]
    parallel: list[ReleasedSession]


# Under which heading, and what two sessions share there.
SHARED: tuple[tuple[Any, Callable[[ReleasedSession], Any]], ...] = (
    (_("In the same room"), lambda session: session.room_id),
    (_("In the same track"), lambda session: session.track_id),
    (_("On the same day"), lambda session: session.day),
)


def around(session: ReleasedSession) -> Around | None:
    """Nothing for a session without hours. One query, however many sessions a day has."""
    start, end = session.start, session.end
    if not (start and end):
        return None
    rows = ReleasedSession.objects.of_edition(session.edition).filter(
        day=session.day,
        status=SessionStatus.RELEASED,
        start__isnull=False,
        end__isnull=False,
    )
    others = [
        Timed(row.start, row.end, row)
        for row in rows.exclude(pk=session.pk).only(*LINE).in_order()
        if row.start and row.end
    ]
    groups = [
        neighbours(
            heading,
            [one for one in others if key(one.session) == key(session)],
            start,
            end,
        )
        for heading, key in SHARED
        if key(session)
    ]
    parallel = [one.session for one in others if one.start < end and one.end > start]
    found = [group for group in groups if group.before or group.after]
    return Around(found, parallel) if found or parallel else None


def neighbours(
    heading: Any, others: list[Timed], start: datetime.datetime, end: datetime.datetime
) -> Neighbours:
    """The last one that is over when the session begins, and the first that begins after it."""
    earlier = [one for one in others if one.end <= start]
    later = [one for one in others if one.start >= end]
    before = max(earlier, key=lambda one: one.end).session if earlier else None
    after = min(later, key=lambda one: one.start).session if later else None
    return Neighbours(heading, before, after)
