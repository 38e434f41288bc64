"""What a worker does for a proposal: read the edition, solve, measure, write. Imported by the task
only, because the solver takes memory that no process of the web should spend."""

from collections.abc import Callable
from itertools import combinations
from time import monotonic
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from common.jobs.models import LeaseLostError
from forum.planning.clashes import Clash, Plan
from forum.planning.planner import Planner
from forum.planning.slots import Slot
from forum.suggestion.draft import parallel
from forum.suggestion.models import Suggestion
from forum.suggestion.planning import Found, propose, repair
from forum.suggestion.problem import Spot
from forum.suggestion.reading import Reading
from forum.suggestion.wishes import VARIANTS

REPAIR = "repair"
TOLD_EVERY = 2.0  # seconds
# Soft clashes that a repair mends; planners may have accepted the others.
MENDED = ("availability", "walk", "teams", "units", "namesake")


def work_at(pk: int) -> str:
    """One worker's turn; "over" when there is nothing to do."""
    job = Suggestion.objects.acquire(pk)
    if job is None:
        return "over"
    try:
        language = job.by.language if job.by else settings.LANGUAGE_CODE
        with translation.override(language):
            return do(job)
    except LeaseLostError:
        return "cancelled"
    except BaseException:
        job.release()
        raise


def do(job: Suggestion) -> str:
    if job.by is None or not job.edition.days:
        job.fail(gettext("Enter the first and the last day of the edition first."))
        return "refused"
    is_repair = job.kind == Suggestion.Kind.REPAIR
    planner = Planner(job.edition, job.by)
    reading = Reading(planner, job.since, job.until, job.grid, is_repair=is_repair)
    if not reading.problem.talks:
        job.fail(gettext("There is no session to place or to move."))
        return "refused"
    names = (REPAIR,) if is_repair else VARIANTS
    variants = []
    for number, name in enumerate(names):
        watch = watched(job, 100 * number // len(names), name)
        if is_repair:
            found = repair(reading.problem, watch)
        else:
            found = propose(reading.problem, reading.wish(name), watch)
        variants.append(Written(reading, name, found).row())
    stood = {str(pk): session.version for pk, session in reading.sessions.items()}
    job.finish(variants=variants, stood=stood, unknown_zones=reading.unknown)
    return "done"


def watched(job: Suggestion, percent: int, name: str) -> Callable[[], bool]:
    """Renews the lease now and then. Raises LeaseLostError when somebody has cancelled."""
    told = [0.0]

    def watch() -> bool:
        if monotonic() - told[0] > TOLD_EVERY:
            told[0] = monotonic()
            job.advance(percent, name)
        return True

    return watch


class Written:
    """One variant as the page shows it: what moves and why, what has no place and why not, and its
    measures."""

    def __init__(self, reading: Reading, name: str, found: Found) -> None:
        self.reading, self.name, self.found = reading, name, found
        self.before = {pk: Slot.of(session) for pk, session in reading.sessions.items()}
        talks = reading.problem.talks
        self.after = {
            talk.pk: reading.slot(talk.pk, found.spots[talk.pk])
            for talk in talks
            if talk.pk in found.spots and found.spots[talk.pk] != talk.at
        }
        self.unplaced = [talk.pk for talk in talks if talk.pk not in found.spots]

    def row(self) -> dict[str, Any]:
        why = self._why()  # before the sessions are moved in memory
        for pk in self.unplaced:
            if self.before[pk].is_placed:
                self.after[pk] = self.before[pk]._replace(is_placed=False)
        moves = [self._move(pk, slot, why) for pk, slot in self.after.items()]
        moves.sort(key=lambda row: (row["after"]["start"] or "", row["title"]))
        spots = self._all_spots()
        measures = self._measures(spots)
        return {
            "name": self.name,
            "total": len(self.reading.problem.talks),
            "placed": len(self.found.spots),
            "is_proved": self.found.is_proved,
            "moves": moves,
            "unplaced": [self._unplaced(pk) for pk in self.unplaced],
            **self._clashes(),
            **measures,
        }

    def _move(self, pk: int, slot: Slot, why: dict[int, list[str]]) -> dict[str, Any]:
        reason = self.found.reasons.get(pk)
        return {
            "session": pk,
            "title": self.reading.sessions[pk].title,
            "before": self.before[pk].written(),
            "after": slot.written(),
            "rooms": reason.rooms if reason else 0,
            "slots": reason.slots if reason else 0,
            "why": why.get(pk, []),
        }

    def _unplaced(self, pk: int) -> dict[str, Any]:
        names = self.reading.names
        return {
            "session": pk,
            "title": self.reading.sessions[pk].title,
            "blocked": [
                {
                    "kind": "namesake" if kind == "person" and about < 0 else kind,
                    "id": about,
                    "name": names.get((source_of(kind), about), ""),
                }
                for kind, about in self.found.blocked.get(pk, [])
            ],
        }

    def _why(self) -> dict[int, list[str]]:
        """What speaks against the places where the sessions of a repair stand now."""
        if not self.reading.is_repair:
            return {}
        plan = Plan(self.reading.edition)
        return {
            session.pk: [one.sentence for one in plan.of(session) if is_mended(one)][:3]
            for session in plan.sessions
            if session.pk in self.after or session.pk in self.unplaced
        }

    def _clashes(self) -> dict[str, int]:
        """Counted by the timetable itself, as if the variant was accepted."""
        moved = []
        for pk, slot in self.after.items():
            if slot.is_placed:
                session = self.reading.sessions[pk]
                slot.put(session)
                session.room = self.reading.rooms.get(slot.room_id or 0)
                moved.append(session)
        plan = Plan(self.reading.edition, around=moved, whole=True)
        taken_off = set(self.unplaced)
        clashes = [
            clash
            for session in plan.sessions
            if session.pk not in taken_off
            for clash in plan.of(session)
            if clash.other not in taken_off
        ]
        for session in moved:  # the next variant begins where this one began
            self.before[session.pk].put(session)
            session.room = self.reading.rooms.get(session.room_id or 0)
        hard = sum(clash.is_hard for clash in clashes)
        return {"hard": hard, "soft": len(clashes) - hard}

    def _all_spots(self) -> dict[int, Spot]:
        fixed = {
            talk.pk: talk.at
            for talk in self.reading.problem.fixed
            if talk.at is not None
        }
        return fixed | self.found.spots

    def _measures(self, spots: dict[int, Spot]) -> dict[str, Any]:
        """Sessions of one track at the same time, rooms that each track uses on average, and the
        burden of nights by region, all of the whole timetable."""
        problem = self.reading.problem
        of_track: dict[str, list[int]] = {}
        for pk in spots:
            if group := problem.of_talk[pk].group:
                of_track.setdefault(group, []).append(pk)
        rooms = [
            len({spots[pk].room for pk in pks if spots[pk].room})
            for pks in of_track.values()
        ]
        spans = [
            (
                self.reading.moment(spot.start),
                self.reading.moment(spot.start + problem.of_talk[pk].minutes),
            )
            for pk, spot in spots.items()
            if problem.of_talk[pk].followed
        ]
        return {
            "parallel": sum(
                parallel(problem, spots, one, other)
                for pks in of_track.values()
                for one, other in combinations(pks, 2)
            ),
            "rooms": round(sum(rooms) / len(rooms), 1) if rooms else 0,
            "nights": self.reading.nights.burden(spans),
        }


def is_mended(clash: Clash) -> bool:
    return clash.is_hard or clash.kind in MENDED


def source_of(kind: str) -> str:
    """Under which kind of name something is known."""
    if kind in ("person", "available"):
        return "person"
    return kind if kind in ("hours", "break") else "session"
