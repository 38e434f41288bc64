"""Measured inside one process: three variants of a plan that is known to exist, a repair after a
room is closed for a day, and one whole proposal from the database to its page; figures as JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import django

django.setup()

from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.user.models import User
from benchmarks.known_plan import known_plan
from benchmarks.planning_inside import edition_to_plan, officer
from benchmarks.reading import read
from forum.planning.planner import Planner
from forum.suggestion.models import Suggestion
from forum.suggestion.planning import Found, moves, propose, repair
from forum.suggestion.problem import Problem
from forum.suggestion.wishes import Wish, heaviest
from forum.suggestion.work import work_at

SESSIONS, DAYS = 250, 5
MORNING = 9 * 60


def timed(name: str, work: Callable[[], Any]) -> tuple[dict[str, Any], Any]:
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        result = work()
    passed = (time.perf_counter() - began) * 1000
    row = {"p50_ms": passed, "p95_ms": passed, "queries": len(asked), "bytes": 0}
    return row | {"name": name}, result


def wishes(problem: Problem) -> list[tuple[str, Wish]]:
    pairs = {
        (one.pk, other.pk): 2
        for one, other in combinations(problem.talks, 2)
        if one.group == other.group
    }
    late = Wish(start=lambda talk, start: abs(start % 1440 - MORNING) // 10)
    return [
        ("parallel", Wish(pairs=heaviest(pairs))),
        ("rooms", Wish(same_room=50)),
        ("early", late),
    ]


def solved() -> list[dict[str, Any]]:
    problem, spots = known_plan(1, SESSIONS, DAYS)
    rows = []
    for name, wish in wishes(problem):
        row, found = timed(name, lambda wish=wish: propose(problem, wish))
        rows.append(row | {"name": f"{name}: {len(found.spots)} of {SESSIONS}"})
    standing = tuple(replace(one, at=spots[one.pk]) for one in problem.talks)
    room = problem.places[10]
    closed = replace(room, blocked=(*room.blocked, (0, 1440, 99)))
    places = tuple(closed if one.pk == room.pk else one for one in problem.places)
    broken = replace(problem, talks=standing, places=places)
    least = sum(
        one.at is not None and one.at.room == room.pk and one.at.start < 1440
        for one in standing
    )
    row, found = timed("repair", lambda: repair(broken))
    told: Found = found
    rows.append(
        row | {"name": f"repair: {moves(broken, told.spots)} moves, least {least}"}
    )
    return rows


def measure(rounds: int) -> list[dict[str, Any]]:
    settings.REQUIRE_STAFF_MFA = False
    with transaction.atomic():
        edition, client = edition_to_plan(), officer()
        user = client.session["_auth_user_id"]
        planner = Planner(edition, User.objects.get(pk=user))
        job = Suggestion(edition=edition, by=planner.user, kind="propose").begin()
        whole, _said = timed("three variants in the worker", lambda: work_at(job.pk))
        job.refresh_from_db()
        placed = [len(one["moves"]) for one in job.variants]
        accepted, _result = timed("accepted", lambda: job.accept("rooms", planner))
        address = f"/en{job.get_absolute_url().removeprefix('/en')}"
        page = read(client, address, rounds + 4, CaptureQueriesContext(connection))
        transaction.set_rollback(True)
    return [
        *solved(),
        whole | {"name": f"{whole['name']}: {placed}"},
        accepted,
        page | {"name": "page"},
    ]


if __name__ == "__main__":
    json.dump(measure(int(sys.argv[1])), sys.stdout)
