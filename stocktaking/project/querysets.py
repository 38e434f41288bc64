"""Queries about projects, by name; those of the review queue first."""

import datetime
import re
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import (
    Case,
    FilteredRelation,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now, Trim
from django.utils.translation import get_language

from common.moves.actors import AnyUser
from common.moves.models import StatusChange
from stocktaking.base.workflow import EDITABLE, WAITING, Status
from stocktaking.former_owner.models import coedited_by
from stocktaking.organization.workflow import Trust
from stocktaking.project.fields import LISTS, LONG_FIELDS, TEXT_FIELDS

if TYPE_CHECKING:
    from stocktaking.project.models import Project


GREEN, AMBER, RED = "green", "amber", "red"


INFO, ERROR = 1, 3  # of Severity, whose module is above this one


class Among(models.Func):
    """Whether an id is in an array. The planner builds the array first, however many tables the
    query joins; an `IN` with a subquery would be evaluated for every row."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = models.BooleanField()


class DeskQuerySet(models.QuerySet["Project"]):
    def at_desk(self, *statuses: str) -> Self:
        """What waits for a decision, oldest first: new projects, and public ones with a
        submitted new version (`revision_id` is its id, else None). `desk_status` and
        `waits_since` are those of the project or of its new version. Without statuses: all that
        waits."""
        wanted = statuses or WAITING
        own = (
            self.model._default_manager.filter(status__in=wanted)
            .order_by()
            .values("pk")
        )
        new = (
            self.model._default_manager.filter(revisions__status__in=wanted)
            .exclude(status__in=WAITING)
            .order_by()
            .values("pk")
        )
        itself = Q(status__in=WAITING)
        return (
            self.filter(
                Q(Among("pk", ArraySubquery(own))) | Q(Among("pk", ArraySubquery(new)))
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
        """`lane`: green (trusted, or allowed and without findings), red (an error, or blocked),
        else amber."""
        return self.annotate(
            lane=Case(
                When(
                    Q(screening__worst=ERROR)
                    | Q(organization__trust__status=Trust.BLOCKED),
                    then=Value(RED),
                ),
                When(organization__trust__status=Trust.TRUSTED, then=Value(GREEN)),
                When(
                    organization__trust__status=Trust.ALLOWED,
                    screening__worst__lte=INFO,
                    then=Value(GREEN),
                ),
                default=Value(AMBER),
            )
        )

    def unscreened(self) -> Self:
        """What waits in a state that the automatic checks have not seen."""
        stands = Case(
            When(revision_id=None, then="updated_at"),
            default=models.F("waiting__updated_at"),
        )
        rows = self.at_desk().annotate(stands=stands)
        return rows.filter(~Q(screening__seen=models.F("stands")) | Q(screening=None))

    def for_desk(self) -> Self:
        """Rows of the desk's queue, oldest submission first."""
        return (
            self.at_desk()
            .with_lane()
            .annotate(
                taken=Case(
                    When(
                        desk_assignment__until__gt=Now(),
                        then=models.F("desk_assignment__by"),
                    )
                )
            )
            .select_related(
                "screening", "desk_assignment__by", "country", "main_action_line"
            )
            .defer(*LONG_FIELDS)
        )

    def with_place(self) -> Self:
        """`place` in the queue, counted from 1; None for what is not in it."""
        queue = self.model._default_manager.filter(status=Status.SUBMITTED).order_by()
        ahead = queue.filter(submitted_at__lte=models.OuterRef("submitted_at"))
        number = ahead.values("status").annotate(n=models.Count("pk")).values("n")
        return self.annotate(
            place=Case(When(status=Status.SUBMITTED, then=models.Subquery(number)))
        )

    def unassigned(self) -> Self:
        """Projects that are assigned to nobody."""
        return self.filter(
            Q(desk_assignment=None) | Q(desk_assignment__until__lte=Now())
        )

    def assigned_to(self, user: AnyUser) -> Self:
        """Projects that are assigned to this officer, in the order of the queue."""
        return self.at_desk().filter(
            desk_assignment__by=user, desk_assignment__until__gt=Now()
        )

    def place_of(self, project: "Project") -> int:
        """The number of projects and new versions that wait up to this one, itself included."""
        waiting = self.at_desk(Status.SUBMITTED)
        return waiting.filter(waits_since__lte=project.submitted_at).count()

    def after(self, since: datetime.datetime | None, pk: int) -> Self:
        """Those of `at_desk()` after this position in the queue."""
        return self.filter(Q(waits_since__gt=since) | Q(waits_since=since, pk__gt=pk))


NUMBER = re.compile(r"\s*WSIS-\d{4}-(\d{1,18})\s*", re.IGNORECASE | re.ASCII)


# The title and the summary are those of the reader's language where such a text is approved.
CARDS = """
SELECT project.id, number, coalesce(told.title, project.title) AS title,
       CASE WHEN told.id IS NULL THEN project.summary ELSE told.summary END AS summary,
       coalesce(told.language, project.language) AS language, organization_name, country_id,
       main_action_line_id, stakeholder_type_id, year, project.status, published_at,
       project.updated_at
FROM stocktaking_project AS project LEFT JOIN stocktaking_projecttext AS told
    ON told.project_id = project.id AND told.language = %s AND 'approved' = told.status
    AND told.language <> project.language
WHERE project.id = ANY(%s) AND 'published' = project.status
"""


class ProjectQuerySet(DeskQuerySet):
    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def of_owner(self, user: AnyUser) -> Self:
        """A member's own projects, last changed first."""
        return self.filter(owner=user).order_by("-updated_at", "-pk")

    def written_by(self, user: AnyUser) -> Self:
        """Projects that this person may edit, whatever their status."""
        return self.filter(Q(owner=user) | self._coedited_by(user)).order_by(
            "-updated_at", "-pk"
        )

    def _coedited_by(self, user: AnyUser) -> Q:
        projects = coedited_by(user, self.model._default_manager.all())
        return Q(pk__in=projects.values("pk"))

    def blank_drafts_of(self, user: AnyUser) -> Self:
        """Drafts without any content yet."""
        return self.filter(
            owner=user,
            status=Status.DRAFT,
            website="",
            image="",
            attachments=[],
            main_action_line=None,
            **dict.fromkeys(TEXT_FIELDS, ""),
        ).order_by("pk")

    def with_reason(self) -> Self:
        """`reason`: the note of the move that brought the project to its status."""
        moves = StatusChange.objects.filter(
            record_kind="stocktaking.project",
            record_id=OuterRef("pk"),
            target=OuterRef("status"),
        )
        return self.annotate(
            reason=Subquery(moves.order_by("-at", "-pk").values("note")[:1])
        )

    def tombstones(self) -> Self:
        """Projects that were public and are no longer."""
        return self.filter(status=Status.ARCHIVED, version__gt=0)

    def to_be_released(self) -> Self:
        """Approved projects whose publication date has come, by the clock of the database."""
        due = self.filter(status=Status.APPROVED, public_from__lte=Now())
        return due.order_by("public_from", "pk")

    def numbered(self, text: str) -> Self:
        """The project with this public number. Its last part is the id, so that a wrong year
        does no harm; empty for a text that is not a number."""
        match = NUMBER.fullmatch(text)
        return self.filter(pk=int(match[1])) if match else self.none()

    def merged(self) -> Self:
        """Projects that were merged into another one, to which they lead."""
        return self.filter(status=Status.ARCHIVED, successor__isnull=False)

    def visible_to(self, user: AnyUser) -> Self:
        """Projects that this person may read: public ones, one's own, or all for the
        secretariat."""
        if not user.is_authenticated:
            return self.published()
        if user.is_secretariat:
            return self
        mine = Q(owner=user) | self._coedited_by(user)
        return self.filter(Q(status=Status.PUBLISHED) | mine)

    def editable_by(self, user: AnyUser) -> Self:
        """Projects that this person may change; others get 404.

        Staff may change public projects too, but not those in which they are involved themselves.
        """
        if not user.is_authenticated:
            return self.none()
        mine = Q(owner=user) | self._coedited_by(user)
        if user.is_secretariat:
            return self.filter(~mine | Q(status__in=EDITABLE))
        return self.filter(mine, status__in=EDITABLE)

    def newest(self) -> Self:
        return self.published().order_by("-published_at", "-pk")

    def count_organizations(self) -> int:
        """The number of organizations behind these projects, by name: that of the authority
        list, or the written one while the organization is unconfirmed."""
        written = Trim("organization_name")
        named = self.order_by().annotate(
            known_as=Coalesce("organization__name", written)
        )
        return named.exclude(known_as="").values("known_as").distinct().count()

    def for_list(self) -> Self:
        """Rows of a list page: the names of codes come from the cached vocabularies."""
        return self.defer(*LONG_FIELDS)

    def with_codes(self) -> Self:
        """`<list>_codes` for each list of terms, unordered, without a query of their own."""
        lists: dict[str, Any] = {}
        for name in LISTS:
            through = getattr(self.model, name).through
            term = through._meta.get_fields()[-1].attname  # id, project, term
            rows = through.objects.filter(project_id=OuterRef("pk")).values(term)
            lists[f"{name}_codes"] = ArraySubquery(rows)
        return self.annotate(**lists)

    def cards(self, ids: list[int]) -> dict[int, "Project"]:
        """Published projects as the cards of a list show them, by id.

        Uses the language of the page where an approved text exists: for display, never to be saved.
        Written in SQL because the list is the busiest page: composing the query took as long as the
        rest.
        """
        return {card.pk: card for card in self.raw(CARDS, [get_language(), ids])}

    def for_page(self) -> Self:
        return self.select_related(
            "organization",
            "activity_type",
            "stakeholder_type",
            "country__region",
            "coverage",
            "main_action_line",
            "owner",
        ).prefetch_related(*LISTS)
