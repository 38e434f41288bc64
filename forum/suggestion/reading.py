"""The edition as a problem for the solver: what is placed, what is not, and all that counts."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from forum.edition.hours import LocalHours, hours_of
from forum.offer.models import OfferedSlot
from forum.people.models import Availability
from forum.planning.clashes import people_of, with_people
from forum.planning.forms import USUAL_MINUTES
from forum.planning.planner import NOT_PLACED, Planner
from forum.planning.slots import Slot
from forum.room.models import Room
from forum.room.times import Openings
from forum.session.description import Mode
from forum.session.models import LONGEST, Session
from forum.session.workflow import PLACED
from forum.suggestion.interests import interests
from forum.suggestion.nights import Nights, followers
from forum.suggestion.problem import NO_ROOM, Place, Problem, Span, Spot, Talk
from forum.suggestion.wishes import NIGHT, ROOMS, Wish, heaviest

NEXT_ROOM = 50  # what one more room of a track costs


class Reading:
    """Read once, in a number of queries that does not grow. `since` and `until`: the hours of a
    day, by the clock of the venue, in which the solver may place something."""

    def __init__(
        self,
        planner: Planner,
        since: datetime.time,
        until: datetime.time,
        step: int,
        *,
        is_repair: bool,
    ) -> None:
        self.planner, self.edition, self.is_repair = planner, planner.edition, is_repair
        self.zone = self.edition.zone
        midnight = datetime.time(tzinfo=self.zone)
        first, last = self.edition.days[0], self.edition.days[-1]
        self.origin = datetime.datetime.combine(first, midnight)
        after = last + datetime.timedelta(days=1)
        self.end = datetime.datetime.combine(after, midnight)
        self.origin, self.end = (
            moment.astimezone(datetime.UTC) for moment in (self.origin, self.end)
        )
        self.now = timezone.now()
        self.rooms = {
            room.pk: room for room in Room.objects.filter(edition=self.edition)
        }
        self.sessions = {session.pk: session for session in self._sessions()}
        self.names: dict[tuple[str, int], str] = {}
        self.people = self._people()
        self.followers, self.unknown = followers(self.edition)
        self.nights = Nights(self.followers, self.origin, self.end)
        self.problem = self._problem(since, until, step)

    def minute(self, moment: datetime.datetime) -> int:
        return int((moment - self.origin).total_seconds() // 60)

    def moment(self, minute: int) -> datetime.datetime:
        return self.origin + datetime.timedelta(minutes=minute)

    def slot(self, pk: int, spot: Spot) -> Slot:
        talk = self.problem.of_talk[pk]
        room = spot.room or None
        return Slot.at(self.moment(spot.start), talk.minutes, room, self.zone)

    # --- what is read ---

    def _sessions(self) -> list[Session]:
        rows = Session.objects.of_edition(self.edition).filter(
            Q(status__in=NOT_PLACED)
            | Q(status__in=PLACED, start__isnull=False, end__isnull=False)
        )
        rows = rows.defer("description", "source", "source_note", "words")
        rows = rows.select_related("room", "track").prefetch_related(
            with_people(), "action_lines"
        )
        sessions = list(rows.order_by("pk"))
        for session in sessions:
            session.edition = self.edition
        return sessions

    def _people(self) -> dict[int, frozenset[int]]:
        """Session → its people. Several records with one name count as one person more, with an
        id below 0: perhaps they are the same."""
        of_name: dict[str, set[int]] = defaultdict(set)
        for session in self.sessions.values():
            for person in people_of(session):
                self.names["person", person.pk] = person.name
                if person.name_key:
                    of_name[person.name_key].add(person.pk)
        shared = {name: -min(pks) for name, pks in of_name.items() if len(pks) > 1}
        self.names |= {
            ("person", pk): self.names["person", -pk] for pk in shared.values()
        }
        found = {}
        for pk, session in self.sessions.items():
            people = people_of(session)
            named = {shared[one.name_key] for one in people if one.name_key in shared}
            found[pk] = frozenset({one.pk for one in people} | named)
        return found

    # --- the problem ---

    def _problem(
        self, since: datetime.time, until: datetime.time, step: int
    ) -> Problem:
        talks, fixed = [], []
        for session in self.sessions.values():
            if self._is_free(session):
                talks.append(self._talk(session))
            elif session.status in PLACED:
                fixed.append(self._talk(session))
        return Problem(
            length=self.minute(self.end),
            step=step,
            days=self._days(since, until),
            places=tuple(self._places()),
            talks=tuple(talks),
            fixed=tuple(fixed),
            available=self._available(),
            walks={
                frozenset((walk.one, walk.other)): walk.minutes
                for walk in self.edition.walks.all()
            },
            teams=self.edition.interpretation_teams,
            units=self.edition.captioning_units,
        )

    def _is_free(self, session: Session) -> bool:
        """Whether the solver may give it a place, or another one: what has begun stays."""
        if not self.planner.may_move(session):
            return False
        if session.status not in PLACED:
            return not self.is_repair
        if not (self.is_repair and session.start and session.end):
            return False
        return (
            max(self.now, self.origin) <= session.start
            and session.end <= self.end
            and session.end - session.start <= LONGEST
        )

    def _talk(self, session: Session) -> Talk:
        is_placed = session.status in PLACED and session.start is not None
        at = None
        if is_placed and session.start:
            at = Spot(self.minute(session.start), session.room_id or NO_ROOM)
        self.names["session", session.pk] = session.title
        return Talk(
            pk=session.pk,
            minutes=length_of(session),
            people=self.people[session.pk],
            seats=session.seats_wanted or 0,
            booths=len(session.interpretation),
            captions=session.has_captions,
            needs_room=not session.is_remote or session.room_id is not None,
            at=at,
            group=str(session.track_id or ""),
            followed=session.mode != Mode.ON_SITE,
        )

    def _days(self, since: datetime.time, until: datetime.time) -> tuple[Span, ...]:
        """The hours of each day that are still to come."""
        earliest = self.minute(self.now) + 1
        spans = [
            (self._at(day, since), self._at(day, until)) for day in self.edition.days
        ]
        return tuple(
            (max(start, earliest), end) for start, end in spans if end > earliest
        )

    def _at(self, day: datetime.date, clock: datetime.time) -> int:
        return self.minute(datetime.datetime.combine(day, clock, self.zone))

    def _span(self, hours: LocalHours, day: datetime.date) -> Span:
        start, end = hours.bounds(day, self.zone)
        return self.minute(start), self.minute(end)

    def _spans(self, rows: list[Any]) -> tuple[Span, ...]:
        return tuple(
            self._span(row, day)
            for day in self.edition.days
            for row in hours_of(day, rows)
        )

    def _places(self) -> Iterable[Place]:
        openings = Openings(self.edition)
        for row in openings.blocked:
            self.names["break", row.pk] = row.title
        offers: dict[int, list[OfferedSlot]] = defaultdict(list)
        for offer in OfferedSlot.objects.open().filter(edition=self.edition):
            offer.edition = self.edition
            offers[offer.room_id].append(offer)
            self.names["break", -offer.pk] = gettext("offered slot")
        for room in self.rooms.values():
            self.names["hours", room.pk] = str(room)
            hours = openings.hours.get(room.pk)
            offered = [
                (self.minute(since), self.minute(until), -offer.pk)
                for offer in offers[room.pk]
                for since, until in [offer.moments]
            ]
            blocked = [
                (*self._span(row, day), row.pk)
                for day in self.edition.days
                for row in openings.blocked_on(day)
                if row.room_id in (None, room.pk)
            ]
            yield Place(
                pk=room.pk,
                building=room.building,
                seats=room.capacity,
                booths=room.booths,
                has_captioning=room.has_captioning,
                open=self._spans(list(hours)) if hours else None,
                blocked=(*blocked, *offered),
            )

    def _available(self) -> dict[int, tuple[Span, ...]]:
        rows: dict[int, list[Availability]] = defaultdict(list)
        for row in Availability.objects.filter(edition=self.edition):
            rows[row.person_id].append(row)
        return {person: self._spans(hours) for person, hours in rows.items()}

    # --- the wishes of the variants ---

    def wish(self, name: str) -> Wish:
        if name == ROOMS:
            return Wish(same_room=NEXT_ROOM, fits=1)
        if name == NIGHT:
            return Wish(start=self._night_cost, fits=0)
        return self._parallel_wish()

    def _parallel_wish(self) -> Wish:
        free = {talk.pk for talk in self.problem.talks}
        beside: dict[int, list[tuple[Span, int]]] = defaultdict(list)
        pairs = {}
        fixed = {talk.pk: talk for talk in self.problem.fixed}
        for (one, other), weight in interests(self.sessions).items():
            if one in free and other in free:
                pairs[one, other] = weight
            for mine, theirs in ((one, other), (other, one)):
                talk = fixed.get(theirs)
                if mine in free and talk and talk.at:
                    span = (talk.at.start, talk.at.start + talk.minutes)
                    beside[mine].append((span, weight))

        def start(talk: Talk, minute: int) -> int:
            return sum(
                weight
                for (since, until), weight in beside.get(talk.pk, ())
                if since < minute + talk.minutes and minute < until
            )

        return Wish(pairs=heaviest(pairs), start=start)

    def _night_cost(self, talk: Talk, minute: int) -> int:
        """The square of each region's share of night: it is fairer that two regions sleep half
        as long than that one does not sleep."""
        if not talk.followed:
            return 0
        start, end = self.moment(minute), self.moment(minute + talk.minutes)
        cost = 0
        for region, (night, total) in self.nights.burden([(start, end)]).items():
            if region and total:
                cost += (100 * night // total) ** 2 // 100
        return cost


def length_of(session: Session) -> int:
    """Minutes: as it is placed, else as long as its organizers wish, else as usual."""
    if session.status in PLACED and session.start and session.end:
        return int((session.end - session.start).total_seconds() // 60)
    if session.minutes_wanted:
        return session.minutes_wanted
    if session.start and session.end and session.end - session.start <= LONGEST:
        return int((session.end - session.start).total_seconds() // 60)
    return USUAL_MINUTES
