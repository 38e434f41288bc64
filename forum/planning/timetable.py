"""What the page of the timetable shows: a day as a grid, what is not placed, what changed last."""

import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.functional import cached_property

from common.text.digits import whole_number
from forum.planning.clashes import Plan
from forum.planning.forms import USUAL_MINUTES
from forum.planning.grid import STEP, STEPS, Card, Grid
from forum.planning.models import PlanChange
from forum.planning.planner import NAMED, NOT_PLACED, Planner
from forum.planning.slots import Slot
from forum.room.models import Room, room_text
from forum.session.models import Session

NEWS = 8  # last changes that are shown
LONGEST_SEARCH = 100


class News(NamedTuple):
    """One session that somebody moved."""

    pk: int
    at: datetime.datetime
    by: Any
    title: str
    where: str  # "" when it was taken off
    is_undone: bool
    more: int = 0  # sessions of the same act that are not named


class Timetable:
    def __init__(self, planner: Planner, data: QueryDict) -> None:
        self.planner = planner
        self.edition = planner.edition
        self.days = self.edition.days
        self.day = self._day(data.get("day", ""))
        step = whole_number(data.get("step", "")) or STEP
        self.step = step if step in STEPS else STEP
        self.query = data.get("q", "")[:LONGEST_SEARCH].replace("\0", "")

    def _day(self, text: str) -> datetime.date | None:
        """The day of the address, else the first one."""
        by_name = {day.isoformat(): day for day in self.days}
        return by_name.get(text) or next(iter(self.days), None)

    @cached_property
    def plan(self) -> Plan:
        return Plan(self.edition, day=self.day)

    def context(self) -> dict[str, Any]:
        changes = PlanChange.objects.of_planner(self.edition, self.planner.user)
        cards = [
            Card(session, self.planner.may_move(session), self.plan.of(session))
            for session in self.plan.sessions
            if session.day == self.day
        ]
        return {
            "edition": self.edition,
            "planner": self.planner,
            "days": self._days_with_numbers(),
            "day": self.day,
            "step": self.step,
            "steps": STEPS,
            "query": self.query,
            "grid": self._grid(cards),
            "aside": self._aside(),
            "hard": sum(card.hard for card in cards),
            "soft": sum(card.soft for card in cards),
            "news": self.news(),
            "can_undo": changes.next_undo() is not None,
            "can_redo": changes.next_redo() is not None,
            "usual_minutes": USUAL_MINUTES,
        }

    def _grid(self, cards: list[Card]) -> Grid | None:
        if self.day is None:
            return None
        return Grid(self.plan, self.day, self.step, cards)

    def _days_with_numbers(self) -> list[tuple[datetime.date, int]]:
        """The days, each with the number of sessions that are placed on it."""
        rows = Session.objects.of_edition(self.edition).placed().order_by("day")
        numbers = dict(rows.values_list("day").annotate(Count("pk")))
        return [(day, numbers.get(day, 0)) for day in self.days]

    def _aside(self) -> list[Card]:
        """Sessions that are not placed, by title, of those that the search matches."""
        rows = Session.objects.of_edition(self.edition).filter(status__in=NOT_PLACED)
        for word in self.query.split():
            rows = rows.filter(
                Q(title__icontains=word)
                | Q(number__iexact=word)
                | Q(track__code__iexact=word)
                | Q(organizers__name__icontains=word)
            )
        rows = rows.select_related("room", "track").defer(
            "description", "source", "source_note", "words"
        )
        sessions = list(rows.distinct().order_by("title", "pk"))
        for session in sessions:
            session.edition = self.edition
        return [Card(one, self.planner.may_move(one)) for one in sessions]

    def news(self) -> list[News]:
        """The last changes of all planners, newest first."""
        changes = PlanChange.objects.filter(edition=self.edition).select_related("by")
        names = {
            pk: room_text(name, building)
            for pk, name, building in Room.objects.filter(
                edition=self.edition
            ).values_list("pk", "name", "building")
        }
        return [
            self._news(change, row, names)
            for change in changes.order_by("-pk")[:NEWS]
            for row in change.sessions[: NAMED if len(change.sessions) <= NAMED else 1]
        ]

    def _news(
        self, change: PlanChange, row: dict[str, Any], names: dict[int, str]
    ) -> News:
        is_undone = change.state != PlanChange.State.DONE
        slot = Slot.read(row["before" if is_undone else "after"])
        stands = Session(
            edition=self.edition, start=slot.start, end=slot.end
        ).time_text()
        room = names.get(slot.room_id or 0, "")
        where = ", ".join(filter(None, [stands, room])) if slot.is_placed else ""
        more = len(change.sessions) - 1 if len(change.sessions) > NAMED else 0
        return News(
            change.pk, change.at, change.by, row["title"], where, is_undone, more
        )
