"""Rows of an import become sessions of one edition: compared in memory, written in batches."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.user.models import User
from common.imports.reader import ImportResult, RowError
from common.moves.workflow import MoveRefused
from common.text.folding import fold
from forum.agenda.releasing import NothingToRelease, release_agenda
from forum.base.workflow import DESK
from forum.edition.models import Edition
from forum.people.models import Participation, Person, name_key
from forum.room.models import Room
from forum.session.models import LONGEST, Organizer, Session
from forum.session.workflow import PLACED, SessionStatus
from stocktaking.organization.models import Organization


class Speaker(NamedTuple):
    """One of “Amina Otieno (Ministry of ICT) [moderator]; Li Wei”."""

    name: str
    organization: str
    role: str


@dataclass
class Wanted:
    """What a good row wants: values by field, organizers, codes by relation, speakers."""

    number: int
    fields: dict[str, Any] = field(default_factory=dict)
    organizers: list[str] = field(default_factory=list)
    links: dict[str, list[str]] = field(default_factory=dict)
    speakers: list[Speaker] = field(default_factory=list)
    room: tuple[str, str] | None = None


class Refused(Exception):  # noqa: N818  (a refused row is no fault of the program)
    def __init__(self, column: str, message: str) -> None:
        self.column, self.message = column, message
        super().__init__(message)


class Known:
    """What an edition holds before the import: sessions, rooms, people, read together."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        rows = (
            Session.objects.of_edition(edition)
            .with_people()
            .defer("words")
            .order_by("pk")
        )
        self.sessions = list(rows)
        self.by_number: dict[str, Session] = {}
        self.by_title: dict[str, list[Session]] = defaultdict(list)
        for session in self.sessions:
            self.add(session)
        self.rooms = {(room.name, room.building): room for room in edition.rooms.all()}

    def add(self, session: Session) -> None:
        if session.number:
            self.by_number.setdefault(session.number, session)
        self.by_title[fold(session.title)].append(session)

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


class EditionImport:
    """Decides row by row what is new, changed or the same, then writes all of it at once.

    The lock of the edition is held only while its own rows are compared and written.
    """

    def __init__(
        self,
        edition: Edition,
        by: User | None,
        result: ImportResult,
        *,
        only_new: bool,
        draft: bool,
    ) -> None:
        self.edition, self.by, self.result = edition, by, result
        self.only_new, self.draft = only_new, draft
        self.seen: dict[int, int] = {}  # id of the object → the row that names it
        self.new: list[tuple[Session, Wanted]] = []
        self.changed: list[tuple[Session, Wanted]] = []
        self.people: dict[Speaker, Person] = {}

    def run(self, rows: list[Wanted]) -> None:
        """Raises ValidationError when the release that follows is refused."""
        self.edition.lock()
        self.known = Known(self.edition)
        self._make_rooms(rows)
        self._make_people(rows)
        self.placed = [one for one in self.known.sessions if one.status in PLACED]
        for wanted in rows:
            try:
                self._take(wanted)
            except Refused as refused:
                row = RowError(wanted.number, refused.column, refused.message)
                self.result.refuse([row])
        self._write()
        if not self.draft:
            self._release()

    def _make_rooms(self, rows: list[Wanted]) -> None:
        names = dict.fromkeys(wanted.room for wanted in rows if wanted.room)
        missing = [name for name in names if name not in self.known.rooms]
        made = Room.objects.bulk_create(
            Room(edition=self.edition, name=name, building=building)
            for name, building in missing
        )
        self.known.rooms.update(zip(missing, made, strict=True))

    def _make_people(self, rows: list[Wanted]) -> None:
        """Speakers by name and organization; somebody whose organization is not said, or was not
        known, is the one person of that name."""
        speakers = list(
            dict.fromkeys(one for wanted in rows for one in wanted.speakers)
        )
        if not speakers:
            return
        keys = {name_key(speaker.name) for speaker in speakers}
        by_key: defaultdict[str, list[Person]] = defaultdict(list)
        for person in (
            Person.objects.unmerged().filter(name_key__in=keys).order_by("pk")
        ):
            by_key[person.name_key].append(person)
        made: list[Person] = []
        for speaker in speakers:
            key = name_key(speaker.name)
            known = self._same(by_key[key], speaker)
            if known is None:
                known = Person(
                    name=speaker.name, organization=speaker.organization, name_key=key
                )
                by_key[key].append(known)
                made.append(known)
            self.people[speaker] = known
        Person.objects.bulk_create(made)

    @staticmethod
    def _same(people: list[Person], speaker: Speaker) -> Person | None:
        organization = fold(speaker.organization)
        for person in people:
            if fold(person.organization) == organization:
                return person
        if len(people) == 1 and not (organization and people[0].organization):
            return people[0]
        return None

    def _take(self, wanted: Wanted) -> None:
        wanted.fields["room"] = self.known.rooms[wanted.room] if wanted.room else None
        session = self.known.find(wanted)
        if session is None:
            self._new(wanted)
            return
        first = self.seen.setdefault(id(session), wanted.number)
        if first != wanted.number:
            message = _("Row %(row)d already contains this session.") % {"row": first}
            raise Refused("title", message)
        if self.only_new or not self._differs(session, wanted):
            self.result.unchanged += 1
            return
        self._require_changeable(session)
        self._require_place(session, wanted)
        for name, value in wanted.fields.items():
            setattr(session, name, value)
        session.version += 1
        self.changed.append((session, wanted))
        self.result.updated += 1

    def _new(self, wanted: Wanted) -> None:
        session = Session(**wanted.fields)
        self._require_place(session, wanted)
        self.known.add(session)
        self.placed.append(session)
        self.seen[id(session)] = wanted.number
        self.new.append((session, wanted))
        self.result.created += 1

    def _require_changeable(self, session: Session) -> None:
        """A file changes what a file brought, not what the desk has typed."""
        untouched = (
            session.status == SessionStatus.DRAFT and session.updated_by_id is None
        )
        from_draft_file = untouched and session.owner_id is None
        if not (from_draft_file if self.draft else session.source):
            raise Refused(
                "title",
                _(
                    "This session was entered by staff; change it in the admin, not by a file."
                ),
            )

    def _require_place(self, session: Session, wanted: Wanted) -> None:
        """Raises Refused when the end or the room does not fit."""
        start, end, room = (wanted.fields[name] for name in ("start", "end", "room"))
        if start and end and end - start > LONGEST:
            raise Refused("end", _("A session lasts 24 hours at most."))
        if self.draft or not (start and end and room):
            return
        for other in self.placed:
            if (
                other is not session
                and other.room == room
                and other.start
                and other.end
                and other.start < end
                and start < other.end
            ):
                raise Refused(
                    "room",
                    _("“%(room)s” is occupied by “%(session)s”, %(time)s.")
                    % {"room": room, "session": other.title, "time": other.time_text()},
                )

    def _differs(self, session: Session, wanted: Wanted) -> bool:
        """Whether the row says something else than the record."""
        return (
            any(
                getattr(session, name) != value for name, value in wanted.fields.items()
            )
            or any(
                {term.pk for term in getattr(session, name).all()} != set(codes)
                for name, codes in wanted.links.items()
            )
            or session.organizer_names != wanted.organizers
            or (
                bool(wanted.speakers)
                and self._parts(wanted)
                != [
                    (part.person_id, part.role) for part in session.participations.all()
                ]
            )
        )

    def _parts(self, wanted: Wanted) -> list[tuple[int, str]]:
        return list(
            dict.fromkeys((self.people[one].pk, one.role) for one in wanted.speakers)
        )

    def _write(self) -> None:
        """All sessions, their lists and their move, in a number of queries that stays the same."""
        Session.objects.bulk_create([session for session, _wanted in self.new])
        if self.changed:
            columns = [*self.changed[0][1].fields, "version"]
            Session.objects.bulk_update(
                [one for one, _wanted in self.changed], columns, 500
            )
        both = self.new + self.changed
        for name in ("action_lines", "sdgs"):
            self._write_links(name, both)
        self._write_organizers(both)
        self._write_parts(both)
        if not self.draft:
            by = self.by or DESK
            Session.move_all([session for session, _wanted in self.new], "import", by)

    @staticmethod
    def _write_links(name: str, rows: list[tuple[Session, Wanted]]) -> None:
        relation: Any = Session._meta.get_field(name)
        through = relation.remote_field.through
        target = relation.m2m_reverse_field_name()
        through.objects.filter(
            session__in=[session.pk for session, _wanted in rows]
        ).delete()
        through.objects.bulk_create(
            through(session_id=session.pk, **{f"{target}_id": code})
            for session, wanted in rows
            for code in dict.fromkeys(wanted.links[name])
        )

    @staticmethod
    def _write_organizers(rows: list[tuple[Session, Wanted]]) -> None:
        Organizer.objects.filter(
            session__in=[session.pk for session, _wanted in rows]
        ).delete()
        known = Organization.objects.only_ones(
            name for _session, wanted in rows for name in wanted.organizers
        )
        Organizer.objects.bulk_create(
            Organizer(
                session=session,
                name=name,
                order=order,
                organization_id=known.get(name.lower()),
            )
            for session, wanted in rows
            for order, name in enumerate(wanted.organizers)
        )

    def _write_parts(self, rows: list[tuple[Session, Wanted]]) -> None:
        """Speakers of the file replace those of an earlier file; without any, parts stay."""
        named = [(session, wanted) for session, wanted in rows if wanted.speakers]
        Participation.objects.filter(
            session__in=[session.pk for session, _w in named]
        ).delete()
        Participation.objects.bulk_create(
            Participation(session=session, person_id=person, role=role, order=order)
            for session, wanted in named
            for order, (person, role) in enumerate(self._parts(wanted))
        )

    def _release(self) -> None:
        """What came from a source is public at once, as a release of its own."""
        ids = [session.pk for session, _wanted in self.new + self.changed]
        if not ids:
            return
        try:
            release_agenda(
                self.edition, self.by, _("Sessions known from public sources"), only=ids
            )
        except NothingToRelease:
            return
        except MoveRefused as error:
            raise ValidationError(str(error.message)) from error
