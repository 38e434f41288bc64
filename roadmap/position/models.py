"""Positions: the progress of a milestone according to one agency, version by version."""

import datetime
import hashlib
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.dates import partial
from common.moves.actors import AnyUser
from common.moves.models import Moved, StatusChange
from common.moves.workflow import Move, MoveRefused, NotYourMove, status_check
from common.records.hashing import content_hash
from common.records.models import Change
from common.text.words import WordLimit
from roadmap import feed
from roadmap.agency.models import Agency, AgencyMembership
from roadmap.milestone.models import Milestone
from roadmap.milestone.workflow import Status
from roadmap.position.freshness import Freshness, freshness
from roadmap.position.workflow import (
    APPROVER,
    AUTOMATIC,
    FOCAL_POINT,
    POSITION_WORKFLOW,
    WRITERS,
    PositionStatus,
)
from roadmap.record import dates


class PositionQuerySet(models.QuerySet):
    def published(self) -> Self:
        return self.filter(status=PositionStatus.PUBLISHED)

    def visible_to(self, user: AnyUser) -> Self:
        """Versions that are or were public, and the drafts of one's own agencies."""
        public = Q(published_at__isnull=False)
        if not user.is_authenticated:
            return self.filter(public)
        return self.filter(public | Q(agency__in=user.agencies.values("agency")))

    def completions(self) -> ArraySubquery:
        """For annotating milestones: the published completion of each agency."""
        published = self.published().filter(milestone=OuterRef("pk")).order_by("agency")
        return ArraySubquery(published.values("completion"))

    def editable_by(self, user: AnyUser) -> Self:
        """Positions of one's own agencies; others get 404."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(agency__in=user.agencies.values("agency"))

    def for_list(self) -> Self:
        return self.select_related("agency", "milestone__roadmap").prefetch_related(
            "evidence__issue"
        )

    def newest(self) -> Self:
        """What agencies have published, latest first."""
        published = self.filter(
            published_at__isnull=False, milestone__status=Status.PUBLISHED
        )
        return published.order_by("-published_at", "-pk")

    def as_of(self, at: datetime.date) -> Self:
        """What was published at the end of that day (UTC)."""
        end = datetime.datetime.combine(at, datetime.time.max, datetime.UTC)
        return self.filter(
            Q(superseded_at=None) | Q(superseded_at__gt=end),
            Q(withdrawn_at=None) | Q(withdrawn_at__gt=end),
            published_at__lte=end,
        )

    def last_of_lane(self, milestone: int, agency: str) -> Any:
        """The newest version of an agency on a milestone, in whatever status; None when there is
        none."""
        return (
            self.filter(milestone=milestone, agency=agency).order_by("-version").first()
        )


TEXT_WORDS = 100


MAX_EVIDENCE = 20


RECORD = "roadmap.positionversion"


class Overtaken(MoveRefused):
    """A colleague of the same agency wrote in between; nothing is lost or overwritten."""

    code = "changed_meanwhile"
    http_status = 412


def evidence_path(evidence: "Evidence", filename: str) -> str:
    """A name of our own; the uploader's file name is never used on disk."""
    digest = hashlib.sha256(
        f"{evidence.position_id}:{timezone.now()}".encode()
    ).hexdigest()
    return f"evidence/{digest[:2]}/{digest[2:34]}.pdf"


class PositionVersion(Moved):
    """One text of one agency on one milestone. Its text never changes; its status moves."""

    class Completion(models.TextChoices):
        """The public scale, from the lowest to the highest."""

        NO_EVIDENCE = "no_evidence", _("No evidence")
        NOT_STARTED = "not_started", _("Not started")
        LIMITED = "limited", _("Limited")
        SUBSTANTIAL = "substantial", _("Substantial")
        COMPLETE = "complete", _("Complete")

    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="positions", verbose_name=_("milestone")
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="positions", verbose_name=_("agency")
    )
    version = models.PositiveIntegerField(_("version"))
    completion = models.CharField(
        _("completion"), max_length=12, choices=Completion.choices
    )
    text = models.TextField(
        _("what has changed"), max_length=2000, validators=[WordLimit(TEXT_WORDS)]
    )
    language = models.CharField(
        _("language of the text"),
        max_length=8,
        choices=settings.LANGUAGES,
        default="en",
    )
    expected = partial.WrittenDateField(
        _("expected or reached on"),
        max_length=partial.MAX_LENGTH,
        blank=True,
        validators=[dates.validate],
        help_text=_("Enter a date such as 2025, 2025-07 or 2025-07-11."),
    )
    evidence_count = models.PositiveSmallIntegerField(
        _("pieces of evidence"), default=0
    )
    WORKFLOW = POSITION_WORKFLOW
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=PositionStatus.choices,
        default=PositionStatus.DRAFT,
        editable=False,
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
    )
    created_at = models.DateTimeField(_("written at"), auto_now_add=True)
    cleared_at = models.DateTimeField(
        _("cleared at"), null=True, blank=True, editable=False
    )
    published_at = models.DateTimeField(
        _("published at"), null=True, blank=True, editable=False
    )
    superseded_at = models.DateTimeField(
        _("superseded at"), null=True, blank=True, editable=False
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, blank=True, editable=False
    )

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("position of an agency")
        verbose_name_plural = _("positions of agencies")
        ordering = ["-created_at", "-pk"]
        constraints = [
            feed.POSITIONS,
            status_check(PositionStatus.values, "position_status"),
            models.UniqueConstraint(
                fields=["milestone", "agency", "version"], name="position_version_once"
            ),
            models.UniqueConstraint(
                fields=["milestone", "agency"],
                condition=models.Q(status=PositionStatus.PUBLISHED),
                name="position_published_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(completion="complete")
                | models.Q(evidence_count__gt=0),
                name="position_complete_with_evidence",
                violation_error_message=_(
                    "“Complete” requires evidence: add a link or a file."
                ),
            ),
            models.CheckConstraint(
                condition=~models.Q(completion="no_evidence")
                | models.Q(evidence_count=0),
                name="position_no_evidence_without",
                violation_error_message=_(
                    "Choose another word than “No evidence”, or remove the evidence."
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                name="position_newest",
                condition=models.Q(published_at__isnull=False),
            ),
            models.Index(fields=["agency", "-created_at"], name="position_of_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.milestone_id} v{self.version}"

    def get_absolute_url(self) -> str:
        page = reverse("roadmap:milestone", args=[self.milestone_id])
        return f"{page}#position-{self.agency_id}"

    # --- who may do what ---

    def roles_of(self, user: AnyUser) -> set[str]:
        return lane_roles(self.agency_id, user)

    def open_moves(self, user: AnyUser) -> list[Move]:
        return [m for m in super().open_moves(user) if m.name not in AUTOMATIC]

    @transaction.atomic
    def move(self, name: str, user: AnyUser, note: str = "") -> Self:
        """Make one move; publishing supersedes what the agency had published before.

        Raises MoveRefused, and KeyError for a move that people cannot make.
        """
        if name in AUTOMATIC:
            raise KeyError(name)
        if name == "publish":
            standing = PositionVersion.objects.published().filter(
                milestone=self.milestone_id, agency=self.agency_id
            )
            for previous in standing.select_for_update():
                Moved.move(previous, "supersede", user)
        return super().move(name, user, note)

    # --- what it says ---

    def clean(self) -> None:
        """Refuse a contradiction: “complete” without evidence or on a future day, “no evidence”
        with evidence."""
        super().clean()
        kinds = self.Completion
        if self.completion == kinds.COMPLETE and not self.evidence_count:
            raise ValidationError(
                {"completion": _("“Complete” requires evidence: add a link or a file.")}
            )
        if self.completion == kinds.NO_EVIDENCE and self.evidence_count:
            raise ValidationError(
                {
                    "completion": _(
                        "Choose another word than “No evidence”, or remove the evidence."
                    )
                }
            )
        if self.completion == kinds.COMPLETE and self._is_to_come():
            raise ValidationError(
                {"expected": _("“Complete” needs a date that is not in the future.")}
            )

    def _is_to_come(self) -> bool:
        if not self.expected:
            return False
        try:
            return dates.parse(self.expected).first > timezone.now().date()
        except ValidationError:  # the field says it
            return False

    @property
    def freshness(self) -> Freshness:
        """How long ago the agency published this; says nothing about progress."""
        return freshness(self.published_at, timezone.now())

    @property
    def when(self) -> str:
        return str(dates.parse(self.expected)) if self.expected else ""

    def require_evidence(self) -> None:
        if self.completion == self.Completion.COMPLETE and not self.evidence.exists():
            raise MoveRefused(_("“Complete” requires evidence: add a link or a file."))

    def log_publication(self, _change: StatusChange) -> None:
        self.record_change(Change.Kind.PUBLISH)

    def log_withdrawal(self, _change: StatusChange) -> None:
        self.record_change(Change.Kind.DELETE)

    def record_change(self, kind: str) -> Change:
        content = {
            "milestone": self.milestone_id,
            "agency": self.agency_id,
            "text": self.text,
            "completion": self.completion,
            "expected": self.expected,
            "status": self.status,
        }
        return Change.objects.create(
            kind=kind,
            record_kind=RECORD,
            record_id=str(self.pk),
            version=self.version,
            content_hash=content_hash(content),
        )


def lane_roles(agency: str, user: AnyUser) -> set[str]:
    """The roles that a person has for this agency; nobody else has any, not even the
    secretariat."""
    if not user.is_authenticated:
        return set()
    membership = AgencyMembership.objects.filter(agency=agency, user=user).first()
    if membership is None:
        return set()
    return {FOCAL_POINT, APPROVER} if membership.approves else {FOCAL_POINT}


class Evidence(models.Model):
    """What a position is based on: a link, a version of a document, or a PDF file."""

    position = models.ForeignKey(
        PositionVersion,
        models.CASCADE,
        related_name="evidence",
        verbose_name=_("position"),
    )
    label = models.CharField(_("what it is"), max_length=200)
    link = models.URLField(_("link"), max_length=500, blank=True)
    issue = models.ForeignKey(
        "roadmap.Issue",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("version of a document"),
    )
    file = models.FileField(_("file"), upload_to=evidence_path, blank=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(link="")
                | ~models.Q(file="")
                | models.Q(issue__isnull=False),
                name="evidence_of_something",
                violation_error_message=_("Add a link, a document or a file."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def address(self) -> str:
        """The address at which it can be read."""
        if self.file:
            return reverse("roadmap:evidence", args=[self.pk])
        return self.link or (self.issue.link if self.issue else "")


class ReconciliationNote(models.Model):
    """The secretariat's comment on a disagreement; shown beside the positions."""

    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="notes", verbose_name=_("milestone")
    )
    text = models.TextField(_("note"), max_length=4000, validators=[WordLimit(200)])
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("reconciliation note")
        verbose_name_plural = _("reconciliation notes")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="reconciliation_newest")]

    def __str__(self) -> str:
        return f"{self.milestone_id}: {self.at:%Y-%m-%d}"


@transaction.atomic
def write_position(
    position: PositionVersion, evidence: list[Evidence]
) -> PositionVersion:
    """Store the agency's next version as a draft. Its fields have been judged before, by
    `full_clean`; its number is the one after the version that the writer read.

    Raises NotYourMove (another agency's position) or Overtaken (a colleague was quicker).
    """
    if not lane_roles(position.agency_id, position.by) & WRITERS:
        raise NotYourMove(_("You do not have permission to write for this agency."))
    lane = PositionVersion.objects.filter(
        milestone=position.milestone_id, agency=position.agency_id
    )
    last = lane.order_by("-version").select_for_update().first()
    if position.version != (last.version if last else 0) + 1:
        raise _overtaken()
    position.evidence_count = len(evidence)
    try:
        with transaction.atomic():
            position.save()
    except (
        IntegrityError
    ) as error:  # two first versions at once: the constraint lets one in
        raise _overtaken() from error
    for piece in evidence:
        piece.position = position
        piece.save()
    waiting = (PositionStatus.DRAFT, PositionStatus.CLEARED)
    for previous in lane.filter(status__in=waiting, version__lt=position.version):
        Moved.move(previous, "replace", position.by)
    return position


def _overtaken() -> Overtaken:
    return Overtaken(
        _(
            "A colleague saved a newer version after you opened this form. Both are "
            "kept: read the other version, then send yours again if it is still "
            "correct."
        )
    )
