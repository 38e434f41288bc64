"""`python -m benchmarks.roadmap`: the time line with 3 x 200 milestones, 95 of 100 requests within.

Runs in a transaction of the configured database that is undone at the end.
"""

import os
import statistics
import time

import django

from benchmarks.__main__ import prepare
from wsis_portal import embedded


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wsis_portal.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    with embedded.stores_for("bench", embedded.var_folder()):
        prepare(dict(os.environ), pages=False)
        django.setup()
        measure()


def measure(requests: int = 30) -> None:
    from django.db import transaction  # noqa: PLC0415  (settings come first)
    from django.test import Client  # noqa: PLC0415

    with transaction.atomic():
        fill()
        client, times = Client(headers={"host": "localhost"}), []
        for _number in range(requests):
            began = time.perf_counter()
            answer = client.get("/en/roadmap/")
            times.append((time.perf_counter() - began) * 1000)
        transaction.set_rollback(True)
    p95 = statistics.quantiles(times, n=20)[-1]
    print(f"time line, 3 × 200: p50 {statistics.median(times):.0f} ms, p95 {p95:.0f} ms,"
          f" {len(answer.content) / 1024:.0f} KB before compression")  # fmt: skip


def fill() -> None:
    from roadmap.models import Body, Milestone, Roadmap  # noqa: PLC0415

    body, _new = Body.objects.get_or_create(
        code="BENCH", defaults={"short": "Bench", "name": "Bench", "source": "benchmark"}
    )
    for lane in range(3):
        roadmap, _new = Roadmap.objects.get_or_create(
            code=f"BENCH-{lane}",
            defaults={"short": f"Bench {lane}", "name": f"Bench {lane}", "source": "benchmark"},
        )
        for number in range(200):
            Milestone.objects.create(
                roadmap=roadmap, title=f"Milestone {number} of lane {lane}", kind="event",
                body=body, start=f"20{20 + number % 10}-{number % 12 + 1:02}", source="benchmark",
                status="published",
            )  # fmt: skip


if __name__ == "__main__":
    main()
