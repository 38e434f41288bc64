"""Choosing an offered slot: what an organizer or a speaker may do to the timetable."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext, gettext_lazy

from common.moves.actors import AnyUser
from common.moves.workflow import MoveRefused, NotYourMove
from forum.base.workflow import DESK
from forum.offer.models import OfferedSlot, chosen_by
from forum.planning.clashes import Clash, Plan
from forum.planning.forms import USUAL_MINUTES
from forum.planning.planner import Planner, Result
from forum.planning.slots import Slot
from forum.session.models import Session
from forum.session.workflow import PLACED, SessionStatus

MOST_SHOWN = 100


def minutes_of(session: Session) -> int:
    """How long the session is: as it stands, else as wished, else as usual."""
    if session.start and session.end:
        return int((session.end - session.start).total_seconds() // 60)
    return session.minutes_wanted or USUAL_MINUTES


# Said as they are: they tell nothing of other sessions, nor of people.
OPEN = ("closed", "length", "seats", "booths", "captioning", "teams", "units")
DISCREET = {
    "room": gettext_lazy("This slot is taken."),
    "person": gettext_lazy("Someone of this session is elsewhere at this time."),
    "availability": gettext_lazy(
        "Someone of this session is not available at this time."
    ),
    "walk": gettext_lazy(
        "Someone of this session has too little time for the walk between two buildings."
    ),
}


def discreet(clashes: Iterable[Clash]) -> list[str]:
    """What organizers may read of clashes: the plans of others are not public yet."""
    sentences = [
        clash.sentence if clash.kind in OPEN else str(DISCREET.get(clash.kind, ""))
        for clash in clashes
    ]
    return [one for one in dict.fromkeys(sentences) if one]


class Choice(NamedTuple):
    """An offered slot as the page of one session shows it."""

    offer: OfferedSlot
    when: str
    hard: list[str]
    soft: list[str]
    is_taken: bool  # by this very session


class OwnPlanner(Planner):
    """Moves sessions that this person organizes or speaks in, into offered slots only. The moves
    of the table are made by the desk, whose offer it is; the log of the timetable names who chose.
    """

    @property
    def mover(self) -> AnyUser:
        return DESK

    def require_mine(self, session: Session) -> None:
        if not chosen_by(self.user).filter(pk=session.pk).exists():
            raise NotYourMove(gettext("This session is not yours."))
        if session.status == SessionStatus.RELEASED:
            raise MoveRefused(
                gettext(
                    "This session is in the programme that the public reads: ask the secretariat "
                    "to move it."
                )
            )

    def choose(self, session: Session, version: int, pk: int) -> Result:
        """Raises Clashing, Outdated and other MoveRefused."""
        offer = (
            OfferedSlot.objects.for_session(session)
            .filter(pk=pk)
            .select_related("edition")
            .first()
        )
        if offer is None:
            raise MoveRefused(gettext("This slot is no longer offered."))
        if too_short := why_too_short(session, offer):
            raise MoveRefused(too_short.sentence)
        return self.place(session.pk, version, slot_of(session, offer))


def slot_of(session: Session, offer: OfferedSlot) -> Slot:
    start, _end = offer.moments
    return Slot.at(start, minutes_of(session), offer.room_id, offer.edition.zone)


def why_too_short(session: Session, offer: OfferedSlot) -> Clash | None:
    start, end = offer.moments
    if datetime.timedelta(minutes=minutes_of(session)) <= end - start:
        return None
    sentence = gettext("The session lasts %(minutes)d minutes, longer than this slot.")
    return Clash("length", True, sentence % {"minutes": minutes_of(session)})


def choices(session: Session) -> list[Choice]:
    """All slots that are offered to a session, each with what speaks against it; the number of
    queries does not grow with them."""
    offers = OfferedSlot.objects.for_session(session).select_related("edition", "room")
    rows = list(offers.order_by("day", "since", "pk")[:MOST_SHOWN])
    stands, is_placed = Slot.of(session), session.status in PLACED
    plan = Plan(session.edition, around=[session], whole=True)
    found = []
    for offer in rows:
        slot = slot_of(session, offer)
        slot.put(session)
        session.room = offer.room
        clashes = list(plan.of(session))
        if too_short := why_too_short(session, offer):
            clashes.insert(0, too_short)
        found.append(
            Choice(
                offer,
                session.time_text(),
                discreet(one for one in clashes if one.is_hard),
                discreet(one for one in clashes if not one.is_hard),
                is_placed
                and (slot.start, slot.room_id) == (stands.start, stands.room_id),
            )
        )
    return found
