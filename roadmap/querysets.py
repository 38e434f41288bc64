"""Every question the portal asks about the roadmap, by name."""

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models
from django.db.models import Max, OuterRef, Prefetch, Q
from django.utils import timezone

from common.search import SearchQuerySet
from roadmap.workflow import PositionStatus, Status

if TYPE_CHECKING:
    from roadmap.models import Milestone

# All that a milestone waits for, over whatever steps.
REACHED = """
WITH RECURSIVE reached (id) AS (
    SELECT %s::bigint
    UNION
    SELECT needs_id FROM roadmap_dependency JOIN reached ON milestone_id = reached.id
)
SELECT id FROM reached
"""


class MilestoneQuerySet(SearchQuerySet):
    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def unfinished(self) -> Self:
        """Public ones that are neither done nor cancelled."""
        return self.published().exclude(progress__in=("done", "cancelled"))

    def late(self) -> Self:
        """Unfinished, although the last day on which they could end is over."""
        return self.unfinished().filter(ends_on__lt=timezone.localdate())

    def visible_to(self, user: Any) -> Self:
        """What this person may read: what is public, or all for the secretariat."""
        if getattr(user, "is_authenticated", False) and user.is_secretariat:
            return self
        return self.published()

    def of_agency(self, codes: list[str]) -> Self:
        """Led or shared by one of these agencies."""
        return self.filter(
            Q(lead__in=codes) | Q(partnerships__agency__in=codes)
        ).distinct()

    def in_year(self, year: int) -> Self:
        """Those whose period touches the year."""
        first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        return self.filter(starts_on__lte=last, ends_on__gte=first)

    def for_timeline(self) -> Self:
        """Rows of the time line and its table: no more than they show, each name loaded once."""
        return self.prefetch_related("roadmap", "lead").only(
            "title",
            "start",
            "end",
            "starts_on",
            "ends_on",
            "baseline_start",
            "baseline_end",
            "progress",
            "roadmap",
            "lead",
        )

    def for_list(self) -> Self:
        """Rows of other pages' lists of milestones."""
        return self.select_related("roadmap", "body", "lead").defer("words")

    def for_page(self) -> Self:
        return self.select_related("roadmap", "body", "lead").prefetch_related(
            "partnerships__agency",
            "action_lines",
            "sdgs",
            "resolutions",
            "paragraphs__resolution",
            "dependencies__needs",
            "dependants__milestone",
            "documents__issues",
            "meetings",
            "date_changes__by",
            "notes__by",
        )

    def next_dates(self, on: datetime.date, limit: int = 3) -> list["Milestone"]:
        """The dates of the process for a first page: the last decision, then what comes next."""
        rows: Any = self.published().for_list()
        last = rows.filter(kind="resolution", ends_on__lt=on).order_by(
            "-sort_date", "-pk"
        )[:1]
        coming = rows.filter(ends_on__gte=on, progress="planned").order_by(
            "ends_on", "pk"
        )
        return [*last, *coming[: limit - 1]]

    def as_of(self, at: datetime.date) -> Self:
        """Those that were public at the end of that day, as far as moves are kept."""
        end = datetime.datetime.combine(at, datetime.time.max, datetime.UTC)
        return self.filter(published_at__lte=end).filter(
            Q(withdrawn_at=None) | Q(withdrawn_at__gt=end)
        )


class PositionQuerySet(models.QuerySet):
    def published(self) -> Self:
        return self.filter(status=PositionStatus.PUBLISHED)

    def visible_to(self, user: Any) -> Self:
        """What was public at any time, and the drafts of one's own agencies."""
        public = Q(published_at__isnull=False)
        if not getattr(user, "is_authenticated", False):
            return self.filter(public)
        return self.filter(public | Q(agency__in=user.agencies.values("agency")))

    def completions(self) -> ArraySubquery:
        """For an annotation of milestones: what is published on each, one word per agency."""
        said = self.published().filter(milestone=OuterRef("pk")).order_by("agency")
        return ArraySubquery(said.values("completion"))

    def editable_by(self, user: Any) -> Self:
        """The lanes of one's own agencies; to others they do not exist."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(agency__in=user.agencies.values("agency"))

    def for_list(self) -> Self:
        return self.select_related("agency", "milestone__roadmap").prefetch_related(
            "evidence__issue"
        )

    def newest(self) -> Self:
        """What agencies have published, the last first."""
        found = self.filter(
            published_at__isnull=False, milestone__status=Status.PUBLISHED
        )
        return found.order_by("-published_at", "-pk")

    def as_of(self, at: datetime.date) -> Self:
        """What stood published at the end of that day (UTC)."""
        end = datetime.datetime.combine(at, datetime.time.max, datetime.UTC)
        return self.filter(
            Q(superseded_at=None) | Q(superseded_at__gt=end),
            Q(withdrawn_at=None) | Q(withdrawn_at__gt=end),
            published_at__lte=end,
        )

    def last_of_lane(self, milestone: int, agency: str) -> Any:
        """The newest version of an agency on a milestone, in whatever status; None for none."""
        return (
            self.filter(milestone=milestone, agency=agency).order_by("-version").first()
        )


class DependencyQuerySet(models.QuerySet):
    def reached_from(self, milestone: int) -> set[int]:
        """The milestone and all that it waits for, over whatever steps."""
        with connection.cursor() as cursor:
            cursor.execute(REACHED, [milestone])
            return {row[0] for row in cursor.fetchall()}


class ResolutionQuerySet(SearchQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Resolutions are public from their first day."""
        return self

    def for_list(self) -> Self:
        return self.select_related("body").defer("words")

    def for_page(self) -> Self:
        return self.select_related("body").prefetch_related(
            "relations__target",
            "taken_up_by__resolution",
            "paragraphs__asked",
            "action_lines",
        )


class MeetingQuerySet(models.QuerySet):
    def for_list(self) -> Self:
        return self.select_related("body", "milestone")

    def in_year(self, year: int) -> Self:
        first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        return self.filter(starts_on__lte=last, ends_on__gte=first)


class FigureQuerySet(models.QuerySet):
    def side_by_side(self) -> Self:
        """All figures, those of one subject together, the newest first."""
        return self.order_by("subject", "-sort_date", "pk")


class DocumentQuerySet(models.QuerySet):
    def for_list(self) -> Self:
        latest = Prefetch("issues")
        return (
            self.select_related("issuer", "milestone")
            .prefetch_related(latest)
            .annotate(newest=Max("issues__sort_date"))
            .order_by("-newest", "title")
        )
