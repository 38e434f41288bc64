"""What speaks against a slot: hard clashes, which are refused, and soft ones, which are shown."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import Prefetch
from django.utils.translation import gettext, ngettext

from forum.edition.hours import hours_of
from forum.edition.models import Edition
from forum.people.models import PRESENT, Availability, Participation, Person
from forum.room.times import LONGEST_WALK, Openings
from forum.session.models import Session

FARTHEST = datetime.timedelta(minutes=LONGEST_WALK)


class Clash(NamedTuple):
    kind: str
    is_hard: bool
    sentence: str
    other: int | None = None  # the session that is in the way


def overlap(one: Session, other: Session) -> bool:
    return bool(
        one.start
        and one.end
        and other.start
        and other.end
        and one.start < other.end
        and other.start < one.end
    )


def with_people(sessions: Iterable[Session] | None = None) -> Prefetch:
    """The people who have to be in the room, as `session.present`."""
    parts = Participation.objects.filter(role__in=PRESENT).select_related("person")
    parts = parts.only("session", "role", "person__name", "person__name_key").order_by(
        "order", "pk"
    )
    return Prefetch("participations", parts, to_attr="present")


class Plan:
    """The placed sessions of an edition, of a day, or around some of them, with all that a clash
    can come from (`whole`: the whole edition, with some of them in another slot). What it knows it
    has read when it was made: six queries."""

    def __init__(
        self,
        edition: Edition,
        around: Iterable[Session] | None = None,
        day: datetime.date | None = None,
        *,
        whole: bool = False,
    ) -> None:
        self.edition = edition
        self.openings = Openings(edition)
        self.walks = {
            frozenset((walk.one, walk.other)): walk.minutes
            for walk in edition.walks.all()
        }
        rows = Session.objects.of_edition(edition).placed()
        moved = list(around or ())
        rows = rows.exclude(pk__in=[session.pk for session in moved])
        bounds = None if whole else self._bounds(moved, day)
        if bounds:
            rows = rows.filter(
                start__lt=bounds[1] + FARTHEST, end__gt=bounds[0] - FARTHEST
            )
        rows = rows.defer("description", "source", "source_note", "words")
        rows = rows.select_related("room", "track").prefetch_related(with_people())
        self.sessions = [*rows.order_by("start", "pk"), *moved]
        self.in_room: dict[int, list[Session]] = defaultdict(list)
        self.of_person: dict[int, list[Session]] = defaultdict(list)
        self.of_name: dict[str, list[tuple[Person, Session]]] = defaultdict(list)
        for session in self.sessions:
            session.edition = edition
            if session.room_id:
                self.in_room[session.room_id].append(session)
            for person in people_of(session):
                self.of_person[person.pk].append(session)
                self.of_name[person.name_key].append((person, session))
        self.interpreted = [one for one in self.sessions if one.interpretation]
        self.captioned = [one for one in self.sessions if one.has_captions]
        self.available = self._availabilities()

    def _bounds(
        self, moved: list[Session], day: datetime.date | None
    ) -> tuple[datetime.datetime, datetime.datetime] | None:
        """The time that matters: that of some sessions, or a day; None for the whole edition."""
        starts = [session.start for session in moved if session.start]
        ends = [session.end for session in moved if session.end]
        if day:
            midnight = datetime.time(tzinfo=self.edition.zone)
            after = day + datetime.timedelta(days=1)
            starts.append(datetime.datetime.combine(day, midnight))
            ends.append(datetime.datetime.combine(after, midnight))
        return (min(starts), max(ends)) if starts and ends else None

    def _availabilities(self) -> dict[int, list[Availability]]:
        rows: dict[int, list[Availability]] = defaultdict(list)
        for row in Availability.objects.filter(edition=self.edition):
            rows[row.person_id].append(row)
        return rows

    def of(self, session: Session) -> list[Clash]:
        """All clashes of one session, the hard ones first."""
        return [*self.hard(session), *self.soft(session)]

    def all(self) -> list[tuple[Session, list[Clash]]]:
        """Each session that clashes, by time."""
        rows = [(session, self.of(session)) for session in self.sessions]
        return [(session, clashes) for session, clashes in rows if clashes]

    # --- hard ---

    def hard(self, session: Session) -> Iterator[Clash]:
        if closed := self.openings.why_closed(session):
            yield Clash("closed", True, closed)
        for other in self.in_room.get(session.room_id or 0, ()):
            if other.pk != session.pk and overlap(session, other):
                sentence = gettext(
                    "“%(room)s” is occupied by “%(session)s”, %(time)s."
                ) % {
                    "room": session.room,
                    "session": other.title,
                    "time": other.time_text(),
                }
                yield Clash("room", True, sentence, other.pk)
        for person in people_of(session):
            for other in self.of_person[person.pk]:
                if other.pk != session.pk and overlap(session, other):
                    sentence = self._elsewhere(person, other)
                    yield Clash("person", True, sentence, other.pk)

    @staticmethod
    def _elsewhere(person: Person, other: Session) -> str:
        return gettext("%(person)s is in “%(session)s” at this time, %(time)s.") % {
            "person": person.name,
            "session": other.title,
            "time": other.time_text(),
        }

    # --- soft ---

    def soft(self, session: Session) -> Iterator[Clash]:
        yield from self._of_room(session)
        yield from self._of_teams(session)
        yield from self._of_walks(session)
        yield from self._of_availability(session)
        yield from self._of_namesakes(session)

    def _of_room(self, session: Session) -> Iterator[Clash]:
        room = session.room
        if room is None:
            return
        wanted, languages = session.seats_wanted, len(session.interpretation)
        if wanted and room.capacity is not None and room.capacity < wanted:
            sentence = gettext("“%(room)s” has %(seats)d seats; %(wanted)d are wanted.")
            words = {"room": room, "seats": room.capacity, "wanted": wanted}
            yield Clash("seats", False, sentence % words)
        if languages and room.booths is not None and room.booths < languages:
            sentence = gettext(
                "“%(room)s” has %(booths)d booths; %(languages)d languages are wanted."
            )
            words = {"room": room, "booths": room.booths, "languages": languages}
            yield Clash("booths", False, sentence % words)
        if session.has_captions and not room.has_captioning:
            sentence = gettext("“%(room)s” has no captioning.") % {"room": room}
            yield Clash("captioning", False, sentence)

    def _of_teams(self, session: Session) -> Iterator[Clash]:
        teams, units = self.edition.interpretation_teams, self.edition.captioning_units
        if session.interpretation and teams is not None:
            number = self._most(self.interpreted, session)
            if number > teams:
                sentence = ngettext(
                    "%(number)d sessions are interpreted at this time; there is %(limit)d team.",
                    "%(number)d sessions are interpreted at this time; there are %(limit)d teams.",
                    teams,
                )
                words = {"number": number, "limit": teams}
                yield Clash("teams", False, sentence % words)
        if session.has_captions and units is not None:
            number = self._most(self.captioned, session)
            if number > units:
                sentence = ngettext(
                    "%(number)d sessions are captioned at this time; there is %(limit)d unit.",
                    "%(number)d sessions are captioned at this time; there are %(limit)d units.",
                    units,
                )
                words = {"number": number, "limit": units}
                yield Clash("units", False, sentence % words)

    @staticmethod
    def _most(sessions: list[Session], session: Session) -> int:
        """How many of these are held at once while this one is, itself included."""
        beside = [
            one for one in sessions if one.pk != session.pk and overlap(one, session)
        ]
        moments = [session, *beside]
        return max(
            1 + sum(one.start <= at.start < one.end for one in beside)  # type: ignore[operator]  # placed
            for at in moments
            if session.start <= at.start  # type: ignore[operator]  # placed
        )

    def _of_walks(self, session: Session) -> Iterator[Clash]:
        if not (self.walks and session.room and session.start and session.end):
            return
        for person in people_of(session):
            for other in self.of_person[person.pk]:
                if not (other.room and other.start and other.end):
                    continue
                buildings = frozenset((session.room.building, other.room.building))
                minutes = self.walks.get(buildings, 0)
                if not minutes or overlap(session, other):
                    continue
                gap = max(other.start - session.end, session.start - other.end)
                if gap < datetime.timedelta(minutes=minutes):
                    sentence = self._short_walk(person, session, other, minutes, gap)
                    yield Clash("walk", False, sentence, other.pk)

    @staticmethod
    def _short_walk(
        person: Person,
        session: Session,
        other: Session,
        minutes: int,
        gap: datetime.timedelta,
    ) -> str:
        return gettext(
            "%(person)s has %(gap)d minutes for the walk of %(minutes)d minutes between "
            "“%(room)s” and “%(other)s” (“%(session)s”)."
        ) % {
            "person": person.name,
            "gap": gap.total_seconds() // 60,
            "minutes": minutes,
            "room": session.room,
            "other": other.room,
            "session": other.title,
        }

    def _of_availability(self, session: Session) -> Iterator[Clash]:
        if not (self.available and session.start and session.end):
            return
        day, zone = self.edition.local_day(session.start), self.edition.zone
        for person in people_of(session):
            if not (rows := self.available.get(person.pk)):
                continue
            hours = hours_of(day, list(rows))
            bounds = [row.bounds(day, zone) for row in hours]
            if any(a <= session.start and session.end <= b for a, b in bounds):
                continue
            sentence = gettext("%(person)s is not available at this time.") % {
                "person": person.name
            }
            if hours:
                sentence = gettext("%(person)s is available only %(hours)s.") % {
                    "person": person.name,
                    "hours": ", ".join(row.hours_text for row in hours),
                }
            yield Clash("availability", False, sentence)

    def _of_namesakes(self, session: Session) -> Iterator[Clash]:
        """Somebody of the same name is elsewhere: perhaps a second record of one person."""
        for person in people_of(session):
            if not person.name_key:
                continue
            for namesake, other in self.of_name[person.name_key]:
                if namesake.pk == person.pk or not overlap(session, other):
                    continue
                if other.pk == session.pk:
                    continue
                sentence = gettext(
                    "%(person)s is in “%(session)s” at this time, %(time)s. Is this the same "
                    "person? Then merge the two records."
                ) % {
                    "person": namesake.name,
                    "session": other.title,
                    "time": other.time_text(),
                }
                yield Clash("namesake", False, sentence, other.pk)


def people_of(session: Session) -> list[Person]:
    """Everybody who has to be in the room, each once (`with_people`)."""
    parts: list[Participation] = session.present  # type: ignore[attr-defined]  # prefetched
    return list({part.person_id: part.person for part in parts}.values())
