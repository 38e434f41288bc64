"""Expert panels: who reviews which category, by which criteria, and who may not."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.moves.actors import AnyUser
from common.scoring.totals import Points, weighted_total
from prizes.base.conflicts import kinds_of_conflicts
from prizes.contest.models import Category
from prizes.contest.rules import Criterion
from prizes.entry.amendment import DISQUALIFIED
from prizes.entry.models import Entry
from prizes.entry.workflow import PANEL, Status


class PanelQuerySet(models.QuerySet["Panel"]):
    def visible_to(self, user: AnyUser) -> Self:
        """One's own panels; all for the secretariat."""
        if not user.is_authenticated:
            return self.none()
        return (
            self if user.is_secretariat else self.filter(seats__expert=user).distinct()
        )


class ReviewQuerySet(models.QuerySet["Review"]):
    def handed_in(self) -> Self:
        return self.exclude(state="draft")

    def with_feedback(self) -> Self:
        """Submitted reviews with a text for the entrant."""
        return self.filter(state="done").exclude(feedback="")

    def feedback_to_approve(self) -> Self:
        return self.with_feedback().filter(feedback_approved_at=None)

    def feedback_for(self, *entries: Entry) -> Self:
        """Reviews whose `feedback` the secretariat has approved for the entrants, in the order in
        which they were begun. The entrants may not learn who wrote them."""
        approved = self.with_feedback().filter(entry__in=entries)
        return approved.exclude(feedback_approved_at=None).order_by("pk")

    def readable_by(self, user: AnyUser, entry: Entry) -> Self:
        """Reviews of an entry: one's own, and after submitting it, the others'.

        The secretariat and the panel's chair read all; nobody with a conflict reads any.
        """
        rows = self.filter(entry=entry)
        if entry.roles_of(user) & PANEL:
            return rows.filter(Q(reviewer=user) | ~Q(state="draft"))
        own = rows.filter(reviewer=user)
        if own.handed_in().exists():
            return rows.filter(Q(reviewer=user) | ~Q(state="draft"))
        return own


COMMENT_LENGTH = 4000
FEEDBACK_LENGTH = 2000


class Panel(models.Model):
    """The expert panel of a category."""

    category = models.OneToOneField(
        Category, models.PROTECT, related_name="panel", verbose_name=_("category")
    )
    experts = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        through="PanelMember",
        related_name="prize_panels",
        verbose_name=_("experts"),
    )
    reviews_per_entry = models.PositiveSmallIntegerField(
        _("reviews of each entry"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )
    load_cap = models.PositiveSmallIntegerField(
        _("entries per expert, at most"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )

    objects = PanelQuerySet.as_manager()

    class Meta:
        verbose_name = _("panel")
        verbose_name_plural = _("panels")
        ordering = ["category"]

    def __str__(self) -> str:
        return str(self.category)

    def chaired_by(self, user: User) -> bool:
        return self.seats.filter(expert=user, is_chair=True).exists()

    def experts_free_of(self, entries: QuerySet) -> dict[int, set[int]]:
        """Expert → those of these entries without a conflict of interest; three queries. An
        expert with a closed account is left out."""
        seats = self.seats.filter(expert__is_active=True).order_by("pk")
        return free_of(seats.values_list("expert", flat=True), entries)

    def champions(self) -> models.QuerySet[Entry]:
        """The entries among which the winner is chosen, the winner included; no champion that
        two officers have disqualified."""
        here = Entry.objects.filter(category=self.category_id, source="")
        out: Any = here.filter(status=Status.CHAMPION).with_standing()
        out = out.filter(standing=DISQUALIFIED).order_by()
        chosen = (Status.CHAMPION, Status.WINNER)
        return here.filter(status__in=chosen).exclude(pk__in=out.values("pk"))

    def entitled(self) -> set[int]:
        """Experts who may choose the winner. A conflict of interest with one champion excludes
        from the choice, because choosing another would be a vote against it."""
        champions = self.champions()
        number = champions.count()
        free = self.experts_free_of(champions)
        return {
            expert
            for expert, entries in free.items()
            if number and len(entries) == number
        }

    def chosen(self, entitled: set[int]) -> int | None:
        """The entry that the panel has chosen, or None."""
        voices = dict(
            self.choices.filter(standing=True, expert__in=entitled).values_list(
                "expert", "entry"
            )
        )
        chair = (
            self.seats.filter(is_chair=True).values_list("expert", flat=True).first()
        )
        return decided(voices, len(entitled), chair)


def free_of(people: Iterable[int], entries: Any) -> dict[int, set[int]]:
    """Person → those of these entries without a conflict of interest; two queries."""
    people = list(people)
    keys = set(entries.order_by().values_list("pk", flat=True))
    barred = kinds_of_conflicts(people)
    return {
        person: {entry for entry in keys if (entry, person) not in barred}
        for person in people
    }


def decided(voices: dict[int, int], entitled: int, chair: int | None) -> int | None:
    """The rule (docs/prizes.md): more than half of the entitled experts, or half of them with the
    chair.

    `voices` is expert → entry.
    """
    for entry, count in Counter(voices.values()).items():
        half_with_chair = 2 * count == entitled and voices.get(chair or 0) == entry
        if 2 * count > entitled or half_with_chair:
            return entry
    return None


class PanelMember(models.Model):
    """A seat on a panel."""

    panel = models.ForeignKey(
        Panel, models.CASCADE, related_name="seats", verbose_name=_("panel")
    )
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="panel_seats",
        verbose_name=_("expert"),
    )
    is_chair = models.BooleanField(_("chair"), default=False)
    takes_entries = models.BooleanField(
        _("is given entries"),
        default=True,
        help_text=_(
            "Without it, the expert keeps the seat but is given no more entries."
        ),
    )
    reminded_at = models.DateTimeField(
        _("reminded at"), null=True, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("seat on a panel")
        verbose_name_plural = _("seats on panels")
        ordering = ["panel", "-is_chair", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "expert"], name="seat_once"),
            models.UniqueConstraint(
                fields=["panel"],
                condition=models.Q(is_chair=True),
                name="panel_one_chair",
                violation_error_message=_("The panel already has a chair."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.expert)


class Conflict(models.Model):
    """A conflict of interest that an expert declared, or that the secretariat recorded.

    Those that can be derived need no row: prizes/panel/conflicts.sql finds them each time.
    """

    entry = models.ForeignKey(
        Entry, models.CASCADE, related_name="conflicts", verbose_name=_("entry")
    )
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="prize_conflicts",
        verbose_name=_("expert"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
        help_text=_("Empty if the expert declared it."),
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "expert"], name="conflict_once")
        ]

    def __str__(self) -> str:
        return f"{self.expert} – {self.entry}"


class Review(models.Model):
    """One expert's review of one entry; the panel reads it after submitting their own."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        DONE = "done", _("Submitted")
        ABSTAINED = "abstained", _("Abstained")

    entry = models.ForeignKey(
        Entry, models.PROTECT, related_name="reviews", verbose_name=_("entry")
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="prize_reviews",
        verbose_name=_("expert"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DRAFT
    )
    colleague = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("written with"),
        help_text=_("The colleague to whom the expert handed the review."),
    )
    passes = models.BooleanField(_("pass"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True, max_length=COMMENT_LENGTH)
    feedback = models.TextField(
        _("feedback for the entrant"), blank=True, max_length=FEEDBACK_LENGTH
    )
    feedback_approved_at = models.DateTimeField(
        _("feedback approved at"), null=True, blank=True, editable=False
    )  # by whom: the log of the admin
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["entry", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "reviewer"], name="review_once"),
        ]

    def __str__(self) -> str:
        return f"{self.entry} – {self.reviewer}"

    @property
    def verdict(self) -> str:
        """Pass or fail, as the form holds it."""
        return "" if self.passes is None else str(self.passes)

    @property
    def total(self) -> float | None:
        """The weighted score from 0 to 100, or 100 for pass and 0 for fail; None while a score is
        missing."""
        if self.state != Review.State.DONE:
            return None
        if self.passes is not None:
            return 100.0 if self.passes else 0.0
        return weighted_total(
            Points(score.criterion.weight, score.value, score.criterion.scale)
            for score in self.scores.all()
        )


def counting_reviews(entries: Any) -> list[Review]:
    """Submitted reviews of these entries by people without a known conflict of interest, whether
    or not they are still on the panel. Three queries."""
    rows = Review.objects.filter(entry__in=entries).handed_in()
    reviews = list(
        rows.select_related("reviewer", "colleague").prefetch_related(
            "scores__criterion"
        )
    )
    barred = kinds_of_conflicts({review.reviewer_id for review in reviews})
    return [
        review
        for review in reviews
        if (review.entry_id, review.reviewer_id) not in barred
    ]


class Score(models.Model):
    """The score for one criterion."""

    review = models.ForeignKey(
        Review, models.CASCADE, related_name="scores", verbose_name=_("review")
    )
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, related_name="scores", verbose_name=_("criterion")
    )
    value = models.PositiveSmallIntegerField(_("score"))

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["review", "criterion"]
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="score_once"),
        ]

    def __str__(self) -> str:
        return str(self.value)

    def clean(self) -> None:
        if self.criterion_id and self.value > self.criterion.scale:
            raise ValidationError(
                {"value": _("This is above the highest score of the criterion.")}
            )
