"""The page of a proposal: its variants beside each other, and the moves of one, in words."""

import datetime
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy, ngettext

from forum.edition.models import Edition
from forum.planning.slots import Slot
from forum.room.models import Room, room_text
from forum.session.models import Session
from forum.suggestion.models import Suggestion
from forum.suggestion.nights import burden_of
from reference.country.models import Region

ALL_AT_ONCE = 40  # more moves are shown by day
TITLES = {
    "parallel": gettext_lazy("Least at the same time"),
    "rooms": gettext_lazy("Fewest changes of room"),
    "night": gettext_lazy("Fairest nights"),
    "repair": gettext_lazy("Fewest moves"),
}
ABOUT = {
    "parallel": gettext_lazy(
        "Sessions of one track, of the same action lines, or starred by the same people are at "
        "different times."
    ),
    "rooms": gettext_lazy("The sessions of a track stay in as few rooms as possible."),
    "night": gettext_lazy(
        "Sessions that can be followed remotely avoid the night of those who are registered, and "
        "no region carries it alone."
    ),
    "repair": gettext_lazy("All other sessions stay where they are."),
}
RULES = {
    "session": gettext_lazy("“%(name)s” has to be placed too."),
    "fixed": gettext_lazy("“%(name)s” stays where it is."),
    "person": gettext_lazy("%(name)s cannot be in two sessions at a time."),
    "namesake": gettext_lazy(
        "%(name)s may be one person in two records, and cannot be in two sessions at a time."
    ),
    "available": gettext_lazy("%(name)s can come only at certain hours."),
    "hours": gettext_lazy("“%(name)s” is open only at certain hours."),
    "break": gettext_lazy("“%(name)s” is a break or a blocked time."),
    "seats": gettext_lazy("“%(name)s” wants more seats than some rooms have."),
    "booths": gettext_lazy("“%(name)s” wants more booths than some rooms have."),
    "captions": gettext_lazy("“%(name)s” wants captioning, which some rooms lack."),
    "teams": gettext_lazy("There are only so many interpretation teams."),
    "units": gettext_lazy("There are only so many captioning units."),
    "walk": gettext_lazy("The walk between the buildings takes its time."),
    "day": gettext_lazy("Sessions may be put only into the hours that were entered."),
}


class MoveRow(NamedTuple):
    pk: int
    title: str
    before: str  # "" when it has no place yet
    after: str  # "" when it is taken off
    reasons: list[str]


class Night(NamedTuple):
    region: str
    shares: list[int | None]  # percent; None where nobody of the region is known


class Comparison:
    def __init__(self, suggestion: Suggestion, data: QueryDict) -> None:
        self.suggestion, self.edition = suggestion, suggestion.edition
        self.variants = suggestion.variants
        chosen = suggestion.variant(data.get("variant", ""))
        self.chosen = chosen or next(iter(self.variants), None)
        self.asked_day = data.get("day", "")
        self.edition_before = Edition.objects.last_before(self.edition)

    def context(self) -> dict[str, Any]:
        columns = [
            variant
            | {
                "title": TITLES[variant["name"]],
                "about": ABOUT[variant["name"]],
                "moved": len(variant["moves"]),
            }
            for variant in self.variants
        ]
        return {
            "columns": columns,
            "chosen": next((one for one in columns if one["name"] == self._name), None),
            "nights": self._nights(),
            "edition_before": self.edition_before,
            **self._moves(),
            "unplaced": self._unplaced(),
        }

    @property
    def _name(self) -> str:
        return self.chosen["name"] if self.chosen else ""

    def _nights(self) -> list[Night]:
        """Region → how much of the sessions falls into its night: of each variant, of the timetable
        as it stands, and of the edition before."""
        burdens = [variant["nights"] for variant in self.variants]
        burdens.append(burden_of(self.edition))
        if self.edition_before:
            burdens.append(burden_of(self.edition_before))
        codes = sorted({code for burden in burdens for code in burden})
        names = {one.pk: str(one) for one in Region.objects.filter(pk__in=codes)}
        return [
            Night(names.get(code, ""), [share(one.get(code)) for one in burdens])
            for code in codes
        ]

    def _moves(self) -> dict[str, Any]:
        moves = self.chosen["moves"] if self.chosen else []
        days = sorted({row["after"]["day"] or "" for row in moves})
        day = None
        if len(moves) > ALL_AT_ONCE:
            day = self.asked_day if self.asked_day in days else days[0]
            moves = [row for row in moves if (row["after"]["day"] or "") == day]
        names = {
            room.pk: room_text(room.name, room.building)
            for room in Room.objects.filter(edition=self.edition)
        }
        return {
            "moves": [self._move(row, names) for row in moves],
            "days": [
                (datetime.date.fromisoformat(one), one == day)
                for one in days
                if day is not None and one
            ],
        }

    def _move(self, row: dict[str, Any], names: dict[int, str]) -> MoveRow:
        return MoveRow(
            row["session"],
            row["title"],
            self._where(Slot.read(row["before"]), names),
            self._where(Slot.read(row["after"]), names),
            reason(self._name, row),
        )

    def _where(self, slot: Slot, names: dict[int, str]) -> str:
        if not slot.is_placed:
            return ""
        session = Session(edition=self.edition, start=slot.start, end=slot.end)
        room = names.get(slot.room_id or 0, "")
        return ", ".join(filter(None, [session.time_text(), room]))

    def _unplaced(self) -> list[tuple[dict[str, Any], list[str]]]:
        rows = self.chosen["unplaced"] if self.chosen else []
        return [(row, [rule(one) for one in row["blocked"]]) for row in rows]


def share(burden: Sequence[int] | None) -> int | None:
    """Percent of the minutes that are at night; None without any."""
    night, total = burden or (0, 0)
    return round(100 * night / total) if total else None


def rule(row: dict[str, Any]) -> str:
    """One rule of a blocking set."""
    return str(RULES[row["kind"]]) % {"name": row["name"]}


def reason(variant: str, row: dict[str, Any]) -> list[str]:
    """Why a session is where a variant puts it."""
    if not row["after"]["is_placed"]:
        return [gettext("No place is left for it.")]
    sentences = list(row["why"])
    if variant == "repair" and not sentences:
        sentences.append(gettext("It makes room for another session."))
    if row["slots"] <= 1:
        only = gettext(
            "The only slot in which its people and a suitable room are free."
        )
        return [*sentences, only]
    slots = ngettext(
        "One of %(slots)d slot in which its people and a suitable room are free.",
        "One of %(slots)d slots in which its people and a suitable room are free.",
        row["slots"],
    ) % {"slots": row["slots"]}
    rooms = ngettext(
        "%(rooms)d room has what it needs.",
        "%(rooms)d rooms have what it needs.",
        row["rooms"],
    ) % {"rooms": row["rooms"]}
    return [*sentences, slots, rooms]
