"""Questions of the moderation desk about projects, and of those who wait for its answer."""

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models
from django.db.models import Case, FilteredRelation, Q, Value, When
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


class Among(models.Func):
    """Whether an id is one of an array. The planner makes the array first, however many tables the
    query joins; behind so many an `IN` with a subquery would be asked of every row."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = models.BooleanField()


class DeskQuerySet(models.QuerySet["Project"]):
    def at_desk(self, *statuses: str) -> Self:
        """What waits for a decision, the oldest first: new entries, and public ones of which a new
        version was submitted (`revision_id` is its id, else None). `desk_status` and `waits_since`
        are those of the entry or of its new version. Without statuses: all that waits."""
        revisions: Any = self.model._meta.get_field("revisions").related_model
        wanted = statuses or WAITING
        own = (
            self.model._default_manager.filter(status__in=wanted)
            .order_by()
            .values("pk")
        )
        new = revisions.objects.filter(status__in=wanted).exclude(
            project__status__in=WAITING
        )
        itself = Q(status__in=WAITING)
        return (
            self.filter(
                Q(Among("pk", ArraySubquery(own)))
                | Q(Among("pk", ArraySubquery(new.order_by().values("project_id"))))
            )
            .alias(
                waiting=FilteredRelation(
                    "revisions", condition=Q(revisions__status__in=WAITING)
                )
            )
            .annotate(
                revision_id=Case(
                    When(itself, then=None), default=models.F("waiting__pk")
                ),
                desk_status=Case(
                    When(itself, then="status"), default=models.F("waiting__status")
                ),
                waits_since=Case(
                    When(itself, then="submitted_at"),
                    default=models.F("waiting__submitted_at"),
                ),
            )
            .order_by("waits_since", "pk")
        )

    def with_lane(self) -> Self:
        """`lane`: green (trusted, or allowed and clean), red (an error, or blocked), else amber."""
        return self.annotate(
            lane=Case(
                When(
                    Q(screening__worst=ERROR)
                    | Q(organisation__trust__status=Trust.BLOCKED),
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
        """What waits and the automatic checks have not seen as it stands."""
        stands = Case(
            When(revision_id=None, then="updated_at"),
            default=models.F("waiting__updated_at"),
        )
        rows = self.at_desk().annotate(stands=stands)
        return rows.filter(~Q(screening__seen=models.F("stands")) | Q(screening=None))

    def for_desk(self) -> Self:
        """Rows of the desk's queue, the oldest submission first."""
        return (
            self.at_desk()
            .with_lane()
            .annotate(
                taken=Case(
                    When(desk_claim__until__gt=Now(), then=models.F("desk_claim__by"))
                )
            )
            .select_related(
                "screening", "desk_claim__by", "country", "main_action_line"
            )
            .defer("partners", "results", "replicability", "sustainability")
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
        return self.at_desk().filter(desk_claim__by=user, desk_claim__until__gt=Now())

    def place_of(self, project: "Project") -> int:
        """How many entries and new versions wait up to this one, itself included."""
        waiting = self.at_desk(Status.SUBMITTED)
        return waiting.filter(waits_since__lte=project.submitted_at).count()

    def after(self, since: datetime.datetime | None, pk: int) -> Self:
        """Those of `at_desk()` behind this place in the queue."""
        return self.filter(Q(waits_since__gt=since) | Q(waits_since=since, pk__gt=pk))


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
