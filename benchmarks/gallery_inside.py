"""Measured inside one process: the gallery of nominees of an open vote; figures as JSON.

The contest is made in a transaction that is rolled back; the database stays as it is.
"""

import json
import sys
from typing import Any

import django

django.setup()

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.prizes import make_contest
from benchmarks.reading import read


def measure(rounds: int) -> list[dict[str, Any]]:
    with transaction.atomic():
        contest, nominees = make_contest()
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
        transaction.set_rollback(True)
    return found


if __name__ == "__main__":
    json.dump(measure(int(sys.argv[1])), sys.stdout)
