"""Measured inside one process: a planner places every session of a Forum, moves some, and reads
the timetable; figures as JSON. All in a transaction that is rolled back.

The planner tries slots at random until one is accepted, as somebody does who does not look: most
answers are refusals, which name their clashes. Time to think is not in the figures.
"""

import datetime
import json
import random
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.role.roles import Role as AccountRole
from accounts.user import models as user_models
from benchmarks.forum_inside import DAYS, ROOMS, SESSIONS, words
from benchmarks.reading import read
from forum.edition import models as edition_models
from forum.people import models as people_models
from forum.planning.clashes import Plan
from forum.room import models as room_models
from forum.room import times as room_times
from forum.session import models as session_models

SPEAKERS, IN_ONE = 600, 4
TIMES = ("09:00", "10:00", "11:00", "14:00", "15:00", "16:00", "17:00")
TRIES = 60


def edition_to_plan() -> edition_models.Edition:
    """Nothing placed yet: two buildings, hours, lunch, four speakers a session."""
    first = datetime.date(2027, 7, 5)
    edition = edition_models.Edition.objects.create(
        slug="bench",
        title="Bench",
        first_year=2027,
        last_year=2027,
        start_date=first,
        end_date=first + datetime.timedelta(days=DAYS - 1),
        interpretation_teams=4,
    )
    for number in range(ROOMS):
        room = room_models.Room.objects.create(
            edition=edition,
            name=f"Bench {number}",
            building=f"Building {number % 2}",
            capacity=50 + 20 * number,
            booths=number % 7,
        )
        room_times.RoomHours.objects.create(
            room=room, since=datetime.time(8), until=datetime.time(20)
        )
    room_times.Walk.objects.create(
        edition=edition, one="Building 0", other="Building 1", minutes=10
    )
    room_times.BlockedTime.objects.create(
        edition=edition,
        title="Lunch",
        since=datetime.time(12, 30),
        until=datetime.time(13, 30),
    )
    chance = random.Random(1)  # noqa: S311
    people = [
        people_models.Person.objects.create(name=f"Speaker {number}")
        for number in range(SPEAKERS)
    ]
    for number in range(SESSIONS):
        session = session_models.Session.objects.create(
            edition=edition,
            title=words(number, 7),
            mode="both",
            seats_wanted=chance.randrange(20, 200),
            interpretation=chance.choice([[], [], ["fr"], ["fr", "ar", "es"]]),
        )
        people_models.Participation.objects.bulk_create(
            people_models.Participation(session=session, person=one, role="panellist")
            for one in chance.sample(people, IN_ONE)
        )
    return edition


class Clerk:
    """Sends moves, and keeps how long each answer took and how many queries it asked."""

    def __init__(self, client: Client, edition: edition_models.Edition) -> None:
        self.client, self.edition = client, edition
        self.rooms = list(edition.rooms.all())
        self.chance = random.Random(2)  # noqa: S311
        self.times: list[float] = []
        self.queries = 0

    def try_slot(self, session: session_models.Session) -> bool:
        address = f"/en/forum/{self.edition.slug}/plan/{session.pk}/"
        session.refresh_from_db(fields=["version"])
        data = {
            "act": "place",
            "version": session.version,
            "day": self.chance.choice(self.edition.days).isoformat(),
            "time": self.chance.choice(TIMES),
            "minutes": self.chance.choice([45, 60]),
            "room": self.chance.choice(self.rooms).pk,
        }
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            answer = self.client.post(
                address, data, headers={"accept": "application/json"}
            )
        self.times.append((time.perf_counter() - began) * 1000)
        self.queries = max(self.queries, len(asked))
        if answer.status_code not in (200, 409):
            raise SystemExit(f"{address}: {answer.status_code}")
        return answer.status_code == 200

    def place(self, session: session_models.Session) -> bool:
        return any(self.try_slot(session) for _try in range(TRIES))

    def figures(self, name: str) -> dict[str, Any]:
        times = sorted(self.times)
        return {
            "name": f"{name} ({len(times)})",
            "p50_ms": times[len(times) // 2],
            "p95_ms": times[int(len(times) * 0.95)],
            "queries": self.queries,
            "bytes": 0,
        }


def officer() -> Client:
    user = user_models.User.objects.create_user("bench@example.org", password=None)
    user.grant(AccountRole.SECRETARIAT)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def measure(rounds: int) -> list[dict[str, Any]]:
    settings.REQUIRE_STAFF_MFA = False
    with transaction.atomic():
        edition, client = edition_to_plan(), officer()
        clerk = Clerk(client, edition)
        sessions = list(edition.sessions.all())
        placed = sum(clerk.place(session) for session in sessions)
        found = [clerk.figures(f"placed {placed} of {SESSIONS}: answers")]
        hard = [
            clash
            for _one, rows in Plan(edition).all()
            for clash in rows
            if clash.is_hard
        ]
        if hard:
            raise SystemExit(f"{len(hard)} hard clashes")
        counting: Callable[[], Any] = lambda: CaptureQueriesContext(connection)  # noqa: E731
        address = f"/en/forum/{edition.slug}/plan/"
        for name, query in (("day", ""), ("day in steps of 5", "?step=5")):
            page = read(client, address + query, rounds, counting())
            found.append(page | {"name": name})
        page = read(client, f"{address}clashes/", rounds, counting())
        found.append(page | {"name": "all clashes"})
        transaction.set_rollback(True)
    return found


if __name__ == "__main__":
    json.dump(measure(int(sys.argv[1])), sys.stdout)
