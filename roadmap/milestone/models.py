"""Milestones: what a roadmap promises, by whom, until when, and the outcome."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.user.models import User
from common.dates import partial
from common.moves.actors import AnyUser
from common.moves.models import Moved, StatusChange
from common.moves.workflow import status_check
from common.records.models import Change
from common.search.fields import Words
from common.search.queryset import SearchQuerySet
from common.text.words import WordLimit
from roadmap import feed
from roadmap.milestone.date_changes import DateChange
from roadmap.milestone.workflow import MILESTONE_WORKFLOW, Status
from roadmap.record import dates
from roadmap.record.models import Dated, SourcedRecord


class MilestoneQuerySet(SearchQuerySet):
    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def unfinished(self) -> Self:
        """Public milestones that are neither done nor cancelled."""
        return self.published().exclude(progress__in=("done", "cancelled"))

    def late(self) -> Self:
        """Unfinished milestones after the last day on which they could end."""
        return self.unfinished().filter(ends_on__lt=timezone.localdate())

    def visible_to(self, user: AnyUser) -> Self:
        """Milestones that this person may read: public ones, or all for the secretariat."""
        if user.is_authenticated and user.is_secretariat:
            return self
        return self.published()

    def of_agency(self, codes: list[str]) -> Self:
        """Milestones led or shared by one of these agencies."""
        return self.filter(
            Q(lead__in=codes) | Q(partnerships__agency__in=codes)
        ).distinct()

    def in_year(self, year: int) -> Self:
        """Milestones whose period includes part of the year."""
        first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        return self.filter(starts_on__lte=last, ends_on__gte=first)

    def for_timeline(self) -> Self:
        """Rows of the time line and its table, with only the columns shown, each name loaded
        once."""
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
        """The dates of the process for the home page: the last decision, then what comes next."""
        rows: Any = self.published().for_list()
        last = rows.filter(kind="resolution", ends_on__lt=on).order_by(
            "-sort_date", "-pk"
        )[:1]
        coming = rows.filter(ends_on__gte=on, progress="planned").order_by(
            "ends_on", "pk"
        )
        return [*last, *coming[: limit - 1]]

    def as_of(self, at: datetime.date) -> Self:
        """Milestones that were public at the end of that day, according to the log of moves."""
        end = datetime.datetime.combine(at, datetime.time.max, datetime.UTC)
        return self.filter(published_at__lte=end).filter(
            Q(withdrawn_at=None) | Q(withdrawn_at__gt=end)
        )


SUMMARY_WORDS = 200


RECORD = "roadmap.milestone"


# Relations that are part of what the public reads.
CONTENT = (
    "partnerships",
    "action_lines",
    "sdgs",
    "resolutions",
    "paragraphs",
    "dependencies",
)


class Milestone(Moved, Dated, SourcedRecord):
    """An item of a roadmap. `baseline_*` are its dates at first publication."""

    class Kind(models.TextChoices):
        RESOLUTION = "resolution", _("Resolution")
        DOCUMENT = "document", _("Document")
        PUBLICATION = "publication", _("Publication")
        CONSULTATION = "consultation", _("Consultation")
        EVENT = "event", _("Event")
        MEETING = "meeting", _("Meeting")
        SESSION = "session", pgettext_lazy("kind of milestone", "Session")
        CALL = "call", _("Call")
        DEADLINE = "deadline", _("Deadline")
        GOVERNANCE = "governance", _("Governance")
        CHANGE = "change", pgettext_lazy("kind of milestone", "Change")
        ACTION = "action", _("Action")
        MILESTONE = "milestone", _("Milestone")

    class Progress(models.TextChoices):
        PLANNED = "planned", _("Planned")
        UNDER_WAY = "in progress", _("In progress")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", pgettext_lazy("milestone", "Cancelled")

    roadmap = models.ForeignKey(
        "roadmap.Roadmap",
        models.PROTECT,
        related_name="milestones",
        verbose_name=_("roadmap"),
    )
    title = models.CharField(_("title"), max_length=300)
    summary = models.TextField(
        _("summary"), max_length=4000, blank=True, validators=[WordLimit(SUMMARY_WORDS)]
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    body = models.ForeignKey(
        "roadmap.Body",
        models.PROTECT,
        related_name="milestones",
        verbose_name=_("body"),
    )
    lead = models.ForeignKey(
        "roadmap.Agency",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_milestones",
        verbose_name=_("lead agency"),
    )
    partners: models.ManyToManyField = models.ManyToManyField(
        "roadmap.Agency", through="roadmap.Partner", related_name="shared_milestones"
    )
    progress = models.CharField(
        _("progress"), max_length=12, choices=Progress.choices, default=Progress.PLANNED
    )
    link = models.URLField(_("link"), max_length=500, blank=True)
    action_lines = models.ManyToManyField(
        "reference.ActionLine",
        blank=True,
        related_name="milestones",
        verbose_name=_("action lines"),
    )
    sdgs = models.ManyToManyField(
        "reference.SDG", blank=True, related_name="milestones", verbose_name=_("SDGs")
    )
    resolutions = models.ManyToManyField(
        "roadmap.Resolution",
        blank=True,
        related_name="milestones",
        verbose_name=_("resolutions"),
    )
    paragraphs = models.ManyToManyField(
        "roadmap.Paragraph",
        blank=True,
        related_name="milestones",
        verbose_name=_("paragraphs"),
    )
    needs: models.ManyToManyField = models.ManyToManyField(
        "self",
        through="roadmap.Dependency",
        symmetrical=False,
        related_name="needed_by",
    )
    announced = partial.WrittenDateField(
        _("announced"),
        max_length=partial.MAX_LENGTH,
        blank=True,
        validators=[dates.validate],
        help_text=_(
            "Since when the plan is public, as precise as the source: 2025, 2025-07 or "
            "2025-07-11. The state at an earlier date lists it as planned from then on."
        ),
    )
    baseline_start = models.CharField(
        _("start at first publication"),
        max_length=partial.MAX_LENGTH,
        blank=True,
        editable=False,
    )
    baseline_end = models.CharField(
        _("end at first publication"),
        max_length=partial.MAX_LENGTH,
        blank=True,
        editable=False,
    )
    WORKFLOW = MILESTONE_WORKFLOW
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status.choices,
        default=Status.DRAFT,
        editable=False,
    )
    published_at = models.DateTimeField(
        _("published at"), null=True, blank=True, editable=False
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    words = models.GeneratedField(
        expression=Words("title", "summary", "source", language="en"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["sort_date", "pk"]
        constraints = [
            feed.MILESTONES,
            *Dated.Meta.constraints,
            status_check(Status.values, "milestone_status"),
            models.UniqueConstraint(
                fields=["roadmap", "title"],
                name="milestone_title_once",
                violation_error_message=_(
                    "This roadmap already has a milestone with this title."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.DRAFT) | ~models.Q(baseline_start=""),
                name="milestone_public_with_baseline",
            ),
        ]
        indexes = [
            models.Index(fields=["sort_date", "id"], name="milestone_order"),
            GinIndex(fields=["words"], name="milestone_words"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.status == Status.PUBLISHED and not self.baseline_start:
            self.baseline_start, self.baseline_end = self.start, self.end
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("roadmap:milestone", args=[self.pk])

    @transaction.atomic
    def move(self, name: str, user: AnyUser, note: str = "") -> Self:
        """Make one move of the table. Raises common.moves.workflow.MoveRefused."""
        if name == "publish":
            Milestone.objects.select_for_update().get(pk=self.pk).freeze_baseline()
        return super().move(name, user, note)

    def log_publication(self, change: StatusChange) -> None:
        self.record_change(Change.Kind.PUBLISH, by=change.by)

    def log_withdrawal(self, change: StatusChange) -> None:
        self.record_change(Change.Kind.DELETE, by=change.by)

    def freeze_baseline(self) -> None:
        """Store the dates permanently at the first publication."""
        if not self.baseline_start:
            self.baseline_start, self.baseline_end = self.start, self.end
            self.save(update_fields=["baseline_start", "baseline_end"])

    @property
    def baseline(self) -> str:
        return dates.span(self.baseline_start, self.baseline_end)

    @property
    def has_moved(self) -> bool:
        """Whether the dates differ from those at first publication."""
        first = (self.baseline_start, self.baseline_end or self.baseline_start)
        return bool(self.baseline_start) and first != (
            self.start,
            self.end or self.start,
        )

    @property
    def planned_start(self) -> datetime.date | None:
        return dates.parse(self.baseline_start).first if self.baseline_start else None

    @property
    def slip(self) -> int:
        """Days between the end at first publication and the end now; negative when it is
        earlier."""
        if not self.has_moved:
            return 0
        planned = dates.parse(self.baseline_end or self.baseline_start).last
        return (self.ends_on - planned).days

    @transaction.atomic
    def revise(
        self,
        values: dict[str, Any],
        links: Mapping[str, Iterable[Any]],
        by: User | None,
        reason: str = "",
    ) -> None:
        """Change a record: columns by name, and lists of keys by name of the relation.

        A public date changes only with a reason, and the old one is stored. Raises ValidationError.
        """
        standing = Milestone.objects.select_for_update().get(pk=self.pk)
        before = (standing.start, standing.end)
        for name, value in values.items():
            setattr(standing, name, value)
        standing.log_dates(before, by, reason)
        standing.save()
        standing.set_links(links)
        if standing.status == Status.PUBLISHED:
            standing.record_change(Change.Kind.UPDATE, by=by)

    def log_dates(self, before: tuple[str, str], by: Any, reason: str) -> None:
        """Store a change of a public date with its reason. Raises ValidationError without one."""
        if before == (self.start, self.end) or self.status == Status.DRAFT:
            return
        self.require_reason(reason)
        DateChange.objects.create(
            milestone=self,
            old_start=before[0],
            old_end=before[1],
            new_start=self.start,
            new_end=self.end,
            reason=reason.strip(),
            by=by if getattr(by, "pk", None) else None,
        )

    def require_reason(self, reason: str) -> None:
        """Raises ValidationError when a public date would change without one."""
        if self.status != Status.DRAFT and not reason.strip():
            raise ValidationError(
                {
                    "reason": _(
                        "Enter the reason for the change of date: it is shown to readers."
                    )
                }
            )

    def set_links(self, links: Mapping[str, Iterable[Any]]) -> None:
        for name, keys in links.items():
            if name in Partner.Role.values:
                Partner.objects.set_of(self, name, list(keys))
            else:
                getattr(self, name).set(keys)

    def public_content(self) -> dict[str, Any]:
        plain = (
            "title",
            "summary",
            "kind",
            "start",
            "end",
            "announced",
            "baseline_start",
            "baseline_end",
            "progress",
            "link",
            "source",
            "status",
            "roadmap_id",
            "body_id",
            "lead_id",
        )
        partners = [[one.role, one.agency_id] for one in self.partnerships.all()]
        return {name: getattr(self, name) for name in plain} | {
            "partners": sorted(partners),
            "action_lines": sorted(line.pk for line in self.action_lines.all()),
            "sdgs": sorted((goal.pk for goal in self.sdgs.all()), key=int),
            "resolutions": sorted(row.pk for row in self.resolutions.all()),
            "paragraphs": sorted(row.pk for row in self.paragraphs.all()),
            "needs": sorted(row.needs_id for row in self.dependencies.all()),
        }


class PartnerQuerySet(models.QuerySet["Partner"]):
    def set_of(self, milestone: Milestone, role: str, codes: list[str]) -> None:
        """Give exactly these agencies this role in a milestone."""
        partners = self.filter(milestone=milestone, role=role)
        partners.exclude(agency__in=codes).delete()
        for code in codes:
            self.get_or_create(milestone=milestone, role=role, agency_id=code)


class Partner(models.Model):
    """An agency that shares a milestone with its lead."""

    class Role(models.TextChoices):
        CO_OWNER = "co_owner", _("Co-owner")
        CONTRIBUTOR = "contributor", _("Contributor")

    milestone = models.ForeignKey(
        Milestone, models.CASCADE, related_name="partnerships"
    )
    agency = models.ForeignKey(
        "roadmap.Agency",
        models.PROTECT,
        related_name="partnerships",
        verbose_name=_("agency"),
    )
    role = models.CharField(
        _("role"), max_length=12, choices=Role.choices, default=Role.CO_OWNER
    )

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["milestone", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["milestone", "agency"],
                name="partner_once",
                violation_error_message=_(
                    "This agency already contributes to the milestone."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} ({self.get_role_display()})"
