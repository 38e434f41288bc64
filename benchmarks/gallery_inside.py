"""Measured inside one process: gallery and ballot of an open vote; figures as JSON.

The contest has 945 entries, of which 360 are nominees; a voter has begun the ballot. It is made in
a transaction that is rolled back; the database stays as it is.
"""

import json
import sys
from typing import Any

import django

django.setup()

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.user.models import User
from benchmarks.assigning import ENTRIES
from benchmarks.prizes import first_member, make_contest
from benchmarks.reading import analyze, read
from prizes.ballot.models import cast
from prizes.entry.models import Entry
from stocktaking.project.models import Project


def add_the_rest(contest: Any) -> None:
    """The entries that the experts did not nominate."""
    categories = list(contest.categories.all())
    missing = ENTRIES - Entry.objects.filter(contest=contest).count()
    Entry.objects.bulk_create(
        Entry(
            contest=contest,
            category=categories[number % len(categories)],
            project=project,
            title=project.title,
            organization_name=project.organization_name,
            description=project.summary,
            exclusive=False,
            status="not_nominated",
        )
        for number, project in enumerate(Project.objects.order_by("-pk")[:missing])
    )


def voter(contest: Any, nominees: dict[str, list[int]]) -> Client:
    """A browser of somebody who has voted in half of the categories."""
    first_member()
    person = User.objects.get(email="voter1@bench.example")
    for code in sorted(nominees)[::2]:
        cast(Entry.objects.get(pk=nominees[code][0]), person)
    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    return client


def measure(rounds: int) -> list[dict[str, Any]]:
    with transaction.atomic():
        contest, nominees = make_contest()
        add_the_rest(contest)
        signed_in = voter(contest, nominees)
        analyze(connection)
        base = f"prizes/{contest.slug}/"
        pages = [
            f"/en/{base}",
            f"/en/{base}C1/",
            f"/ar/{base}C1/",
            f"/en/{base}C1/?q=development",
            f"/en/{base}entries/{nominees['C1'][0]}/",
        ]
        client = Client(SERVER_NAME="localhost")
        found = []
        for page in pages:
            client.get(page)
            found.append(read(client, page, rounds, CaptureQueriesContext(connection)))
        for page in ("ballot/C1/", "ballot/", "ballot/mine/"):
            address = f"/en/{base}{page}"
            found.append(
                read(signed_in, address, rounds, CaptureQueriesContext(connection))
            )
        transaction.set_rollback(True)
    return found


if __name__ == "__main__":
    json.dump(measure(int(sys.argv[1])), sys.stdout)
