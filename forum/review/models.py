"""Review of proposals: who reviews which track, in which phases, by which criteria."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Max, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.user.domains import same_house
from accounts.user.models import User
from common.forms.values import refuse_unreadable
from common.moves.actors import AnyUser
from common.scoring.totals import Points, weighted_total
from forum.base.status import SubmissionStatus
from forum.consultation.models import Submission, SubmissionQuerySet
from forum.consultation.phases import DayRange
from forum.edition.models import Edition, today
from forum.people.models import name_key
from forum.room.models import Track

COMMENT_LENGTH = 4000
PAUSE = datetime.timedelta(days=3)  # nobody is asked or reminded more often
# What reviewers are asked about; the others have a disposition.
IN_REVIEW = (SubmissionStatus.SUBMITTED, SubmissionStatus.ACCEPTED)


class ReviewPhaseQuerySet(models.QuerySet["ReviewPhase"]):
    def current(self, edition: Edition) -> "ReviewPhase | None":
        """The one of today in Geneva; phases do not overlap."""
        days = {"opens_on__lte": today(), "closes_on__gte": today()}
        return self.filter(edition=edition, **days).first()

    def next(self, edition: Edition) -> "ReviewPhase | None":
        rows = self.filter(edition=edition, opens_on__gt=today())
        return rows.order_by("opens_on").first()


class ReviewPhase(models.Model):
    """Some days of the review: what reviewers do in them, and what they see."""

    class Others(models.TextChoices):
        NONE = "none", _("Only their own review")
        AFTER = "after", _("Reviews of others after their own")
        ALL = "all", _("All reviews")

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="review_phases", verbose_name=_("edition")
    )
    name = models.CharField(_("name"), max_length=100)
    opens_on = models.DateField(_("first day"), help_text=_("In Geneva time."))
    closes_on = models.DateField(_("last day"), help_text=_("In Geneva time."))
    takes_reviews = models.BooleanField(_("takes reviews"), default=True)
    shows_names = models.BooleanField(
        _("shows names"),
        default=False,
        help_text=_("Reviewers see the organization and the speakers of a proposal."),
    )
    others = models.CharField(
        _("reviewers see"), max_length=5, choices=Others.choices, default=Others.AFTER
    )

    objects = ReviewPhaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("review phase")
        verbose_name_plural = _("review phases")
        ordering = ["edition", "opens_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="review_phase_days_in_order",
                violation_error_message=_("The last day lies before the first."),
            ),
            ExclusionConstraint(
                name="review_phase_one_at_a_time",
                expressions=[
                    ("edition", RangeOperators.EQUAL),
                    (
                        DayRange(
                            "opens_on", "closes_on", RangeBoundary(inclusive_upper=True)
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Another phase overlaps with these days."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReviewCriterion(models.Model):
    """What reviewers score; `weight` says how much it counts in the total."""

    edition = models.ForeignKey(
        Edition,
        models.CASCADE,
        related_name="review_criteria",
        verbose_name=_("edition"),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text = models.CharField(_("criterion"), max_length=150)
    guidance = models.CharField(_("guidance"), max_length=500, blank=True)
    weight = models.PositiveSmallIntegerField(
        _("weight"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    scale = models.PositiveSmallIntegerField(
        _("highest score"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
    )

    class Meta:
        verbose_name = _("review criterion")
        verbose_name_plural = _("review criteria")
        ordering = ["edition", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__gte=1, scale__gte=1),
                name="review_criterion_counts",
            )
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Scores that were given stay within the scale."""
        given = ReviewScore.objects.filter(criterion=self.pk, value__gt=self.scale or 0)
        if self.pk and given.exists():
            raise ValidationError(
                {"scale": _("Reviewers have given higher scores already.")}
            )


class ProposalReviewerQuerySet(models.QuerySet["Reviewer"]):
    def seated(self) -> Self:
        """Those who review: not those who are asked again and have not accepted."""
        return self.filter(accepted=True)

    def unanswered(self) -> Self:
        return self.filter(accepted=None)

    def of_edition(self, edition: Edition) -> dict[str, Any]:
        """How many people review it, how many have not answered, and the last reminder."""
        return self.filter(edition=edition).aggregate(
            seated=Count("user", filter=Q(accepted=True), distinct=True),
            open=Count("user", filter=Q(accepted=None), distinct=True),
            reminded_at=Max("reminded_at"),
        )

    def may_be_asked(self) -> Self:
        """Not asked in the last three days, of people with an open account."""
        rested = Q(asked_at=None) | Q(asked_at__lte=Now() - PAUSE)
        return self.unanswered().filter(rested, user__is_active=True)


class Reviewer(models.Model):
    """Somebody who reviews the proposals of a track, or of all tracks; or is asked whether they do.

    Staff who enter somebody have their word: `accepted` is yes from the start. Of those whom a
    copy of an edition brings along it is open until they answer (`forum/review/asking.py`).
    """

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="reviewers", verbose_name=_("edition")
    )
    track = models.ForeignKey(
        Track,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="reviewers",
        verbose_name=_("track"),
        help_text=_("Leave empty for all tracks."),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="forum_reviewing",
        verbose_name=_("account"),
    )
    accepted = models.BooleanField(
        _("accepted"),
        null=True,
        blank=True,
        default=True,
        help_text=_("Unknown: asked by e-mail, and reviews once they accept."),
    )
    asked_at = models.DateTimeField(
        _("asked last at"), null=True, blank=True, editable=False
    )
    answered_at = models.DateTimeField(
        _("answered at"), null=True, blank=True, editable=False
    )
    reminded_at = models.DateTimeField(
        _("reminded at"), null=True, blank=True, editable=False
    )

    objects = ProposalReviewerQuerySet.as_manager()

    class Meta:
        verbose_name = _("reviewer")
        verbose_name_plural = _("reviewers")
        ordering = ["edition", "track", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "track", "user"],
                nulls_distinct=False,
                name="proposal_reviewer_once",
                violation_error_message=_("This person reviews this track already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


def conflicting(user: User) -> models.QuerySet[Submission]:
    """Inputs that this person must not review: their own, those of their organization or mail
    domain, and those that name them as a speaker."""
    conflict = Q(owner=user) | same_house(user.email, "owner__email")
    key = name_key(user.get_full_name())
    if key:
        conflict |= Q(speakers__name_key=key)
    member = getattr(user, "member", None)
    if member and member.organization:
        organization = member.organization
        conflict |= Q(owner__member__organization=organization)
        for name in (organization.name, *organization.aliases):
            conflict |= Q(organization_name__iexact=name)
    return Submission.objects.filter(conflict)


def reviewable_by(user: AnyUser, edition: Edition) -> SubmissionQuerySet:
    """The proposals of this person's tracks, without those with a conflict of interest."""
    rows = Submission.objects.proposals(edition).filter(status__in=IN_REVIEW)
    if not user.is_authenticated:
        return rows.none()
    seats = Reviewer.objects.seated().filter(edition=edition, user=user)
    tracks = list(seats.values_list("track", flat=True))
    if None not in tracks:
        rows = rows.filter(track__in=tracks)
    return rows.exclude(pk__in=conflicting(user).values("pk"))


class ProposalReviewQuerySet(models.QuerySet["Review"]):
    def handed_in(self) -> Self:
        return self.exclude(state=Review.State.DRAFT)

    def of_others(self, user: User, submission: Submission, phase: ReviewPhase) -> Self:
        """Those that a reviewer may read in a phase: never drafts."""
        rows = self.filter(submission=submission).exclude(reviewer=user).handed_in()
        own = self.filter(submission=submission, reviewer=user).handed_in()
        if phase.others == ReviewPhase.Others.ALL or (
            phase.others == ReviewPhase.Others.AFTER and own.exists()
        ):
            return rows
        return rows.none()


class Review(models.Model):
    """One reviewer's view of one proposal."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        DONE = "done", _("Submitted")
        ABSTAINED = "abstained", _("Abstained")

    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="reviews", verbose_name=_("submission")
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="forum_reviews",
        verbose_name=_("reviewer"),
    )
    phase = models.ForeignKey(
        ReviewPhase,
        models.SET_NULL,
        null=True,
        related_name="reviews",
        verbose_name=_("review phase"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DRAFT
    )
    comment = models.TextField(
        _("comment"),
        blank=True,
        max_length=COMMENT_LENGTH,
        validators=[refuse_unreadable],
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = ProposalReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of a proposal")
        verbose_name_plural = _("reviews of proposals")
        ordering = ["submission", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "reviewer"], name="proposal_review_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission} – {self.reviewer}"

    @property
    def total(self) -> float | None:
        """The weighted score from 0 to 100; None for a draft or an abstention."""
        if self.state != Review.State.DONE:
            return None
        return weighted_total(
            Points(score.criterion.weight, score.value, score.criterion.scale)
            for score in self.scores.all()
        )


class ReviewScore(models.Model):
    """The score for one criterion."""

    review = models.ForeignKey(
        Review, models.CASCADE, related_name="scores", verbose_name=_("review")
    )
    criterion = models.ForeignKey(
        ReviewCriterion,
        models.PROTECT,
        related_name="scores",
        verbose_name=_("criterion"),
    )
    value = models.PositiveSmallIntegerField(_("score"))

    class Meta:
        verbose_name = _("score of a proposal")
        verbose_name_plural = _("scores of proposals")
        ordering = ["review", "criterion"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "criterion"], name="proposal_score_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.value}"
