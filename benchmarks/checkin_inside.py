"""Measured inside one process: 3,000 people check in one by one, then again in lists as a device
sends them that had no network, and the list that a device gets; figures as JSON. All in a
transaction that is rolled back."""

import datetime
import json
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.user import models as user_models
from benchmarks.planning_inside import officer
from benchmarks.reading import read
from forum.badge import models as badge_models
from forum.checkin import models as checkin_models
from forum.edition import models as edition_models
from forum.registration import models as registration_models

PEOPLE, ONE_BY_ONE, IN_A_LIST = 3000, 500, 100
WANTED = 50  # check-ins a second, through one process


def edition_of_people() -> edition_models.Edition:
    first = datetime.date(2027, 7, 5)
    edition = edition_models.Edition.objects.create(
        slug="bench",
        title="Bench",
        first_year=2027,
        last_year=2027,
        start_date=first,
        end_date=first + datetime.timedelta(days=4),
    )
    people = user_models.User.objects.bulk_create(
        user_models.User(email=f"bench{number}@example.org") for number in range(PEOPLE)
    )
    registration_models.Registration.objects.bulk_create(
        registration_models.Registration(
            edition=edition,
            user=user,
            attendance="on_site",
            name=f"Participant {number}",
            status="approved",
        )
        for number, user in enumerate(people)
    )
    badge_models.Badge.objects.issue_all(edition)
    return edition


def message(badges: list[badge_models.Badge]) -> str:
    now = timezone.now().isoformat()
    acts = [
        {"id": str(uuid.uuid4()), "act": "in", "badge": one.digest, "at": now}
        for one in badges
    ]
    return json.dumps({"device": "bench", "sent_at": now, "acts": acts})


def measure(rounds: int) -> list[dict[str, Any]]:
    settings.REQUIRE_STAFF_MFA = False
    with transaction.atomic():
        edition, client = edition_of_people(), officer()
        badges = list(badge_models.Badge.objects.of_edition(edition).order_by("pk"))
        found = [
            sending(client, edition, badges[:ONE_BY_ONE], 1),
            sending(client, edition, badges[ONE_BY_ONE:], IN_A_LIST),
        ]
        arrivals = checkin_models.CheckIn.objects.of_edition(edition).arrivals()
        if arrivals.count() != PEOPLE:
            raise SystemExit(f"{arrivals.count()} of {PEOPLE} arrived")
        counting: Callable[[], Any] = lambda: CaptureQueriesContext(connection)  # noqa: E731
        for name in ("list/", ""):
            address = f"/en/forum/{edition.slug}/check-in/{name}"
            page = read(client, address, min(rounds, 10), counting())
            found.append(page | {"name": f"check-in/{name}"})
        transaction.set_rollback(True)
    return found


def sending(client: Any, edition: Any, badges: list[Any], size: int) -> dict[str, Any]:
    """So many badges in each message; the name says how many check-ins a second that were."""
    address = f"/en/forum/{edition.slug}/check-in/merge/"
    with CaptureQueriesContext(connection) as asked:
        again = message(badges[:size])  # whoever arrives twice is in the log twice
        client.post(address, again, content_type="application/json")
    queries, times = len(asked), []
    for start in range(0, len(badges), size):
        body = message(badges[start : start + size])
        began = time.perf_counter()
        answer = client.post(address, body, content_type="application/json")
        times.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
    rate = len(badges) / sum(times) * 1000
    if rate < WANTED:
        print(f"{rate:.0f} check-ins a second, not {WANTED}", file=sys.stderr)
    ordered = sorted(times)
    return {
        "name": f"{size} in a message: {rate:.0f} a second",
        "p50_ms": ordered[len(ordered) // 2],
        "p95_ms": ordered[int(len(ordered) * 0.95)],
        "queries": queries,
        "bytes": len(answer.content),
    }


if __name__ == "__main__":
    json.dump(measure(int(sys.argv[1])), sys.stdout)
