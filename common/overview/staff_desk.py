"""What each app tells the first page of the admin: waiting work, deadlines, running jobs, links.

An app's `staff_work.work()` gives one `Work`; `wsis_portal.desk.work` combines them and leaves out
what a person may not open.
"""

import datetime
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone

WEEKS_AHEAD = 4
ROWS_AT_MOST = 40  # of the dates or jobs of one kind, which are named one by one


class Waiting(NamedTuple):
    """One kind of work. `url` is a list of exactly the rows that `rows` finds; `since` names the
    field that says how long each has waited."""

    text: Any
    url: str
    rows: models.QuerySet[Any]
    since: str
    permission: str


class Deadline(NamedTuple):
    """Something that begins or ends. A date stands for the whole day."""

    at: datetime.datetime | datetime.date
    text: Any
    about: Any
    url: str
    permission: str
    zone: datetime.tzinfo | None = None  # of the thing it belongs to; None: Geneva


class Running(NamedTuple):
    """A background job with its progress."""

    text: Any
    state: Any
    percent: int
    url: str
    permission: str


class Job(NamedTuple):
    """A link to something that staff often do in this app."""

    text: Any
    url: str
    permission: str


class Work(NamedTuple):
    title: Any
    waiting: list[Waiting]
    jobs: list[Job]
    deadlines: Iterable[Deadline] = ()
    running: Iterable[Running] = ()


class Counted(NamedTuple):
    """How many rows wait, and since when the oldest has waited."""

    number: int
    oldest: datetime.datetime | datetime.date | None


class CountOf(models.Subquery):
    template = "(SELECT count(*) FROM (%(subquery)s) waiting)"
    output_field = models.IntegerField()


class OldestOf(models.Subquery):
    template = "(SELECT min(waiting.since_when) FROM (%(subquery)s) waiting)"


def counted(kinds: list[Waiting]) -> list[Counted]:
    """Number and oldest of each kind, in one query."""
    if not kinds:
        return []
    columns: dict[str, Any] = {}
    for place, kind in enumerate(kinds):
        rows = kind.rows.order_by().values(since_when=models.F(kind.since))
        columns[f"number_{place}"] = CountOf(rows)
        columns[f"oldest_{place}"] = OldestOf(rows, output_field=models.DateTimeField())
    one_row = get_user_model()._default_manager.order_by()[:1]
    (numbers,) = one_row.annotate(**columns).values(*columns)
    return [
        Counted(numbers[f"number_{place}"], numbers[f"oldest_{place}"])
        for place in range(len(kinds))
    ]


def coming_days() -> tuple[datetime.date, datetime.date]:
    """Today and the last day that the page looks ahead to."""
    today = timezone.localdate()
    return today, today + datetime.timedelta(weeks=WEEKS_AHEAD)


def coming_moments() -> tuple[datetime.datetime, datetime.datetime]:
    now = timezone.now()
    return now, now + datetime.timedelta(weeks=WEEKS_AHEAD)
