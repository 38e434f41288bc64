"""Measured inside one process: a programme in one sheet is checked, imported as drafts, placed,
released and told; figures as JSON lines. In one transaction that is rolled back.

Bars at factor 1: check and import 10 seconds each, release 5 seconds and 60 queries, all speakers
told or listed.
"""

import csv
import datetime
import io
import json
import os
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.role.roles import Role
from accounts.user.models import User
from benchmarks.preparing import FACTOR
from common.imports.importer import Importer
from common.imports.models import ImportJob
from common.imports.reader import read_rows, read_text
from forum.agenda.releasing import release_agenda
from forum.announcement.mails import tell
from forum.base.workflow import DESK
from forum.edition.models import Edition
from forum.imports.importer import DraftSessionImporter
from forum.people.models import Person
from forum.room.models import Room, SessionType
from forum.session.models import Session

SESSIONS, SPEAKERS, IN_ONE, ROOMS, DAYS = 250, 600, 6, 15, 5
STARTS = ("09:00", "10:30", "14:00", "15:30")
KNOWN = 40  # speakers of whom somebody of the same name is known elsewhere
SECONDS = {"check": 10, "import": 10, "release": 5}
MOST_QUERIES = 60
COLUMNS = [
    "edition",
    "session_no",
    "title",
    "session_type",
    "organizers",
    "date",
    "start",
    "end",
    "action_lines",
    "sdgs",
    "source",
    "room",
    "building",
    "speakers",
]


def name_of(number: int) -> str:
    """Names that are not alike: each word is of one speaker only."""
    return (
        f"Given{number}x{number * 7919 % 1000} Family{number}y{number * 104729 % 1000}"
    )


def sheet() -> bytes:
    """A session a row; nobody is in two sessions at a time."""
    target = io.StringIO()
    table = csv.DictWriter(target, COLUMNS, restval="")
    table.writeheader()
    for number in range(SESSIONS):
        slot = number // ROOMS
        speakers = [
            f"{name_of(speaker)} (Body {speaker % 90}) [panellist] <s{speaker}@bench.example>"
            for speaker in (
                (number * IN_ONE + place) % SPEAKERS for place in range(IN_ONE)
            )
        ]
        start = STARTS[slot % len(STARTS)]
        hour, minute = start.split(":")
        table.writerow(
            {
                "edition": "bench",
                "title": f"Digital villages {number}",
                "session_type": "BENCH",
                "organizers": f"Body {number % 90}; New body {number}",
                "date": f"2027-07-{5 + slot // len(STARTS):02d}",
                "start": start,
                "end": f"{int(hour) + 1:02d}:{minute}",
                "action_lines": "C1;C7-EGOV",
                "sdgs": "9;17",
                "room": f"Bench {number % ROOMS}",
                "building": "CICG",
                "speakers": "; ".join(speakers),
            }
        )
    return target.getvalue().encode()


def prepare() -> tuple[Edition, ImportJob]:
    first = datetime.date(2027, 7, 5)
    edition = Edition.objects.create(
        slug="bench",
        title="Bench",
        first_year=2027,
        last_year=2027,
        start_date=first,
        end_date=first + datetime.timedelta(days=DAYS - 1),
    )
    SessionType.objects.get_or_create(code="BENCH", defaults={"name": "Bench session"})
    for number in range(ROOMS):
        Room.objects.create(edition=edition, name=f"Bench {number}", building="CICG")
    for number in range(KNOWN):
        Person.objects.create(name=name_of(number), organization="Elsewhere")
    user = User.objects.create_user("bench-import@example.org", password=None)
    user.grant(Role.SECRETARIAT)
    job = ImportJob.objects.create(
        kind=DraftSessionImporter.kind, by=user, name="bench", as_staff=True
    )
    return edition, job


def measured(name: str, work: Callable[[], Any]) -> Any:
    """Do the work and print how long it took. Exits when a bar is missed."""
    factor = float(os.environ.get(FACTOR, "1"))
    with CaptureQueriesContext(connection) as asked:
        began = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - began
    line = {
        "name": name,
        "seconds": round(seconds, 2),
        "seconds_at_factor_1": round(seconds / factor, 2),
        "queries": len(asked),
    }
    print(json.dumps(line), flush=True)
    bar = SECONDS.get(name)
    if bar and seconds / factor > bar:
        raise SystemExit(f"{name}: more than {bar} seconds")
    if name == "release" and len(asked) > MOST_QUERIES:
        raise SystemExit(f"{name}: more than {MOST_QUERIES} queries")
    return result


def bring(job: ImportJob, data: bytes, dry_run: bool) -> Importer[Any]:
    columns = DraftSessionImporter.columns
    needed = [column.name for column in columns if not column.optional]
    extra = [column.name for column in columns if column.optional]
    rows = list(read_rows(read_text(io.BytesIO(data)), needed, extra))
    importer = DraftSessionImporter(job.by, dry_run=dry_run, job=job)
    importer.run(rows)
    return importer


def schedule(edition: Edition) -> None:
    Session.move_all(list(edition.sessions.all()), "schedule", DESK)


def main() -> None:
    data = sheet()
    with transaction.atomic():
        edition, job = prepare()
        checked = measured("check", lambda: bring(job, data, dry_run=True))
        if len(checked.questions) != KNOWN:
            raise SystemExit(f"{len(checked.questions)} questions, not {KNOWN}")
        job.decisions = dict.fromkeys(checked.questions, "new")
        done = measured("import", lambda: bring(job, data, dry_run=False))
        if str(done.result) != f"{SESSIONS} created, 0 updated, 0 unchanged, 0 failed":
            raise SystemExit(f"{done.result} {done.result.errors[:3]}")
        Person.objects.filter(email__endswith="0@bench.example").update(email="")
        schedule(edition)
        release = measured(
            "release",
            lambda: release_agenda(edition, None, "One", early_reason="A benchmark."),
        )
        measured("tell", lambda: tell(release.pk))
        release.refresh_from_db()
        told = release.told
        reached = told["account"] + told["email"]
        print(json.dumps({"told": reached, "listed": len(told["unreached"])}))
        if reached + len(told["unreached"]) != SPEAKERS:
            raise SystemExit("not everybody was told or listed")
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
