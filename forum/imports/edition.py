"""What an edition holds while a file is brought into it: compared in memory, read together."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.imports.columns import Wanted
from common.text.folding import fold
from forum.agenda.models import ReleasedSession
from forum.edition.models import Edition
from forum.imports.rows import Speaker
from forum.people.models import PRESENT, Person, name_key
from forum.room.models import Room
from forum.session.description import Description
from forum.session.models import LONGEST, Session
from forum.session.workflow import PLACED


class Known:
    """The sessions and rooms of an edition, with what the file adds to them."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        rows = Session.objects.of_edition(edition).with_people().defer("words")
        self.sessions = list(rows.order_by("pk"))
        self.by_number: dict[str, Session] = {}
        self.by_title: dict[str, list[Session]] = defaultdict(list)
        self.in_room: dict[tuple[str, str], list[Session]] = defaultdict(list)
        self.rooms = {(room.name, room.building): room for room in edition.rooms.all()}
        for session in self.sessions:
            self.index(session)
            if session.status in PLACED:
                self.place(session)

    def index(self, session: Session) -> None:
        if session.number:
            self.by_number.setdefault(session.number, session)
        self.by_title[fold(session.title)].append(session)

    def add(self, session: Session) -> None:
        """A session that the file brings: rows below may mean it."""
        self.sessions.append(session)
        self.index(session)
        self.place(session)

    def place(self, session: Session) -> None:
        if session.room:
            self.in_room[session.room.name, session.room.building].append(session)

    def find(self, wanted: Wanted) -> Session | None:
        """The session a row means: by number, else by title, day and number telling twins."""
        number = wanted.fields["number"]
        if number and number in self.by_number:
            return self.by_number[number]
        named = [
            session
            for session in self.by_title[fold(wanted.fields["title"])]
            if not (number and session.number)
        ]
        twins = [session for session in named if session.day == wanted.fields["day"]]
        if twins:
            return twins[0]
        return named[0] if len(named) == 1 else None

    def room_of(self, name: str, building: str) -> Room:
        """A room by its name; a new one is stored with the sessions."""
        room = Room(edition=self.edition, name=name, building=building)
        return self.rooms.setdefault((name, building), room)

    def new_rooms(self) -> list[Room]:
        return [room for room in self.rooms.values() if room.pk is None]

    def require_place(self, session: Session, draft: bool) -> None:
        """Raises ValidationError when the end or the room does not fit."""
        start, end, room = session.start, session.end, session.room
        if start and end and end - start > LONGEST:
            raise ValidationError({"end": _("A session lasts 24 hours at most.")})
        if draft or not room:
            return
        for other in self.in_room[room.name, room.building]:
            # a row above may have moved the other one to another room
            if other == session or other.room != room or not overlap(other, session):
                continue
            sentence = _("“%(room)s” is occupied by “%(session)s”, %(time)s.")
            values = {
                "room": room,
                "session": other.title,
                "time": other.time_text(),
            }
            raise ValidationError({"room": sentence % values})


def overlap(one: Description, other: Description) -> bool:
    """Whether two sessions with times are held at once."""
    return bool(
        one.start
        and one.end
        and other.start
        and other.end
        and one.start < other.end
        and other.start < one.end
    )


class People:
    """Speakers by name and organization; somebody whose organization is not said, or was not
    known, is the one person of that name."""

    def __init__(self, speakers: Iterable[Speaker]) -> None:
        named = list(dict.fromkeys((one.name, one.organization) for one in speakers))
        keys = {name_key(name) for name, _organization in named}
        by_key: defaultdict[str, list[Person]] = defaultdict(list)
        standing = Person.objects.unmerged().filter(name_key__in=keys).order_by("pk")
        for person in standing if keys else ():
            by_key[person.name_key].append(person)
        self.new: list[Person] = []
        self.persons: dict[tuple[str, str], Person] = {}
        for name, organization in named:
            key = name_key(name)
            person = self._same(by_key[key], organization) or self._make(
                name, organization, key
            )
            if person not in by_key[key]:
                by_key[key].append(person)
            self.persons[name, organization] = person

    def _make(self, name: str, organization: str, key: str) -> Person:
        person = Person(name=name, organization=organization, name_key=key)
        self.new.append(person)
        return person

    @staticmethod
    def _same(people: list[Person], organization: str) -> Person | None:
        folded = fold(organization)
        for person in people:
            if fold(person.organization) == folded:
                return person
        if len(people) == 1 and not (folded and people[0].organization):
            return people[0]
        return None

    def parts(self, speakers: list[Speaker]) -> list[tuple[Person, str]]:
        """Person and role of each speaker, each once."""
        parts = [
            (self.persons[one.name, one.organization], one.role) for one in speakers
        ]
        return list(
            {(id(person), role): (person, role) for person, role in parts}.values()
        )


Parts = list[tuple[Person, str]]  # people with their roles


def require_release(known: Known, touched: list[tuple[Session, Parts]]) -> None:
    """What the release that follows an import would refuse, told before anything is written:
    a room that is public twice at one time, a person in two places. Raises ValidationError.

    `touched` are the sessions of the file with the people that they will have.
    """
    timed = [(one, parts) for one, parts in touched if one.start and one.end]
    require_free_rooms(known.edition, [session for session, _parts in timed])
    parts_of = {id(session): parts for session, parts in touched}
    at: dict[object, list[Session]] = defaultdict(list)  # a person → where they are
    for session in known.sessions:
        if session.status in PLACED or id(session) in parts_of:
            for person in present(session, parts_of.get(id(session))):
                at[person.pk or id(person)].append(session)
    for session, parts in timed:
        for person in present(session, parts):
            require_free(person, session, at[person.pk or id(person)])


def require_free_rooms(edition: Edition, sessions: list[Session]) -> None:
    """Against what is public: the desk may have moved a session away and not released it yet."""
    keys = [session.pk for session in sessions if session.pk]
    public = ReleasedSession.objects.of_edition(edition).exclude(pk__in=keys)
    in_room: dict[int, list[ReleasedSession]] = defaultdict(list)
    for row in public.filter(start__isnull=False):
        if row.room_id:
            in_room[row.room_id].append(row)
    for session in sessions:
        rows = in_room.get(session.room.pk, []) if session.room else []
        if any(overlap(row, session) for row in rows):
            raise ValidationError(
                _(
                    "A room would be booked twice at the same time: release the whole "
                    "agenda first."
                )
            )


def require_free(person: Person, session: Session, others: list[Session]) -> None:
    for other in others:
        if other is not session and overlap(other, session):
            raise ValidationError(
                _("%(person)s is in “%(session)s” at this time, %(time)s.")
                % {
                    "person": person,
                    "session": other.title,
                    "time": other.time_text(),
                }
            )


def present(session: Session, parts: Parts | None) -> list[Person]:
    """Those who have to be there: of the file, else as it is stored."""
    if not parts and session.pk:
        parts = [(part.person, part.role) for part in session.participations.all()]
    return [person for person, role in parts or () if role in PRESENT]
