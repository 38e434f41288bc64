"""The figures of a contest: entries and valid votes by place, kind, category and day.

The public reads them after the count, once the champions are public; the secretariat reads those
of the entries as soon as the entries are not sealed any more. Small numbers say who somebody is:
for the public, values below a limit are one row together.
"""

import datetime
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.moves.actors import AnyUser
from prizes.ballot.models import BallotEvent
from prizes.contest.models import Contest, Phase
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.result.models import Result
from reference.names import vocabulary

FEW = 5  # entries: fewer are not shown to the public
FEW_VOTES = 10  # votes of a day
OTHER = "other"
NOT_ENTERED = (Status.DRAFT, Status.WITHDRAWN)


class Row(NamedTuple):
    """One value; `count` may be the sum of several that are too small to be shown."""

    code: str
    label: str
    count: int  # type: ignore[assignment]  # a column of bars calls it so


class Table(NamedTuple):
    name: str
    title: str
    rows: list[Row]


def is_public(contest: Contest) -> bool:
    """Whether everybody may read the figures: counted, and not under the embargo."""
    announced = contest.champions_at
    return bool(contest.counted_at and announced and announced <= timezone.now())


def may_read(contest: Contest, user: AnyUser) -> bool:
    """Staff need not wait for the count, but until entries are sealed no more."""
    if is_public(contest):
        return True
    open_ = not contest.sealed or contest.has_ended(Phase.Kind.SUBMISSION)
    return bool(user.is_authenticated and user.is_secretariat and open_)


def tables_of(contest: Contest, *, exact: bool = False) -> list[Table]:
    """All figures that may be shown now; `exact` for the secretariat. At most eight queries."""
    limit, votes_limit = (0, 0) if exact else (FEW, FEW_VOTES)
    entries = Entry.objects.filter(contest=contest, source="").exclude(
        status__in=NOT_ENTERED
    )
    tables = [
        _by(entries, "country__region", "region", _("Entries by region"), limit),
        _by(entries, "country", "country", _("Entries by country"), limit),
        _by(
            entries,
            "stakeholder_type",
            "stakeholder_type",
            _("Entries by stakeholder type"),
            limit,
        ),
        _by(
            entries,
            "category__action_line",
            "action_line",
            _("Entries by category"),
            limit,
        ),
        _days(
            "entries_by_day",
            _("Entries by day"),
            entries.exclude(submitted_at=None),
            "submitted_at",
            contest,
            limit,
        ),
    ]
    if contest.counted_at:
        tables += _votes(contest, votes_limit)
    return [table for table in tables if table.rows]


def _votes(contest: Contest, limit: int) -> list[Table]:
    """Valid votes by category as they were counted, and the votes that were cast by day."""
    rows = Result.objects.filter(category__contest=contest).order_by("category__number")
    counted: dict[str, int] = {}
    for line, votes in rows.values_list("category__action_line", "votes"):
        counted[line] = counted.get(line, 0) + votes
    names = vocabulary.labels("action_line")
    by_category = [
        Row(line, f"{line} {names.get(line, '')}".strip(), count)
        for line, count in counted.items()
    ]
    cast = BallotEvent.objects.filter(contest=contest, kind=BallotEvent.Kind.CAST)
    return [
        Table(
            "votes_by_category",
            _("Valid votes by category"),
            together(by_category, limit),
        ),
        _days("votes_by_day", _("Votes cast by day"), cast, "at", contest, limit),
    ]


def _by(entries: Any, field: str, kind: str, title: str, limit: int) -> Table:
    counts = entries.order_by().values_list(field).annotate(Count("pk"))
    names = vocabulary.labels(kind)
    rows = [
        Row(code or "", _name(kind, code, names), count)
        for code, count in sorted(counts, key=lambda pair: (-pair[1], pair[0] or "~"))
    ]
    return Table(f"entries_by_{kind}", title, together(rows, limit))


def _name(kind: str, code: str | None, names: dict[str, str]) -> str:
    if not code:
        return _("Not stated")
    name = names.get(code, code)
    return f"{code} {name}" if kind == "action_line" else name


def _days(
    name: str, title: str, rows: Any, field: str, contest: Contest, limit: int
) -> Table:
    """By the days of the contest's clock, in their order."""
    by_day = rows.order_by().annotate(day=TruncDate(field, tzinfo=contest.zone))
    counts: dict[datetime.date, int] = dict(
        by_day.values_list("day").annotate(n=Count("pk"))
    )
    days = [
        Row(day.isoformat(), date_format(day, "DATE_FORMAT"), counts[day])
        for day in sorted(counts)
    ]
    return Table(name, title, together(days, limit))


def together(rows: Iterable[Row], limit: int) -> list[Row]:
    """Rows below the limit become one row with their sum; if that is still below it, the smallest
    of the others joins it, so that no total gives it away."""
    rows = list(rows)
    small = [row for row in rows if row.count < limit]
    if not small:
        return rows
    shown = [row for row in rows if row.count >= limit]
    total = sum(row.count for row in small)
    if shown and (total < limit or len(small) == 1):
        least = min(shown, key=lambda row: row.count)
        shown.remove(least)
        total += least.count
    if total < limit:
        return []
    label = _("Others, too few to be shown one by one")
    return [*shown, Row(OTHER, label, total)]
