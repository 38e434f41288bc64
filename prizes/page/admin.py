"""A contest in the admin, with its rules, its phases and the count."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from common.admin.deletion import DeletesMistakes, in_use
from common.admin.languages import in_other_languages, original
from common.admin.read_only import KeptAdmin
from common.dates.admin import ZonedAdmin
from prizes.amendment.admin import AmendmentsMixin
from prizes.certificate.admin import CertificatesMixin
from prizes.contest.admin import (
    LIVE_PHASES,
    CriterionInline,
    FigureInline,
    PhaseInline,
    QuestionInline,
)
from prizes.contest.loading import make_categories
from prizes.contest.models import Category, Contest, Phase
from prizes.contest.rules import RULES, Criterion, Figure, Question
from prizes.hold.rules import HoldRule, make_rules
from prizes.letter.admin import LettersMixin
from prizes.letter.models import LetterTemplate
from prizes.public_record.admin import WitnessInline
from prizes.public_record.models import Witness
from prizes.result.admin import CountMixin, count
from prizes.result.verification import Verification
from prizes.result.verification_admin import VerifyMixin
from prizes.screening.admin import CheckInline, ScreeningMixin
from prizes.screening.models import EntryReason, EntryReasonText, ScreeningCheck
from prizes.year.admin import YearMixin

FIXED_WHILE_IT_RUNS = ("slug", "year", "time_zone", *RULES)


class RulesField(forms.MultipleChoiceField):
    """Names of rules, chosen by their description."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        names = ["time_zone", *RULES]
        fields: Any = [Contest._meta.get_field(name) for name in names]
        choices = [(field.name, field.verbose_name) for field in fields]
        super().__init__(choices=choices, required=False, **kwargs)


class ContestForm(forms.ModelForm):
    unconfirmed_rules = RulesField(
        label=_("Rules that are unconfirmed"),
        help_text=_("Rules that no source confirms."),
    )


@admin.register(Contest)
class ContestAdmin(
    LettersMixin,
    CertificatesMixin,
    AmendmentsMixin,
    YearMixin,
    ScreeningMixin,
    CountMixin,
    VerifyMixin,
    DeletesMistakes,
    ZonedAdmin,
    TranslationAdmin,
    KeptAdmin,
):
    """Can be deleted only while nobody has entered and no phase has begun; its parts go with it."""

    zone_from = ()
    form = ContestForm
    goes_along = (
        Category,
        Phase,
        Question,
        Criterion,
        HoldRule,
        Figure,
        LetterTemplate,
        ScreeningCheck,
        EntryReason,
        EntryReasonText,
        Witness,
        Verification,
    )

    list_display = (
        "title",
        "year",
        "is_demonstration",
        "champions_at",
        "winners_at",
        "counted_at",
    )
    list_filter = ("is_demonstration",)
    search_fields = ("title", "slug")
    inlines = (
        PhaseInline,
        QuestionInline,
        CheckInline,
        CriterionInline,
        FigureInline,
        WitnessInline,
    )
    actions = (count,)
    fieldsets = (
        (
            None,
            {"fields": ("title", "year", "slug", "time_zone", "is_demonstration")},
        ),
        (
            _("When outcomes are public"),
            {"fields": ("champions_at", "winners_at", "told_by_letter", "counted_at")},
        ),
        (
            _("Rules of entering"),
            {
                "fields": (
                    "words_min",
                    "words_max",
                    "one_per_organization",
                    "sealed",
                    "nominee_cap",
                )
            },
        ),
        (
            _("Rules of reviewing"),
            {
                "fields": (
                    "review_mode",
                    "reviews_anonymous",
                    "names_at_choice",
                    "country_barred",
                )
            },
        ),
        (
            _("Rules of voting"),
            {
                "fields": (
                    "votes_per_category",
                    "all_categories_required",
                    "own_organization_barred",
                    "officials_barred",
                    "champions_per_category",
                )
            },
        ),
        (
            _("What is known, and from where"),
            {
                "fields": (
                    "unconfirmed_rules",
                    original("rules_note"),
                    "source",
                    "source_note",
                )
            },
        ),
        in_other_languages("rules_note"),
    )

    def get_readonly_fields(
        self, request: HttpRequest, obj: Contest | None = None
    ) -> Any:
        """Once voting has begun, its rules cannot change; facts from a source can be corrected.
        Once a review was submitted, how experts review cannot change either."""
        running = (
            obj and LIVE_PHASES.filter(contest=obj.pk, kind="voting").begun().exists()
        )
        if running:
            return ("counted_at", *FIXED_WHILE_IT_RUNS)
        reviewed = obj is not None and Criterion.are_in_use(obj.pk)
        return ("counted_at", "review_mode") if reviewed else ("counted_at",)

    def save_model(
        self, request: HttpRequest, obj: Contest, form: ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            make_categories(obj)
            make_rules(obj)

    def kept_because(self, record: Contest) -> str:
        if record.counted_at or record.phases.begun().exists():
            return gettext("One of its phases has begun: the public has read of it.")
        for rows in ([record], *parts_of(record)):
            if why := in_use(rows, self.goes_along):
                return why
        return ""

    def delete_model(self, request: HttpRequest, obj: Contest) -> None:
        with transaction.atomic():
            for rows in parts_of(obj):
                rows.delete()
            super().delete_model(request, obj)


def parts_of(contest: Contest) -> list[Any]:
    """The rows that depend on their contest."""
    return [
        contest.categories.all(),
        contest.phases.all(),
        contest.questions.all(),
        contest.criteria.all(),
        contest.hold_rules.all(),
        contest.figures.all(),
        contest.letter_templates.all(),
        contest.checks.all(),
        contest.entry_reasons.all(),
    ]
