"""Where a session stands in the timetable, as a value that can be kept and put back."""

import datetime
from typing import Any, NamedTuple

from forum.session.description import Precision
from forum.session.models import Session
from forum.session.workflow import PLACED


class Slot(NamedTuple):
    """`is_placed`: it holds its room and its people; else it waits at the side of the timetable,
    perhaps with a time and a room that somebody proposed."""

    is_placed: bool
    start: datetime.datetime | None
    end: datetime.datetime | None
    room_id: int | None
    day: datetime.date | None
    precision: str

    @classmethod
    def of(cls, session: Session) -> "Slot":
        return cls(
            session.status in PLACED,
            session.start,
            session.end,
            session.room_id,
            session.day,
            session.precision,
        )

    @classmethod
    def at(
        cls, start: datetime.datetime, minutes: int, room_id: int | None, zone: Any
    ) -> "Slot":
        """Placed at this time in this room; the length is that of the clock of UTC, so that a
        change of clocks makes no session longer."""
        begin = start.astimezone(datetime.UTC)
        end = begin + datetime.timedelta(minutes=minutes)
        day = start.astimezone(zone).date()
        return cls(True, begin, end, room_id, day, Precision.TIME)

    @classmethod
    def read(cls, row: dict[str, Any]) -> "Slot":
        """From the log."""
        start, end = (
            datetime.datetime.fromisoformat(row[name]) if row[name] else None
            for name in ("start", "end")
        )
        day = datetime.date.fromisoformat(row["day"]) if row["day"] else None
        return cls(row["is_placed"], start, end, row["room_id"], day, row["precision"])

    def written(self) -> dict[str, Any]:
        """For the log."""
        return {
            name: value.isoformat() if isinstance(value, datetime.date) else value
            for name, value in self._asdict().items()
        }

    def put(self, session: Session) -> None:
        """Give the session this slot, in memory; moves of the table change its status."""
        session.start, session.end = self.start, self.end
        session.day, session.precision = self.day, self.precision
        session.room_id = self.room_id
