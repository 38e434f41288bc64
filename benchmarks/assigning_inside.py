"""Measured inside one process: all entries of a contest are given to the experts of its panels,
and the control room is read; figures as JSON. All in a transaction that is rolled back.

Every third panel has an expert of the next one too; one pair in ten is in a conflict of interest.
"""

import datetime
import json
import random
import sys
import time
from typing import Any

import django

django.setup()

from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.user.models import User
from benchmarks.assigning import ENTRIES, EXPERTS
from benchmarks.planning_inside import officer
from benchmarks.reading import analyze, read
from prizes.base.conflicts import kinds_of_conflicts
from prizes.contest.loading import make_categories
from prizes.contest.models import Contest, Phase
from prizes.entry.models import Entry
from prizes.panel.assigning import assign
from prizes.panel.decision import Assignment
from prizes.panel.models import Conflict, Panel, PanelMember
from stocktaking.project.models import Project

CHANCE = random.Random(14)  # noqa: S311  (believable, not secret)


def contest_to_review() -> Contest:
    contest = Contest.objects.create(
        slug="bench-panels", year=2026, title="Bench", is_demonstration=True
    )
    make_categories(contest)
    now, day = timezone.now(), datetime.timedelta(days=1)
    Phase.objects.create(
        contest=contest, kind="nomination", opens_at=now - day, closes_at=now + day
    )
    categories = list(contest.categories.all())
    entries = Entry.objects.bulk_create(
        Entry(
            contest=contest,
            category=categories[number % len(categories)],
            project=project,
            owner=project.owner,
            title=project.title,
            organization_name=project.organization_name,
            exclusive=False,
            status="accepted",
        )
        for number, project in enumerate(Project.objects.order_by("pk")[:ENTRIES])
    )
    panels = Panel.objects.bulk_create(
        Panel(category=category, load_cap=100) for category in categories
    )
    people = User.objects.bulk_create(
        User(email=f"expert{number}@panel{number}.example")
        for number in range(len(panels) * EXPERTS)
    )
    seats = [
        PanelMember(panel=panel, expert=person)
        for place, panel in enumerate(panels)
        for person in people[place * EXPERTS : (place + 1) * EXPERTS + (place % 3 == 0)]
    ]
    PanelMember.objects.bulk_create(seats)
    by_panel = {panel.category_id: panel.pk for panel in panels}
    Conflict.objects.bulk_create(
        Conflict(entry=entry, expert=seat.expert, reason="Bench")
        for entry in entries
        for seat in seats
        if seat.panel_id == by_panel[entry.category_id] and CHANCE.random() < 0.1
    )
    return contest


def measure(rounds: int) -> list[dict[str, Any]]:
    with transaction.atomic():
        contest = contest_to_review()
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            shared = assign(contest)
        passed = (time.perf_counter() - began) * 1000
        rows = list(Assignment.objects.values_list("entry", "expert"))
        loads: dict[int, int] = {}
        for _entry, person in rows:
            loads[person] = loads.get(person, 0) + 1
        barred = kinds_of_conflicts(loads)
        if shared.short or any(pair in barred for pair in rows):
            raise SystemExit(
                "an entry lacks an expert, or has one who may not review it"
            )
        name = f"{len(rows)} given, {min(loads.values())} to {max(loads.values())} each"
        figures = [
            {
                "name": name,
                "p50_ms": passed,
                "p95_ms": passed,
                "queries": len(asked),
                "bytes": 0,
            }
        ]
        analyze(connection)
        settings.REQUIRE_STAFF_MFA = False
        client = officer()
        for language in ("en", "ar"):
            page = f"/{language}/admin/prizes/contest/{contest.pk}/panels/"
            figures.append(
                read(client, page, rounds, CaptureQueriesContext(connection))
            )
        transaction.set_rollback(True)
    return figures


if __name__ == "__main__":
    json.dump(measure(int(sys.argv[1])), sys.stdout)
