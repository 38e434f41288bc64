"""Questions of the moderation desk about projects, and of those who wait for its answer."""

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from stocktaking.workflow import Status, Trust

if TYPE_CHECKING:
    from stocktaking.models import Project

WAITING = (Status.SUBMITTED, Status.ON_HOLD)
GREEN, AMBER, RED = "green", "amber", "red"
INFO, ERROR = 1, 3  # of Severity, whose module is above this one
ENOUGH = 5  # decisions, for a median that says something
RECENT_DAYS = 30
MEDIAN = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY c.at - p.submitted_at)
FROM common_statuschange c JOIN stocktaking_project p ON p.id = c.record_id
WHERE c.record_kind = 'stocktaking.project' AND c.by_id IS NOT NULL AND c.source = 'submitted'
  AND c.target IN ('published', 'returned', 'refused')
  AND c.at > now() - make_interval(days => %s) AND c.at > p.submitted_at
"""


class DeskQuerySet(models.QuerySet["Project"]):
    def with_lane(self) -> Self:
        """`lane`: green (trusted, or allowed and clean), red (an error, or blocked), else amber."""
        return self.annotate(
            lane=Case(
                When(
                    Q(screening__worst=ERROR) | Q(organisation__trust__status=Trust.BLOCKED),
                    then=Value(RED),
                ),
                When(organisation__trust__status=Trust.TRUSTED, then=Value(GREEN)),
                When(
                    organisation__trust__status=Trust.ALLOWED,
                    screening__worst__lte=INFO,
                    then=Value(GREEN),
                ),
                default=Value(AMBER),
            )
        )

    def unscreened(self) -> Self:
        """Waiting entries that the automatic checks have not seen as they stand."""
        seen = Q(screening__seen=models.F("updated_at"))
        return self.filter(status__in=WAITING).filter(~seen | Q(screening=None))

    def for_desk(self) -> Self:
        """Rows of the desk's queue, the oldest submission first."""
        return (
            self.with_lane()
            .annotate(
                taken=Case(When(desk_claim__until__gt=Now(), then=models.F("desk_claim__by")))
            )
            .select_related("screening", "desk_claim__by", "country", "main_action_line")
            .defer("partners", "results", "replicability", "sustainability")
            .order_by("submitted_at", "pk")
        )

    def with_place(self) -> Self:
        """`place` in the queue, counted from 1; None for what is not in it."""
        queue = self.model._default_manager.filter(status=Status.SUBMITTED).order_by()
        ahead = queue.filter(submitted_at__lte=models.OuterRef("submitted_at"))
        number = ahead.values("status").annotate(n=models.Count("pk")).values("n")
        return self.annotate(
            place=Case(When(status=Status.SUBMITTED, then=models.Subquery(number)))
        )

    def unclaimed(self) -> Self:
        """Those on which nobody works."""
        return self.filter(Q(desk_claim=None) | Q(desk_claim__until__lte=Now()))

    def claimed_by(self, user: Any) -> Self:
        """Those on which this officer works, in the order of the queue."""
        mine = self.filter(desk_claim__by=user, desk_claim__until__gt=Now(), status__in=WAITING)
        return mine.order_by("submitted_at", "pk")

    def after(self, project: "Project") -> Self:
        """Those behind this entry, in the order of the queue."""
        return self.filter(
            Q(submitted_at__gt=project.submitted_at)
            | Q(submitted_at=project.submitted_at, pk__gt=project.pk)
        )

    def before(self, project: "Project") -> Self:
        """Those in front of this entry, the nearest first."""
        return self.filter(
            Q(submitted_at__lt=project.submitted_at)
            | Q(submitted_at=project.submitted_at, pk__lt=project.pk)
        ).order_by("-submitted_at", "-pk")


def expected_answer(project: "Project") -> datetime.datetime | None:
    """When an answer may be expected: the median of the last thirty days after the submission, or
    tomorrow when that is over. None when there were too few decisions to say."""
    with connection.cursor() as cursor:
        cursor.execute(MEDIAN, [RECENT_DAYS])
        count, median = cursor.fetchone()
    if count < ENOUGH or project.submitted_at is None:
        return None
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    return max(project.submitted_at + median, tomorrow)
