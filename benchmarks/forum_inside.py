"""Measured inside one process: the agenda page with a full programme; figures as JSON.

The sessions are made in a transaction that is rolled back; the database stays as it is.
"""

import datetime
import json
import random
import sys
from typing import Any

import django

django.setup()

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.reading import read
from forum.agenda.releasing import release_agenda
from forum.base.workflow import DESK
from forum.edition import models as edition_models
from forum.room import models as room_models
from forum.session import models as session_models

SESSIONS, ROOMS, DAYS = 250, 15, 5
WORDS = (
    "digital cooperation villages connectivity trust skills climate gender youth finance health"
    " learning farming languages data governance cities islands older persons accessibility"
    " capacity partnerships media ethics emergency regional commerce employment science"
)
PAGES = {
    "day view": "agenda/",
    "day view by room": "agenda/?day=2027-07-05&view=rooms",
    "day=2027-07-06": "agenda/?day=2027-07-06",
    "action_line=C5": "agenda/?action_line=C5",
    "q=cooperation": "agenda/?q=cooperation",
    "tz=Asia/Tokyo": "agenda/?tz=Asia/Tokyo",
    "whole agenda": "agenda/all/",
    "calendar of the edition": "agenda.ics",
    "schedule.xml": "schedule.xml",
}


def words(seed: int, count: int) -> str:
    """Words that differ from session to session, so that the page packs like a real one."""
    return " ".join(random.Random(seed).choices(WORDS.split(), k=count)).capitalize()  # noqa: S311


def programme() -> edition_models.Edition:
    """An edition as full as a Forum's: fifteen rooms, five days, ten slots a day."""
    first = datetime.date(2027, 7, 5)
    edition = edition_models.Edition.objects.create(
        slug="bench",
        title="Bench",
        first_year=2027,
        last_year=2027,
        start_date=first,
        end_date=first + datetime.timedelta(days=DAYS - 1),
    )
    rooms = [
        room_models.Room.objects.create(
            edition=edition, name=f"Bench {number}", building="Bench"
        )
        for number in range(ROOMS)
    ]
    for number in range(SESSIONS):
        slot, room = divmod(number, ROOMS)
        day, hour = divmod(slot, 4)
        start = datetime.datetime.combine(
            first + datetime.timedelta(days=day),
            datetime.time(9 + 2 * hour),
            edition.zone,
        )
        session = session_models.Session.objects.create(
            edition=edition,
            title=words(number, 7),
            room=rooms[room],
            start=start,
            end=start + datetime.timedelta(minutes=90),
            mode="both",
            description=words(number, 60),
        )
        session.action_lines.set(["C1", "C5"])
        session.sdgs.set(["9", "17"])
        session_models.Organizer.objects.create(session=session, name=words(number, 4))
        session.move("schedule", DESK)
    release_agenda(edition, None, "Bench")
    return edition


def measure(rounds: int) -> list[dict[str, Any]]:
    settings.LIMITS = settings.LIMITS | {"search": (10**6, 60)}
    with transaction.atomic():
        edition = programme()
        client = Client(SERVER_NAME="localhost")
        found = []
        for name, rest in PAGES.items():
            address = f"/en/forum/{edition.slug}/{rest}"
            page = read(client, address, rounds, CaptureQueriesContext(connection))
            found.append(page | {"name": name})
        transaction.set_rollback(True)
    return found


if __name__ == "__main__":
    json.dump(measure(int(sys.argv[1])), sys.stdout)
