"""Contests: an edition of the Prizes with its categories, phases and extensions."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User, validate_time_zone
from common.dates.zones import NamedZone
from common.moves.actors import AnyUser
from common.moves.workflow import NOTE_MAX_LENGTH
from common.text.official_names import official_name
from prizes.contest.order import misplaced
from prizes.contest.review_rules import ReviewRules
from prizes.feed import CONTESTS


class ContestPhaseQuerySet(models.QuerySet["Phase"]):
    def begun(self) -> Self:
        return self.filter(opens_at__lte=Now())

    def open(self) -> Self:
        return self.filter(opens_at__lte=Now(), closes_at__gt=Now())

    def over(self) -> Self:
        return self.filter(closes_at__lte=Now())

    def coming(self) -> Self:
        return self.filter(opens_at__gt=Now()).order_by("opens_at")

    def of(self, kind: str) -> Self:
        """The phase of this kind of the contest in an outer query."""
        return self.filter(contest=OuterRef("contest"), kind=kind)


class ContestQuerySet(models.QuerySet["Contest"]):
    def real(self) -> Self:
        return self.filter(is_demonstration=False)

    def current(self) -> Self:
        """Live contests: those with an open or coming phase, nearest first.

        Each has `live` (kind of the open phase, or None), `closes` (its end) and `next_date` (when
        the next phase opens).
        """
        phases = self._phases().filter(contest=OuterRef("pk"))
        running = phases.open().order_by("-number")
        return (
            self.annotate(
                live=Subquery(running.values("kind")[:1]),
                closes=Subquery(running.values("closes_at")[:1]),
                next_kind=Subquery(phases.coming().values("kind")[:1]),
                next_date=Subquery(phases.coming().values("opens_at")[:1]),
            )
            .filter(Q(live__isnull=False) | Q(next_date__isnull=False))
            .order_by(F("closes").asc(nulls_last=True), "next_date", "-year")
        )

    def with_open(self, kind: str) -> Self:
        """Contests in which this phase is open, the next to close first."""
        running = self._phases().filter(contest=OuterRef("pk"), kind=kind).open()
        contests = self.annotate(closes=Subquery(running.values("closes_at")[:1]))
        return contests.filter(closes__isnull=False).order_by("closes", "pk")

    def with_panels_of(self, user: AnyUser) -> Self:
        """Contests with panels of this expert, latest first; `mine`: how many."""
        contests = self.filter(categories__panel__seats__expert=user)
        return contests.annotate(mine=models.Count("categories__panel")).order_by(
            "-year", "-pk"
        )

    def for_list(self) -> Self:
        return self.prefetch_related("phases").order_by("-year", "-pk")

    def for_page(self) -> Self:
        return self.prefetch_related("phases__extensions", "categories")

    def _phases(self) -> ContestPhaseQuerySet:
        return Phase.objects.all()


FIRST_YEAR = 2012


GENEVA = "Europe/Zurich"


class Contest(ReviewRules):  # type: ignore[django-manager-missing]  # modeltranslation wraps it
    """One edition. What changes from year to year is a field or a row, never code."""

    slug = models.SlugField(
        _("address of the pages"),
        max_length=20,
        unique=True,
        help_text=_("The year of a regular edition; part of the address of its pages."),
    )
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(2100)]
    )
    title = models.CharField(_("title"), max_length=120)
    is_demonstration = models.BooleanField(
        _("demonstration"),
        default=False,
        help_text=_("For trying the portal only: its dates and entries are made up."),
    )
    time_zone = models.CharField(
        _("time zone of the deadlines"),
        max_length=64,
        default=GENEVA,
        validators=[validate_time_zone],
    )
    # rules
    words_min = models.PositiveSmallIntegerField(
        _("words of a description, at least"), default=150
    )
    words_max = models.PositiveSmallIntegerField(
        _("words of a description, at most"), default=200
    )
    one_per_organization = models.BooleanField(
        _("one entry per organization and category"), default=True
    )
    nominee_cap = models.PositiveSmallIntegerField(
        _("nominees per category, at most"), default=20
    )
    votes_per_category = models.PositiveSmallIntegerField(
        _("votes per category"), default=1
    )
    all_categories_required = models.BooleanField(
        _("a ballot counts only if every category has a vote"), default=False
    )
    own_organization_barred = models.BooleanField(
        _("nobody votes for their own organization"), default=True
    )
    officials_barred = models.BooleanField(
        _("the secretariat and the experts of the panels do not vote"), default=True
    )
    champions_per_category = models.PositiveSmallIntegerField(
        _("champions per category"), default=5
    )
    sealed = models.BooleanField(
        _("entries cannot be read until submission closes"),
        default=True,
        help_text=_(
            "Until then only its owner and the co-editors of the project can read an entry; the "
            "secretariat cannot."
        ),
    )
    champions_at = models.DateTimeField(
        _("champions are public from"),
        null=True,
        blank=True,
        help_text=_(
            "Leave empty to keep it private. It becomes public automatically at this "
            "time."
        ),
    )
    winners_at = models.DateTimeField(
        _("winners are public from"), null=True, blank=True
    )
    told_by_letter = models.BooleanField(
        _("outcomes are told by letters only"),
        default=False,
        help_text=_(
            "The portal then sends no short e-mail of its own about an outcome: every "
            "entrant is told by the letters that the secretariat approves."
        ),
    )
    counted_at = models.DateTimeField(
        _("votes counted at"), null=True, blank=True, editable=False
    )
    unconfirmed_rules = ArrayField(
        models.CharField(max_length=30),
        verbose_name=_("rules that are unconfirmed"),
        default=list,
        blank=True,
        help_text=_("Names of rules, such as “nominee_cap”, that no source confirms."),
    )
    rules_note = models.TextField(
        _("what is known about the rules"), blank=True, max_length=2000
    )
    source = models.TextField(_("source"), blank=True, max_length=2000)
    source_note = models.TextField(
        _("inferred or unconfirmed"), blank=True, max_length=2000
    )

    objects = ContestQuerySet.as_manager()

    class Meta:
        verbose_name = _("contest")
        verbose_name_plural = _("contests")
        ordering = ["-year", "-pk"]
        constraints = [
            CONTESTS,
            models.UniqueConstraint(
                fields=["year"],
                condition=models.Q(is_demonstration=False),
                name="contest_year_once",
            ),
            models.CheckConstraint(
                condition=models.Q(words_min__lte=models.F("words_max")),
                name="contest_words_in_order",
                violation_error_message=_(
                    "The minimum number of words is above the maximum."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(votes_per_category=1),
                name="contest_one_vote_per_category",
                violation_error_message=_(
                    "A ballot can contain one vote per category."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(winners_at__gte=models.F("champions_at"))
                | models.Q(winners_at=None)
                | models.Q(champions_at=None),
                name="contest_champions_before_winners",
                violation_error_message=_(
                    "Winners cannot be public before the champions."
                ),
            ),
        ]
        indexes = [models.Index(fields=["-year", "-id"], name="contest_order")]

    def __str__(self) -> str:
        return official_name(self.title) or self.title

    def get_absolute_url(self) -> str:
        return reverse("prizes:contest", args=[self.slug])

    @property
    def zone(self) -> NamedZone:
        return NamedZone(self.time_zone)

    def phase(self, kind: str) -> "Phase | None":
        """The phase of this kind; reads all phases once."""
        return next((phase for phase in self.phases.all() if phase.kind == kind), None)

    def is_open(self, kind: str) -> bool:
        """Whether the phase is open, by the clock of the database."""
        return self.phases.filter(kind=kind).open().exists()

    def has_begun(self, kind: str) -> bool:
        return self.phases.filter(kind=kind).begun().exists()

    def has_ended(self, kind: str) -> bool:
        return self.phases.filter(kind=kind).over().exists()


class Category(models.Model):
    """One of the 18 categories of a contest: an action line that can be chosen."""

    contest = models.ForeignKey(
        Contest, models.PROTECT, related_name="categories", verbose_name=_("contest")
    )
    action_line = models.ForeignKey(
        "reference.ActionLine",
        models.PROTECT,
        related_name="prize_categories",
        verbose_name=_("action line"),
        limit_choices_to={"number__isnull": False},
    )
    number = models.PositiveSmallIntegerField(_("number"))

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["contest", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "action_line"], name="category_once"
            ),
            models.UniqueConstraint(
                fields=["contest", "number"], name="category_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action_line_id} {self.contest_id and self.contest.slug}"

    @property
    def code(self) -> str:
        return self.action_line_id


class Phase(models.Model):
    """A phase of the contest. Historic ones may lack a beginning, an end or the hour."""

    class Kind(models.TextChoices):
        SUBMISSION = "submission", _("Submission")
        NOMINATION = "nomination", _("Nomination by expert groups")
        VOTING = "voting", _("Public voting")
        SELECTION = "selection", _("Selection of winners")
        ANNOUNCEMENT = "announcement", _("Announcement")

    contest = models.ForeignKey(
        Contest, models.PROTECT, related_name="phases", verbose_name=_("contest")
    )
    kind = models.CharField(_("phase"), max_length=12, choices=Kind.choices)
    number = models.PositiveSmallIntegerField(_("order"), editable=False)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    hour_known = models.BooleanField(
        _("the hour is known"),
        default=True,
        help_text=_("Without it the pages show only days: the source gives no time."),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    is_judged_with_others = (
        False  # by the form that holds all phases (common.forms.together)
    )

    objects = ContestPhaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["contest", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "kind"], name="phase_once"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at"))
                | models.Q(opens_at=None)
                | models.Q(closes_at=None),
                name="phase_ends_after_start",
                violation_error_message=_("The phase closes before it opens."),
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "opens_at", "closes_at"], name="phase_window")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.number = Phase.Kind.values.index(self.kind) + 1
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Phases follow one another. Raises ValidationError with a sentence per date."""
        if self.kind not in Phase.Kind.values or self.contest_id is None:
            return
        if self.is_judged_with_others:
            return
        errors: dict[str, list[Any]] = {}
        others = Phase.objects.filter(contest=self.contest_id).exclude(pk=self.pk)
        for wrong in misplaced([*others, self]):
            if self in wrong.records:
                errors.setdefault(wrong.fields[0], []).append(wrong.sentence)
        if errors:
            raise ValidationError(errors)

    @property
    def place(self) -> int:
        """Its position in the order of kinds, also before it is saved."""
        return Phase.Kind.values.index(self.kind) + 1

    @transaction.atomic
    def extend(
        self, new_end: datetime.datetime, reason: str, by: User | None
    ) -> "Extension":
        """Change the end, to a later or an earlier moment that is still to come; the old one
        stays visible. Raises ValidationError with a sentence."""
        phase = (
            Phase.objects.select_for_update().select_related("contest").get(pk=self.pk)
        )
        old_end = phase.require_extension(new_end, reason)
        phase.closes_at = new_end
        phase.save(update_fields=["closes_at"])
        return Extension.objects.create(
            phase=phase,
            old_end=old_end,
            new_end=new_end,
            reason=reason.strip(),
            by=by if getattr(by, "pk", None) else None,
            at=timezone.now(),
        )

    def require_extension(
        self, new_end: datetime.datetime, reason: str
    ) -> datetime.datetime:
        """The present end. Raises ValidationError with a sentence when it cannot be changed."""
        if self.closes_at is None or new_end == self.closes_at:
            raise ValidationError(
                {"new_end": _("The new end must differ from the current one.")}
            )
        if self.opens_at and new_end <= self.opens_at:
            raise ValidationError({"new_end": _("The phase closes before it opens.")})
        if new_end <= timezone.now():
            raise ValidationError({"new_end": _("The new end is already past.")})
        if self.contest.counted_at and self.kind == Phase.Kind.VOTING:
            raise ValidationError(
                {
                    "new_end": _(
                        "The votes have been counted: voting cannot be reopened."
                    )
                }
            )
        if not reason.strip():
            raise ValidationError(
                {"reason": _("Enter the reason: it is shown publicly.")}
            )
        moved = Phase(
            pk=self.pk,
            contest_id=self.contest_id,
            kind=self.kind,
            number=self.number,
            opens_at=self.opens_at,
            closes_at=new_end,
        )
        try:
            moved.clean()
        except ValidationError as error:
            raise ValidationError(
                {"new_end": error.message_dict["closes_at"]}
            ) from error
        return self.closes_at


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def announced(self) -> Self:
        """Those made here, latest first: those from a source may lack the day."""
        real = self.filter(at__isnull=False, phase__contest__is_demonstration=False)
        return real.select_related("phase__contest").order_by("-at", "-pk")


class Extension(models.Model):
    """A deadline that was extended, or brought forward: shown on the pages permanently."""

    phase = models.ForeignKey(
        Phase, models.PROTECT, related_name="extensions", verbose_name=_("phase")
    )
    old_end = models.DateTimeField(_("old end"))
    new_end = models.DateTimeField(_("new end"))
    reason = models.TextField(_("reason"), max_length=NOTE_MAX_LENGTH, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(
        _("at"),
        null=True,
        blank=True,
        help_text=_("Leave empty if a source does not say when."),
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    told_at = models.DateTimeField(
        _("owners of drafts told at"), null=True, blank=True, editable=False
    )

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("changed deadline")
        verbose_name_plural = _("changed deadlines")
        ordering = ["phase", "at", "new_end"]
        constraints = [
            models.UniqueConstraint(
                fields=["phase", "new_end"],
                condition=models.Q(at=None),
                name="extension_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(new_end=models.F("old_end")),
                name="extension_changes",
            ),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="extension_order")]

    def __str__(self) -> str:
        zone = self.phase.contest.zone
        ends = (
            date_format(end.astimezone(zone)) for end in (self.old_end, self.new_end)
        )
        return f"{self.phase}: {' → '.join(ends)}"

    @property
    def is_later(self) -> bool:
        return self.new_end > self.old_end
