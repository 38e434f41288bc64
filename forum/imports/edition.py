"""What an edition holds while a file is brought into it: compared in memory, read together."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.imports.columns import Wanted
from common.text.folding import fold
from forum.agenda.models import ReleasedSession
from forum.edition.models import Edition
from forum.imports.people import Parts
from forum.people.models import PRESENT, Person
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

    def known_room(self, name: str, building: str) -> Room | None:
        """A room by its name; without a building, the one room of that name."""
        if (name, building) in self.rooms:
            return self.rooms[name, building]
        named = [
            room
            for room in self.rooms.values()
            if fold(room.name) == fold(name)
            and (not building or fold(room.building) == fold(building))
        ]
        return named[0] if len(named) == 1 else None

    def room_of(self, name: str, building: str) -> Room:
        """A room by its name; a new one is stored with the sessions."""
        room = self.known_room(name, building)
        return room or self.rooms.setdefault(
            (name, building), Room(edition=self.edition, name=name, building=building)
        )

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
