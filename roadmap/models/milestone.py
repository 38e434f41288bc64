"""Milestones: what a roadmap promises, by whom, until when, and what became of it."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.locks import Lock
from common.models import Change, StatusChange
from common.search import Words
from common.words import WordLimit
from common.workflow import NOTE_MAX_LENGTH, status_check
from roadmap import dates, feed
from roadmap.models.dated import Dated
from roadmap.models.record import PublicRecord
from roadmap.querysets import DependencyQuerySet, MilestoneQuerySet
from roadmap.workflow import MILESTONE_WORKFLOW, Status

SUMMARY_WORDS = 200
RECORD = "roadmap.milestone"


class Milestone(Dated, PublicRecord):
    """An item of a roadmap. `baseline_*` are its dates when the public first read them."""

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
    announced = dates.WrittenDateField(
        _("announced"),
        max_length=dates.MAX_LENGTH,
        blank=True,
        validators=[dates.validate],
        help_text=_(
            "Since when the plan is public, as precise as the source: 2025, 2025-07 or "
            "2025-07-11. The state at an earlier date lists it as planned from then on."
        ),
    )
    baseline_start = models.CharField(
        _("start at first publication"),
        max_length=dates.MAX_LENGTH,
        blank=True,
        editable=False,
    )
    baseline_end = models.CharField(
        _("end at first publication"),
        max_length=dates.MAX_LENGTH,
        blank=True,
        editable=False,
    )
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

    def roles_of(self, user: Any) -> set[str]:
        return set(user.roles) if getattr(user, "is_authenticated", False) else set()

    def open_moves(self, user: Any) -> list[Any]:
        return MILESTONE_WORKFLOW.open_to(self, user)

    @transaction.atomic
    def move(self, name: str, user: Any, note: str = "") -> "Milestone":
        """Make one move of the table. Raises common.workflow.MoveRefused."""
        if name == "publish":
            Milestone.objects.select_for_update().get(pk=self.pk).freeze_baseline()
        return MILESTONE_WORKFLOW.move(self, name, user, note)

    def freeze_baseline(self) -> None:
        """Keep the dates as they are for good, the first time that the record becomes public."""
        if not self.baseline_start:
            self.baseline_start, self.baseline_end = self.start, self.end
            self.save(update_fields=["baseline_start", "baseline_end"])

    @property
    def baseline(self) -> str:
        return dates.span(self.baseline_start, self.baseline_end)

    @property
    def has_moved(self) -> bool:
        """Whether the dates are other ones than at first publication."""
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
        """Days from the end at first publication to the end now; negative when it is earlier."""
        if not self.has_moved:
            return 0
        planned = dates.parse(self.baseline_end or self.baseline_start).last
        return (self.ends_on - planned).days

    def history(self) -> models.QuerySet[StatusChange]:
        changes = StatusChange.objects.filter(record_kind=RECORD, record_id=self.pk)
        return changes.select_related("by")

    @transaction.atomic
    def revise(
        self,
        values: dict[str, Any],
        links: Mapping[str, Iterable[Any]],
        by: Any,
        reason: str = "",
    ) -> None:
        """Change a record: columns by name, and lists of keys by name of the relation.

        A public date changes only with a reason, and the old one is kept. Raises ValidationError.
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
        """Keep a changed public date with its reason. Raises ValidationError without one."""
        if before == (self.start, self.end) or self.status == Status.DRAFT:
            return
        if not reason.strip():
            raise ValidationError(
                {
                    "reason": _(
                        "Enter the reason for the change of date: it is shown to readers."
                    )
                }
            )
        DateChange.objects.create(
            milestone=self,
            old_start=before[0],
            old_end=before[1],
            new_start=self.start,
            new_end=self.end,
            reason=reason.strip(),
            by=by if getattr(by, "pk", None) else None,
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
        partners = self.partnerships.order_by("role", "agency_id")
        return {name: getattr(self, name) for name in plain} | {
            "partners": [[partner.role, partner.agency_id] for partner in partners],
            "action_lines": sorted(self.action_lines.values_list("pk", flat=True)),
            "sdgs": sorted(self.sdgs.values_list("pk", flat=True), key=int),
            "resolutions": sorted(self.resolutions.values_list("pk", flat=True)),
            "paragraphs": sorted(self.paragraphs.values_list("pk", flat=True)),
            "needs": sorted(self.dependencies.values_list("needs_id", flat=True)),
        }


class PartnerQuerySet(models.QuerySet["Partner"]):
    def set_of(self, milestone: Milestone, role: str, codes: list[str]) -> None:
        """These agencies and no others have this role in a milestone."""
        mine = self.filter(milestone=milestone, role=role)
        mine.exclude(agency__in=codes).delete()
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


class Dependency(models.Model):
    """`milestone` can be reached only when what it `needs` is."""

    milestone = models.ForeignKey(
        Milestone,
        models.CASCADE,
        related_name="dependencies",
        verbose_name=_("milestone"),
    )
    needs = models.ForeignKey(
        Milestone, models.PROTECT, related_name="dependants", verbose_name=_("needs")
    )

    objects = DependencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("dependency")
        verbose_name_plural = _("dependencies")
        ordering = ["milestone", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["milestone", "needs"], name="dependency_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(milestone=models.F("needs")),
                name="dependency_not_on_itself",
                violation_error_message=_("A milestone cannot depend on itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone_id} → {self.needs_id}"

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        self.refuse_circle()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if self.milestone_id and self.needs_id:
            self.refuse_circle()

    def refuse_circle(self) -> None:
        """Raises ValidationError when what is needed waits, over whatever steps, for this one.

        The lock holds until the transaction ends: two dependencies that close a circle together
        cannot both be checked before the other is written.
        """
        if connection.in_atomic_block:
            with connection.cursor() as cursor:
                lock = Lock.MILESTONE_DEPENDENCIES.value
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
        if self.milestone_id in Dependency.objects.reached_from(self.needs_id):
            raise ValidationError(
                _(
                    "This would be circular: “%(needs)s” already depends on “%(milestone)s”."
                )
                % {"needs": self.needs, "milestone": self.milestone},
                code="circle",
            )


class DateChange(models.Model):
    """A public date that changed: from, to, why, who, when. Never updated, never deleted."""

    milestone = models.ForeignKey(
        "roadmap.Milestone",
        models.PROTECT,
        related_name="date_changes",
        verbose_name=_("milestone"),
    )
    old_start = models.CharField(_("start before"), max_length=dates.MAX_LENGTH)
    old_end = models.CharField(_("end before"), max_length=dates.MAX_LENGTH, blank=True)
    new_start = models.CharField(_("start after"), max_length=dates.MAX_LENGTH)
    new_end = models.CharField(_("end after"), max_length=dates.MAX_LENGTH, blank=True)
    reason = models.TextField(_("reason"), max_length=NOTE_MAX_LENGTH)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("change of a date")
        verbose_name_plural = _("changes of dates")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="date_change_newest")]

    def __str__(self) -> str:
        return f"{self.milestone_id}: {self.old_start} → {self.new_start}"

    @property
    def before(self) -> str:
        return dates.span(self.old_start, self.old_end)

    @property
    def after(self) -> str:
        return dates.span(self.new_start, self.new_end)
