"""Estimates when a submission will be answered."""

import datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

if TYPE_CHECKING:
    from stocktaking.project.models import Project


ENOUGH = 5  # decisions, for a median that says something


RECENT_DAYS = 30


MEDIAN = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY c.at - p.submitted_at)
FROM common_statuschange c JOIN stocktaking_project p ON p.id = c.record_id
WHERE c.record_kind = 'stocktaking.project' AND c.by_id IS NOT NULL AND c.source = 'submitted'
  AND c.target IN ('published', 'returned', 'refused')
  AND c.at > now() - make_interval(days => %s) AND c.at > p.submitted_at
"""


def expected_answer(project: "Project") -> datetime.datetime | None:
    """The date on which an answer may be expected: the median of the last thirty days after the
    submission, or tomorrow when that is past. None when there were too few decisions."""
    with connection.cursor() as cursor:
        cursor.execute(MEDIAN, [RECENT_DAYS])
        count, median = cursor.fetchone()
    if count < ENOUGH or project.submitted_at is None:
        return None
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    return max(project.submitted_at + median, tomorrow)
