"""Import of sessions (docs/forum.md): each good row is a public record, or a draft of the desk."""

from collections.abc import Iterable
from copy import copy
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.session.requests import secretariat_only
from common.imports.columns import Wanted
from common.imports.importer import Importer, register
from common.imports.models import ImportedRecord, stamp_of
from common.imports.reader import MAX_ROWS, Question
from common.imports.storing import Changed, Made
from common.locks.advisory import Lock
from common.moves.actors import Person as Actor
from common.moves.workflow import MoveRefused
from forum.agenda.releasing import NothingToRelease, release_agenda
from forum.base.workflow import DESK
from forum.edition.models import Edition
from forum.imports.edition import Known, require_release
from forum.imports.people import People
from forum.imports.rows import SESSION_COLUMNS, set_when
from forum.people.models import Participation, Person
from forum.room.models import Room
from forum.session.models import Organizer, Session
from forum.session.workflow import PLACED, SessionStatus
from stocktaking.organization.models import Organization

NAMED = ("organizers", "speakers")  # lists of a session whose order counts


def place_of(wanted: Wanted) -> tuple[str, str]:
    """Room and building of a row, as the file writes them."""
    return wanted.more.get("room", ""), wanted.more.get("building", "")


@register
class SessionImporter(Importer[Session]):
    """The lock of an edition is held only while its own rows are compared and written."""

    kind: ClassVar[str] = "sessions"
    title = gettext_lazy("Import sessions")
    permission: ClassVar[str] = "forum.change_session"
    model = Session
    columns = SESSION_COLUMNS
    links = ("action_lines", "sdgs")
    lock = Lock.FORUM_IMPORT
    guard = secretariat_only
    withdrawal = "cancel"
    batch = MAX_ROWS  # one release for all sessions of an edition
    repeated = gettext_lazy("Row %(row)d already contains this session.")
    draft: ClassVar[bool] = False

    # --- reading ---

    def check(self, wanted: Wanted) -> None:
        set_when(wanted)
        super().check(wanted)
        if not wanted.fields.get("source") and not self.draft:
            sentence = _("Enter where information on the session was found.")
            wanted.refuse("source", sentence)

    def parts(self, batch: list[Wanted]) -> Iterable[list[Wanted]]:
        editions: dict[Edition, list[Wanted]] = {}
        for wanted in batch:
            editions.setdefault(wanted.fields["edition"], []).append(wanted)
        return editions.values()

    # --- which session ---

    def prepare(self, batch: list[Wanted]) -> None:
        self.edition: Edition = batch[0].fields["edition"]
        self.edition.lock()
        self.seen = {}  # by identity of objects, which the next edition may have again
        self.known = Known(self.edition)
        speakers = [
            (wanted.number, one)
            for wanted in batch
            for one in wanted.more.get("speakers", ())
        ]
        self.people = People(speakers, self.ask if self.asks else None)
        self.refused_rooms = self.rooms_to_refuse(batch)
        for wanted in batch:
            if "room" in wanted.more:
                place = place_of(wanted)
                wanted.fields["room"] = self.known.room_of(*place) if place[0] else None
            if wanted.more.get("speakers"):
                parts = self.people.parts(wanted.more["speakers"])
                wanted.links["speakers"] = parts

    @property
    def asks(self) -> bool:
        """Whether the person who imports decides what a programme leaves open."""
        return self.draft and self.job is not None

    def rooms_to_refuse(self, batch: list[Wanted]) -> set[tuple[str, str]]:
        """Rooms of the file that the edition does not have, if staff want none to be made."""
        places = dict.fromkeys(place_of(wanted) for wanted in batch)
        unknown = {
            place for place in places if place[0] and not self.known.known_room(*place)
        }
        if not (self.asks and unknown):
            return set()
        named = [
            str(Room(name=name, building=building))
            for name, building in sorted(unknown)
        ]
        sentence = ngettext(
            "%(count)d room is not a room of %(edition)s: %(rooms)s.",
            "%(count)d rooms are not rooms of %(edition)s: %(rooms)s.",
            len(named),
        ) % {"count": len(named), "edition": self.edition, "rooms": "; ".join(named)}
        answers = [
            ("make", _("Add them to the edition")),
            ("refuse", _("Reject the rows that name them")),
        ]
        question = Question(f"rooms-{self.edition.slug}", sentence, answers)
        return unknown if self.ask(question) == "refuse" else set()

    def find(self, wanted: Wanted) -> Session | None:
        self.people.require_one_address(wanted.more.get("speakers", ()))
        if place_of(wanted) in self.refused_rooms:
            sentence = _("%(edition)s has no room “%(room)s”.")
            name, building = place_of(wanted)
            values = {
                "edition": self.edition,
                "room": Room(name=name, building=building),
            }
            raise ValidationError({"room": sentence % values})
        session = self.known.find(wanted)
        if session is not None:
            self.require_once(wanted, id(session))
        return session

    def build(self, wanted: Wanted) -> Session:
        session = Session(**wanted.fields)
        self.known.require_place(session, self.draft)
        self.known.add(session)
        self.seen[id(session)] = wanted.number
        return session

    def links_of(self, record: Session) -> dict[str, list[Any]]:
        parts = record.participations.all()
        return super().links_of(record) | {
            "organizers": record.organizer_names,
            "speakers": [(part.person_id, part.role) for part in parts],
        }

    def is_same(self, name: str, standing: list[Any], keys: list[Any]) -> bool:
        if name == "speakers":
            return standing == [(person.pk, role) for person, role in keys]
        if name == "organizers":
            return standing == keys
        return super().is_same(name, standing, keys)

    def require_changeable(self, record: Session, change: Changed[Session]) -> None:
        """A file changes what a file brought, not what the desk has typed."""
        untouched = (
            record.status == SessionStatus.DRAFT and record.updated_by_id is None
        )
        from_draft_file = untouched and record.owner_id is None
        if not (from_draft_file if self.draft else record.source):
            raise ValidationError(
                _(
                    "This session was entered by staff; change it in the admin, not by a file."
                )
            )
        later = copy(record)
        for name, value in change.fields.items():
            setattr(later, name, value)
        self.known.require_place(later, self.draft)

    def before(self, record: Session, change: Changed[Session]) -> dict[str, Any]:
        before = super().before(record, change)
        if "room" in before["fields"]:
            before["fields"].pop("room")
            before["fields"]["room_id"] = record.room_id
        return before

    # --- writing ---

    def bring(self, batch: list[Wanted]) -> None:
        """Raises ValidationError when the release that follows is refused."""
        self.touched: list[Made[Session]] = []
        super().bring(batch)
        if self.dry_run and not self.draft:
            touched = [
                (one.record, one.wanted.links.get("speakers", []))
                for one in self.touched
            ]
            require_release(self.known, touched)

    def decide(
        self,
        wanted: Wanted,
        made: list[Made[Session]],
        changed: list[Changed[Session]],
    ) -> None:
        before = len(made), len(changed)
        super().decide(wanted, made, changed)
        self.touched += [*made[before[0] :], *changed[before[1] :]]
        for one in changed[before[1] :]:
            if one.record.status in PLACED:
                self.known.place(one.record)

    def write(self, made: list[Made[Session]], changed: list[Changed[Session]]) -> None:
        """What rows name is made first; nothing is made for a row that was refused."""
        stored = [*made, *changed]
        rooms = {id(room): room for one in stored if (room := one.record.room)}
        people = {
            id(person): person
            for one in stored
            for person, _role in one.wanted.links.get("speakers", ())
        }
        new_rooms = [room for room in rooms.values() if room.pk is None]
        new_people = [person for person in people.values() if person.pk is None]
        self.besides += Room.objects.bulk_create(new_rooms)
        self.besides += Person.objects.bulk_create(new_people)
        if self.draft:
            self.besides += self.new_organizations(stored)
        if not self.only_new:
            self.give_addresses()
        super().write(made, changed)

    @staticmethod
    def new_organizations(stored: list[Made[Session]]) -> list[Organization]:
        """Organizations that nobody listed yet; they wait for the secretariat to confirm them."""
        names = {
            name.lower(): name
            for one in stored
            for name in one.wanted.links.get("organizers", ())
        }
        listed = Organization.objects.holders(names)
        unlisted = [name for lower, name in names.items() if lower not in listed]
        return Organization.objects.create_named(unlisted)

    def give_addresses(self) -> None:
        """Known people without an address get the one of the file, so that it can be undone."""
        given = self.people.addresses
        Person.objects.bulk_update([person for person, _email in given], ["email"])
        if self.job:
            ImportedRecord.objects.bulk_create(
                (
                    ImportedRecord(
                        job=self.job,
                        record_kind=Person._meta.label_lower,
                        record_id=person.pk,
                        is_new=False,
                        before={"fields": {"email": ""}, "given": email},
                    )
                    for person, email in given
                ),
                update_conflicts=True,
                unique_fields=["job", "record_kind", "record_id"],
                update_fields=["before", "put_back_at"],
            )

    def create(self, made: list[Made[Session]]) -> None:
        super().create(made)
        for name in NAMED:
            pairs = [(one.record, one.wanted.links.get(name, [])) for one in made]
            self.write_links(name, pairs)

    def update(self, changed: list[Changed[Session]]) -> None:
        for one in changed:
            one.record.version += 1
            one.fields["version"] = one.record.version
        super().update(changed)

    def write_links(
        self,
        name: str,
        pairs: list[tuple[Session, list[Any]]],
        *,
        is_new: bool = True,
    ) -> None:
        if name not in NAMED:
            super().write_links(name, pairs, is_new=is_new)
            return
        model = Organizer if name == "organizers" else Participation
        keys = [session.pk for session, _items in pairs]
        if not is_new:
            model._default_manager.filter(session__in=keys).delete()
        rows = self._organizers(pairs) if name == "organizers" else self._parts(pairs)
        model._default_manager.bulk_create(rows)

    @staticmethod
    def _organizers(pairs: list[tuple[Session, list[Any]]]) -> list[Any]:
        known = Organization.objects.only_ones(
            name for _session, names in pairs for name in names
        )
        return [
            Organizer(
                session=session,
                name=name,
                order=order,
                organization_id=known.get(name.lower()),
            )
            for session, names in pairs
            for order, name in enumerate(names)
        ]

    @staticmethod
    def _parts(pairs: list[tuple[Session, list[Any]]]) -> list[Any]:
        return [
            Participation(
                session=session,
                person_id=getattr(person, "pk", person),
                role=role,
                order=order,
            )
            for session, parts in pairs
            for order, (person, role) in enumerate(parts)
        ]

    def created(self, made: list[Made[Session]]) -> None:
        if not self.draft:
            Session.move_all([one.record for one in made], "import", self.by or DESK)

    def written(
        self, made: list[Made[Session]], changed: list[Changed[Session]]
    ) -> None:
        """What came from a source is public at once, as a release of its own."""
        keys = [one.record.pk for one in (*made, *changed)]
        if keys and not self.draft:
            self._release(self.edition, keys)

    def _release(self, edition: Edition, keys: list[int]) -> None:
        name = _("Sessions known from public sources")
        try:
            release_agenda(edition, self.by, name, only=keys)
        except NothingToRelease:
            return
        except MoveRefused as error:
            raise ValidationError(str(error.message)) from error

    # --- undo ---

    def withdraw(self, session: Session) -> None:
        """A draft goes; what was public is cancelled with its reason, for all to read."""
        if session.status == SessionStatus.DRAFT:
            session.delete()
        else:
            super().withdraw(session)

    def end_undo(self) -> None:
        """What the sessions said before is released again."""
        changed = self.records.of(Session).filter(is_new=False)
        keys = changed.exclude(put_back_at=None).values_list("record_id", flat=True)
        sessions = Session.objects.filter(pk__in=list(keys)).select_related("edition")
        editions: dict[Edition, list[int]] = {}
        for session in sessions:
            editions.setdefault(session.edition, []).append(session.pk)
        for edition, ids in editions.items():
            if not self.draft:
                self._release(edition, ids)
        self.take_addresses_back()
        self.drop_unused(Room)
        self.drop_unused(Person)
        Organization.objects.drop_unused(self.made_besides(Organization))

    def take_addresses_back(self) -> None:
        """Those that the file gave to known people, unless they have another one by now."""
        for row in self.records.of(Person).filter(is_new=False).standing():
            given = Person.objects.filter(pk=row.record_id, email=row.before["given"])
            given.update(email="")
            ImportedRecord.objects.filter(pk=row.pk).update(put_back_at=timezone.now())

    def made_besides(self, model: type[models.Model]) -> list[int]:
        """People whom somebody has changed since, such as they themselves, stay."""
        rows = self.records.of(model).filter(is_new=True)
        stamps = dict(rows.values_list("record_id", "stamp"))
        if model is not Person:
            return list(stamps)
        people = Person.objects.in_bulk(list(stamps)).values()
        return [one.pk for one in people if stamp_of(one) == stamps[one.pk]]


@register
class DraftSessionImporter(SessionImporter):
    """Loads rows into the plans of the desk: nothing is published, no source is needed."""

    kind = "session-drafts"
    title = gettext_lazy("Import a programme as drafts")
    draft = True

    @classmethod
    def lead(cls, user: Actor) -> str:
        return _(
            "Sessions with their people, organizations and rooms in one sheet. In the column of "
            "people write: Name (organization) [role] <address>; another name."
        )
