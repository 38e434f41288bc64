"""Acts of a planner: place, move, swap, take off, undo, redo. Each is checked and written under
the lock of the edition, and kept in a log."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext

from accounts.user.models import User
from common.dates.zones import clock_in_words
from common.moves.actors import AnyUser
from common.moves.workflow import MoveRefused, NotYourMove, why_not
from forum.edition.models import Edition
from forum.planning.clashes import Clash, Plan, with_people
from forum.planning.models import PlanChange
from forum.planning.slots import Slot
from forum.room.models import Coordinator
from forum.session.models import LONGEST, Session
from forum.session.times import isolated
from forum.session.workflow import PLACED, SESSION_WORKFLOW, SessionStatus

NOT_PLACED = (SessionStatus.DRAFT, SessionStatus.MOVED)
PLANNED = (*PLACED, *NOT_PLACED)
NAMED = 3  # sessions of one act that a sentence names
COLUMNS = [
    "start",
    "end",
    "day",
    "precision",
    "room",
    "version",
    "updated_by",
    "updated_at",
]


class Clashing(MoveRefused):
    """Refused because of hard clashes. `swap_with`: the session whose place it could take."""

    code = "clash"

    def __init__(self, clashes: list[Clash], swap_with: Session | None) -> None:
        super().__init__(" ".join(clash.sentence for clash in clashes))
        self.clashes = clashes
        self.swap_with = swap_with


class Outdated(MoveRefused):
    """Refused because somebody else has changed the session since the page was opened."""

    code = "outdated"


class Result(NamedTuple):
    sentence: str
    clashes: list[Clash]  # soft ones
    sessions: list[Session]


Slots = list[tuple[Session, Slot]]


class Planner:
    """What one person may do to the timetable of one edition."""

    def __init__(self, edition: Edition, user: User) -> None:
        self.edition = edition
        self.user = user
        self.is_staff = user.has_perm("forum.change_session")
        rows = Coordinator.objects.filter(edition=edition, user=user)
        self.tracks = set(rows.values_list("track", flat=True))

    @property
    def may_plan(self) -> bool:
        return self.is_staff or bool(self.tracks)

    def may_move(self, session: Session) -> bool:
        """Whether the page offers it; the move itself asks the table of moves."""
        return self.is_staff or session.track_id in self.tracks

    @property
    def mover(self) -> AnyUser:
        """Who makes the moves of the table."""
        return self.user

    def require_mine(self, session: Session) -> None:
        """Raises MoveRefused when this person may not place or move the session."""
        move = SESSION_WORKFLOW["schedule"]
        if not move.by & session.roles_of(self.user):
            raise NotYourMove(why_not(move, self.user))

    # --- acts ---

    @transaction.atomic
    def place(self, pk: int, version: int, slot: Slot) -> Result:
        """Place a session, or move it. Raises Clashing, Outdated and other MoveRefused."""
        (session,) = self._locked([pk])
        self._require_version(session, version)
        return self._act([(session, slot)])

    @transaction.atomic
    def swap(self, pk: int, version: int, other_pk: int) -> Result:
        """Two placed sessions change places; each keeps its length."""
        sessions = {one.pk: one for one in self._locked([pk, other_pk])}
        if len(sessions) != 2:  # noqa: PLR2004
            raise MoveRefused(gettext("Choose two different sessions."))
        session, other = sessions[pk], sessions[other_pk]
        self._require_version(session, version)
        if not (session.status in PLACED and other.status in PLACED):
            raise MoveRefused(
                gettext("Only sessions that are both in the timetable can be swapped.")
            )
        return self._act(
            [
                (session, self._there(session, other)),
                (other, self._there(other, session)),
            ]
        )

    def _there(self, session: Session, other: Session) -> Slot:
        """The place of the other session, for as long as this one lasts."""
        if not (session.start and session.end and other.start):
            raise MoveRefused(gettext("A session without a time cannot be swapped."))
        minutes = int((session.end - session.start).total_seconds() // 60)
        return Slot.at(other.start, minutes, other.room_id, self.edition.zone)

    @transaction.atomic
    def remove(self, pk: int, version: int) -> Result:
        """Take a session off the timetable; what is in the programme can only be postponed."""
        (session,) = self._locked([pk])
        self._require_version(session, version)
        return self._act([(session, Slot.of(session)._replace(is_placed=False))])

    @transaction.atomic
    def arrange(self, slots: Mapping[int, Slot]) -> Result:
        """Give many sessions their slots in one change, all or none. Raises MoveRefused."""
        sessions = self._locked(slots)
        return self._act([(session, slots[session.pk]) for session in sessions])

    @transaction.atomic
    def check(self, pk: int, slot: Slot) -> list[Clash]:
        """The clashes of a slot; nothing is changed."""
        (session,) = self._locked([pk])
        slot.put(session)
        return Plan(self.edition, around=[session]).of(session)

    @transaction.atomic
    def undo(self) -> Result:
        """Put back what this person did last. Raises MoveRefused when it is not possible now."""
        self.edition.lock()
        change = PlanChange.objects.of_planner(self.edition, self.user).next_undo()
        if change is None:
            raise MoveRefused(gettext("There is nothing to undo."))
        result = self._repeat(change, "after", "before")
        PlanChange.objects.filter(pk=change.pk).update(state=PlanChange.State.UNDONE)
        return result._replace(
            sentence=gettext("Undone: %(what)s") % {"what": result.sentence}
        )

    @transaction.atomic
    def redo(self) -> Result:
        """Do again what this person undid last."""
        self.edition.lock()
        change = PlanChange.objects.of_planner(self.edition, self.user).next_redo()
        if change is None:
            raise MoveRefused(gettext("There is nothing to redo."))
        result = self._repeat(change, "before", "after")
        PlanChange.objects.filter(pk=change.pk).update(state=PlanChange.State.DONE)
        return result._replace(
            sentence=gettext("Done again: %(what)s") % {"what": result.sentence}
        )

    # --- how ---

    def _locked(self, pks: Iterable[int]) -> list[Session]:
        """The sessions under the lock of the edition, each with its people. Raises MoveRefused
        when one is gone, is not planned here, or is another person's to move."""
        wanted = set(pks)
        self.edition.lock()
        rows = Session.objects.of_edition(self.edition).filter(pk__in=wanted)
        rows = rows.select_related("room", "track").prefetch_related(with_people())
        sessions = list(rows.select_for_update(of=("self",)).order_by("pk"))
        if len(sessions) != len(wanted):
            raise MoveRefused(gettext("This session is not in this edition any more."))
        for session in sessions:
            session.edition = self.edition
            self.require_mine(session)
            if session.status not in PLANNED:
                raise MoveRefused(
                    gettext(
                        "This is no longer possible: the status is now “%(status)s”."
                    )
                    % {"status": session.get_status_display()}
                )
        return sessions

    def _require_version(self, session: Session, version: int) -> None:
        if session.version == version:
            return
        raise Outdated(
            gettext(
                "%(who)s changed “%(session)s” at %(time)s. It is now: %(where)s. Nothing was "
                "overwritten: look, then move it again."
            )
            % {
                "who": session.updated_by or gettext("Someone"),
                "session": session.title,
                "time": clock_in_words(session.updated_at),
                "where": where(session),
            }
        )

    def _repeat(self, change: PlanChange, now: str, then: str) -> Result:
        """Give the sessions of a change other slots, if they still stand where it left them."""
        rows = {row["session"]: row for row in change.sessions}
        slots: Slots = []
        for session in self._locked(rows):
            row = rows[session.pk]
            if Slot.of(session) != Slot.read(row[now]):
                raise MoveRefused(
                    gettext(
                        "%(who)s has changed “%(session)s” since: it is now at %(where)s. "
                        "Move it by hand if it should be elsewhere."
                    )
                    % {
                        "who": session.updated_by or gettext("Someone"),
                        "session": session.title,
                        "where": where(session),
                    }
                )
            slots.append((session, Slot.read(row[then])))
        return self._write(slots)

    def _act(self, slots: Slots) -> Result:
        """Write new slots and log them; what was undone before can then not be redone."""
        before = {session.pk: Slot.of(session).written() for session, _slot in slots}
        result = self._write(slots)
        mine = PlanChange.objects.of_planner(self.edition, self.user)
        mine.filter(state=PlanChange.State.UNDONE).update(
            state=PlanChange.State.DROPPED
        )
        PlanChange.objects.create(
            edition=self.edition,
            by=self.user,
            sessions=[
                {
                    "session": session.pk,
                    "title": session.title,
                    "before": before[session.pk],
                    "after": slot.written(),
                }
                for session, slot in slots
            ],
        )
        return result

    def _write(self, slots: Slots) -> Result:
        """Check the slots, then write them in one statement, which the constraint of the rooms
        judges as a whole; the table of moves changes the statuses before and after."""
        self._take_off([one for one, slot in slots if not slot.is_placed])
        for session, slot in slots:
            slot.put(session)
            session.version += 1
            session.updated_by = self.user
            session.updated_at = timezone.now()
        self._put_rooms([session for session, _slot in slots])
        soft = self._require_free(slots)
        Session.objects.bulk_update([session for session, _slot in slots], COLUMNS)
        self._move(
            [one for one, slot in slots if slot.is_placed and one.status in NOT_PLACED],
            "schedule",
        )
        moved = [session for session, _slot in slots]
        return Result(told_together(moved), soft, moved)

    def _put_rooms(self, sessions: list[Session]) -> None:
        """Give the sessions their rooms of this edition, which are read together."""
        rooms = self.edition.rooms.in_bulk()
        for session in sessions:
            if session.room_id in rooms:
                session.room = rooms[session.room_id]

    def _move(self, sessions: list[Session], name: str) -> None:
        """One move of the table for each; the edition is locked already."""
        Session.move_all(sessions, name, self.mover)

    def _take_off(self, sessions: list[Session]) -> None:
        for session in sessions:
            if session.status == SessionStatus.RELEASED:
                raise MoveRefused(
                    gettext(
                        "“%(session)s” is in the programme that the public reads: it can be "
                        "moved here, and postponed or cancelled on its own page, with a reason."
                    )
                    % {"session": session.title}
                )
        self._move(
            [one for one in sessions if one.status == SessionStatus.SCHEDULED],
            "unschedule",
        )

    def _require_free(self, slots: Slots) -> list[Clash]:
        """The soft clashes. Raises Clashing when there is a hard one."""
        placed = [session for session, slot in slots if slot.is_placed]
        if not placed:
            return []
        for session in placed:
            if (
                not (session.start and session.end)
                or session.end - session.start > LONGEST
            ):
                raise MoveRefused(gettext("A session lasts 24 hours at most."))
            session.require_time_and_room()
            if session.room and session.room.edition_id != self.edition.pk:
                raise MoveRefused(gettext("This room belongs to another edition."))
        plan = Plan(self.edition, around=placed)
        hard = [clash for session in placed for clash in plan.hard(session)]
        if hard:
            raise Clashing(hard, self._swappable(hard, plan, placed))
        return [clash for session in placed for clash in plan.soft(session)]

    def _swappable(
        self, hard: list[Clash], plan: Plan, placed: list[Session]
    ) -> Session | None:
        """The one session that occupies the room, if this person may move it and there is no
        other reason against."""
        others = {clash.other for clash in hard if clash.kind == "room"}
        session = placed[0]
        if len(placed) != 1 or len(others) != 1 or session.status not in PLACED:
            return None
        (pk,) = others
        other = next(one for one in plan.sessions if one.pk == pk)
        return other if self.may_move(other) else None


def where(session: Session) -> str:
    """“5 July 2027, 10:00-11:00, Popov, CICG”, or that it is not placed."""
    if session.status not in PLACED:
        return gettext("not placed")
    room = session.room_text
    return ", ".join(filter(None, [session.time_text(), room and isolated(room)]))


def told(session: Session) -> str:
    """What became of a session, as a sentence that is read out."""
    return gettext("“%(session)s”: %(where)s") % {
        "session": session.title,
        "where": where(session),
    }


def told_together(sessions: list[Session]) -> str:
    """The same of several; of many only their number."""
    if len(sessions) <= NAMED:
        return "; ".join(told(session) for session in sessions)
    number = len(sessions)
    sentence = ngettext("%(number)d session moved", "%(number)d sessions moved", number)
    return sentence % {"number": number}


NOT_YOURS = gettext_lazy(
    "This page is for the secretariat and for the coordinators of tracks."
)
