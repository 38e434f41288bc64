"""Measured inside one process: the time line with three full lanes; figures as JSON.

The milestones are made in a transaction that is rolled back; the database stays as it is.
"""

import json
import sys
from typing import Any

import django

django.setup()

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.forum_inside import words
from benchmarks.reading import read
from roadmap.body.models import Body
from roadmap.milestone.models import Milestone
from roadmap.roadmap.models import Roadmap

LANES, EACH = 3, 200
PAGES = ("/en/roadmap/", "/ar/roadmap/", "/en/roadmap/?year=2025")


def fill() -> None:
    body, _new = Body.objects.get_or_create(
        code="BENCH",
        defaults={"short": "Bench", "name": "Bench", "source": "benchmark"},
    )
    for lane in range(LANES):
        roadmap, _new = Roadmap.objects.get_or_create(
            code=f"BENCH-{lane}",
            defaults={
                "short": f"Bench {lane}",
                "name": f"Bench {lane}",
                "source": "benchmark",
            },
        )
        for number in range(EACH):
            Milestone.objects.create(
                roadmap=roadmap,
                title=words(lane * EACH + number, 8),
                kind="event",
                body=body,
                start=f"20{20 + number % 10}-{number % 12 + 1:02}",
                source="benchmark",
                status="published",
            )


def measure(rounds: int) -> list[dict[str, Any]]:
    with transaction.atomic():
        fill()
        client = Client(SERVER_NAME="localhost")
        found = []
        for page in PAGES:
            client.get(page)
            found.append(read(client, page, rounds, CaptureQueriesContext(connection)))
        transaction.set_rollback(True)
    return found


if __name__ == "__main__":
    json.dump(measure(int(sys.argv[1])), sys.stdout)
