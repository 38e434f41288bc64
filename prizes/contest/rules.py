"""Rules of a contest: eligibility questions, review criteria, and figures from sources."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from prizes.contest.models import Contest

# What an edition of the prizes decides anew, as fields of its contest; it stands while people vote.
RULES = (
    "words_min",
    "words_max",
    "one_per_organization",
    "nominee_cap",
    "votes_per_category",
    "all_categories_required",
    "own_organization_barred",
    "officials_barred",
    "review_mode",
    "reviews_anonymous",
    "names_at_choice",
    "country_barred",
    "champions_per_category",
    "sealed",
)


class Question(models.Model):  # type: ignore[django-manager-missing]  # modeltranslation wraps it
    """An eligibility question: only people who answer yes to all may enter."""

    contest = models.ForeignKey(
        Contest, models.CASCADE, related_name="questions", verbose_name=_("contest")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    text = models.CharField(_("question"), max_length=300)
    refusal = models.CharField(_("what is shown after a “no”"), max_length=300)

    class Meta:
        verbose_name = _("question of eligibility")
        verbose_name_plural = _("questions of eligibility")
        ordering = ["contest", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "order"], name="question_order_once"
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def wording(self) -> str:
        """By which answers keep it, whatever language the entrant reads: the original."""
        return str(getattr(self, "text_en", None) or self.text)


class Criterion(models.Model):  # type: ignore[django-manager-missing]  # modeltranslation wraps it
    """A criterion by which experts review the entries of a contest.

    Once a review was submitted, a trigger refuses new, changed and deleted criteria, in whatever
    language: reviews by other criteria would not be comparable, or would lack a score.
    """

    contest = models.ForeignKey(
        Contest, models.PROTECT, related_name="criteria", verbose_name=_("contest")
    )
    order = models.PositiveSmallIntegerField(_("order"))
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
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["contest", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "order"], name="criterion_order_once"
            ),
            models.CheckConstraint(
                condition=models.Q(weight__gte=1, scale__gte=1), name="criterion_counts"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        if self.contest_id and Criterion.are_in_use(self.contest_id):
            raise ValidationError(
                _(
                    "Experts have submitted reviews by these criteria: they can no longer change."
                )
            )

    @staticmethod
    def are_in_use(contest: int) -> bool:
        """Whether a review of this contest was submitted."""
        reviewed = Contest.objects.filter(pk=contest, entries__reviews__state="done")
        return reviewed.exists()


class Figure(models.Model):
    """A number that a source gives for an edition. Sources that disagree are shown side by side."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("Entries submitted")
        NOMINATED = "nominated", _("Entries nominated")
        COUNTRIES = "countries", _("Countries")
        VOTES = "votes", _("Votes")
        CHAMPIONS = "champions", _("Champions")
        WINNERS = "winners", _("Winners")

    class By(models.TextChoices):
        WHOLE = "", _("in all")
        CATEGORY = "action_line", _("by category")
        STAKEHOLDER = "stakeholder_type", _("by stakeholder type")
        REGION = "region", _("by region")

    contest = models.ForeignKey(
        Contest, models.PROTECT, related_name="figures", verbose_name=_("contest")
    )
    kind = models.CharField(_("figure"), max_length=10, choices=Kind.choices)
    by = models.CharField(
        _("breakdown"), max_length=16, choices=By.choices, blank=True, default=By.WHOLE
    )
    code = models.CharField(
        _("part"), max_length=12, blank=True, help_text=_("A code.")
    )
    value = models.CharField(
        _("value"),
        max_length=60,
        help_text=_("As in the source, such as “1.1 million”."),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=300)
    source_date = models.CharField(
        _("date of the source"),
        max_length=20,
        blank=True,
        help_text=_("As far as known."),
    )
    unconfirmed = models.BooleanField(_("unconfirmed"), default=False)

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["contest", "kind", "by", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "kind", "by", "code", "value", "source"],
                name="figure_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.value}"
