"""The first page of the admin: what each app has for its staff, limited to what a person may
open."""

import datetime
import zoneinfo
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import staff_work as accounts_work
from accounts.user.models import User
from common.imports.importer import IMPORTERS
from common.imports.models import ImportJob
from common.overview.staff_desk import (
    ROWS_AT_MOST,
    Counted,
    Deadline,
    Job,
    Running,
    Waiting,
    Work,
    counted,
)
from forum import staff_work as forum_work
from prizes import staff_work as prizes_work
from reports import staff_work as reports_work
from roadmap import staff_work as roadmap_work
from stocktaking import staff_work as stocktaking_work

APPS = (
    stocktaking_work,
    forum_work,
    prizes_work,
    roadmap_work,
    reports_work,
    accounts_work,
)
GENEVA = zoneinfo.ZoneInfo("Europe/Zurich")


class Row(NamedTuple):
    kind: Waiting
    counted: Counted


class Part(NamedTuple):
    """An app on the page: what waits in it, and its link."""

    title: Any
    rows: list[Row]
    jobs: list[Job]

    @property
    def waiting(self) -> list[Row]:
        return [row for row in self.rows if row.counted.number]


class Day(NamedTuple):
    """A deadline with its time in the time zone of its place."""

    deadline: Deadline
    at: datetime.datetime | datetime.date
    has_hour: bool


class Desk(NamedTuple):
    parts: list[Part]
    days: list[Day]
    running: list[Running]

    @property
    def total(self) -> int:
        return sum(row.counted.number for part in self.parts for row in part.rows)


def desk_of(user: Any) -> Desk:
    """The work for one member of staff; the number of queries is the same for all."""
    works = [app.work() for app in APPS]
    parts = [_part(work, user) for work in works]
    deadlines = [
        day for work in works for day in work.deadlines if user.has_perm(day.permission)
    ]
    running = [
        job
        for job in (*_imports(), *(job for work in works for job in work.running))
        if user.has_perm(job.permission)
    ]
    return Desk(
        [part for part in parts if part.rows or part.jobs],
        sorted(map(_day, deadlines), key=_moment),
        running,
    )


def _imports() -> list[Running]:
    """Imports of all kinds that wait for a worker or are being done."""
    jobs = ImportJob.objects.live().order_by("pk")
    return [
        Running(
            _("Import of %(file)s") % {"file": job.name},
            job.get_state_display(),
            job.percent,
            job.get_absolute_url(),
            IMPORTERS[job.kind].permission,
        )
        for job in jobs.only("kind", "name", "state", "percent")[:ROWS_AT_MOST]
    ]


def _part(work: Work, user: User) -> Part:
    kinds = [kind for kind in work.waiting if user.has_perm(kind.permission)]
    rows = [
        Row(kind, number) for kind, number in zip(kinds, counted(kinds), strict=True)
    ]
    return Part(
        work.title, rows, [job for job in work.jobs if user.has_perm(job.permission)]
    )


def _day(deadline: Deadline) -> Day:
    if isinstance(deadline.at, datetime.datetime):
        return Day(
            deadline, deadline.at.astimezone(deadline.zone or GENEVA), has_hour=True
        )
    return Day(deadline, deadline.at, has_hour=False)


def _moment(day: Day) -> datetime.datetime:
    """Its position in the list; a day without an hour lasts until its end."""
    if isinstance(day.at, datetime.datetime):
        return day.at
    end = datetime.datetime.combine(day.at, datetime.time.max)
    return timezone.make_aware(end, GENEVA)
