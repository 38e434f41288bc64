"""The public figures of held votes.

None of them is about a nominee. So that nobody learns either what became of the vote of somebody
they know, small numbers are not shown and all others are rounded, each for itself: what is missing
in a sum cannot be found by subtracting.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models.functions import TruncDate
from django.utils.formats import number_format

from prizes.ballot.voiding import Voiding
from prizes.checking.models import HeldDay
from prizes.contest.models import Category, Contest

COLUMNS = ("counted", "held", "confirmed", "released", "lapsed", "void")


STEP = 5  # numbers below it are not told apart, others are rounded to multiples of it


BY_DAY = """
WITH given AS (
    SELECT v.category_id, e.at, n.status, coalesce(h.state, '') AS state
    FROM prizes_vote v
    JOIN prizes_category c ON c.id = v.category_id AND c.contest_id = %(contest)s
    JOIN prizes_entry n ON n.id = v.entry_id
    JOIN prizes_ballotevent e ON e.id = v.event_id
    LEFT JOIN prizes_hold h ON h.contest_id = c.contest_id AND h.voter = v.voter
    WHERE NOT v.voided
    UNION ALL  -- by their cases: the voter may have voted again since
    SELECT e.category_id, e.at, '', 'void'
    FROM prizes_voiding s
    JOIN prizes_ballotevent e ON e.id = s.event_id AND e.contest_id = %(contest)s
    WHERE s.voided_by_id IS NOT NULL
)
SELECT category_id, (at AT TIME ZONE %(zone)s)::date AS day,
    count(*) FILTER (WHERE status IN ('nominated', 'champion', 'winner')
                     AND state NOT IN ('held', 'lapsed')) AS counted,
    count(*) FILTER (WHERE state = 'held') AS held,
    count(*) FILTER (WHERE state = 'confirmed') AS confirmed,
    count(*) FILTER (WHERE state = 'released') AS released,
    count(*) FILTER (WHERE state = 'lapsed') AS lapsed,
    count(*) FILTER (WHERE status = '') AS void
FROM given
GROUP BY 1, 2
"""


def count_days() -> int:
    """Count anew for the contests whose votes are not counted yet; returns how many rows."""
    contests = Contest.objects.filter(
        hold_rules__isnull=False, chains__isnull=False, counted_at=None
    ).distinct()
    return sum(count_contest(contest) for contest in contests.order_by("pk"))


@transaction.atomic
def count_contest(contest: Contest) -> int:
    Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)  # one at a time
    with connection.cursor() as cursor:
        cursor.execute(BY_DAY, {"contest": contest.pk, "zone": contest.time_zone})
        rows = [
            HeldDay(
                contest=contest,
                category_id=category,
                day=day,
                **dict(zip(COLUMNS, numbers, strict=True)),
            )
            for category, day, *numbers in cursor.fetchall()
        ]
    HeldDay.objects.filter(contest=contest).delete()
    return len(HeldDay.objects.bulk_create(rows))


class Cell(NamedTuple):
    """A number as the public reads it; `code` for programs, such as "1-4"."""

    code: str

    def __str__(self) -> str:
        return (
            number_format(self.code, force_grouping=True)
            if self.code.isdigit()
            else "1–4"
        )


def cell_of(number: int) -> Cell:
    if number == 0:
        return Cell("0")
    if number < STEP:
        return Cell(f"1-{STEP - 1}")
    return Cell(str(STEP * round(number / STEP)))


class Line(NamedTuple):
    """Rounded numbers in the order of COLUMNS."""

    category: str
    day: Any
    cells: list[Cell]


class Figures(NamedTuple):
    categories: list[Line]
    days: list[Line]
    by_day: list[Line]  # all categories together
    total: list[Cell]


def figures_of(contest: Contest) -> Figures:
    """Of a contest by category, by day, and by both; one query."""
    rows = HeldDay.objects.filter(contest=contest).select_related("category")
    ordered = list(rows.order_by("category__number", "day"))
    by_category: dict[Category, list[HeldDay]] = defaultdict(list)
    by_day: dict[Any, list[HeldDay]] = defaultdict(list)
    for row in ordered:
        by_category[row.category].append(row)
        by_day[row.day].append(row)
    return Figures(
        [Line(one.code, None, _sum(days)) for one, days in by_category.items()],
        [Line(row.category.code, row.day, _sum([row])) for row in ordered],
        [Line("", day, _sum(by_day[day])) for day in sorted(by_day)],
        _sum(ordered),
    )


def _sum(rows: Iterable[HeldDay]) -> list[Cell]:
    rows = list(rows)
    return [cell_of(sum(getattr(row, name) for row in rows)) for name in COLUMNS]


class Void(NamedTuple):
    """Voids that were confirmed on one day; each was signed by two persons, which a constraint
    keeps."""

    day: Any
    votes: Cell


def public_voids(contest: Contest) -> list[Void]:
    """Days on which votes were declared void, and how many."""
    cases = Voiding.objects.filter(event__contest=contest, confirmed_at__isnull=False)
    days: dict[Any, int] = defaultdict(int)
    here = TruncDate("confirmed_at", tzinfo=contest.zone)
    for day in cases.annotate(day=here).values_list("day", flat=True).iterator():
        days[day] += 1
    return [Void(day, cell_of(days[day])) for day in sorted(days)]
