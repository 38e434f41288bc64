"""Parts of a contest in the admin: phases, extensions, categories, rules and figures."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models, transaction
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from common.admin.deletion import DeletesMistakes
from common.admin.languages import in_other_languages, original
from common.admin.read_only import Kept, KeptAdmin, ReadOnlyAdmin
from common.dates.admin import ZonedAdmin
from common.forms.together import Misplaced, RowForm, TogetherFormSet
from prizes.base.admin import of_contest
from prizes.contest.models import Category, Contest, Extension, Phase
from prizes.contest.order import misplaced
from prizes.contest.rules import Criterion, Figure, Question


class PhaseForm(RowForm):
    """The end of a phase that has begun is changed by an extension only, so that readers see it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phase = self.instance
        has_begun = phase.opens_at is not None and phase.opens_at <= timezone.now()
        if phase.pk and has_begun and (not phase.source or self.has_votes(phase)):
            for name in ("kind", "opens_at", "closes_at"):
                self.fields[name].disabled = True

    @staticmethod
    def has_votes(phase: Phase) -> bool:
        chains = Contest.objects.filter(pk=phase.contest_id, chains__isnull=False)
        return chains.exists()


class PhaseFormSet(TogetherFormSet):
    def judge(self, records: list[Phase]) -> list[Misplaced]:
        return misplaced(records)


class PhaseInline(Kept, admin.TabularInline):
    """The phases of a contest, validated together."""

    model = Phase
    form = PhaseForm
    formset = PhaseFormSet
    extra = 0
    max_num = len(Phase.Kind)
    fields = ("kind", "opens_at", "closes_at", "hour_known", "note", "source")
    show_change_link = True


QUESTION_FIELDSETS: Any = (
    (None, {"fields": ("order", original("text"), original("refusal"))}),
    in_other_languages("text", "refusal"),
)
CRITERION_FIELDSETS: Any = (
    (
        None,
        {
            "fields": (
                "order",
                original("text"),
                original("guidance"),
                ("weight", "scale"),
            )
        },
    ),
    in_other_languages("text", "guidance"),
)


class QuestionInline(TranslationStackedInline):
    model = Question
    extra = 0
    fieldsets = QUESTION_FIELDSETS


class CriterionInline(TranslationStackedInline):
    """The criteria cannot change once a review was submitted."""

    model = Criterion
    extra = 0
    fieldsets = CRITERION_FIELDSETS

    def _may_change(self, contest: Contest | None) -> bool:
        return contest is None or not Criterion.are_in_use(contest.pk)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and self._may_change(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_change(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may_change(obj)


class FigureInline(admin.TabularInline):
    model = Figure
    extra = 0


# Phases of contests that are held here; dates that come from a source can be corrected.
LIVE_PHASES = Phase.objects.filter(
    models.Q(source="") | models.Q(contest__chains__isnull=False)
)


class ExtensionForm(forms.ModelForm):
    """A new end with its reason; the errors of `Phase.extend` are shown beside the fields."""

    class Meta:
        model = Extension
        fields = ("phase", "new_end", "reason")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("phase") and data.get("new_end"):
            data["phase"].require_extension(data["new_end"], data.get("reason", ""))
        return data

    def _post_clean(self) -> None:
        """`Phase.extend` creates the row, because it knows the old end."""


class PhaseField(forms.ModelChoiceField):
    """A phase with its contest and its present end."""

    def label_from_instance(self, obj: Any) -> str:
        end = f"{obj.closes_at.astimezone(obj.contest.zone):%Y-%m-%d %H:%M}"
        return f"{obj.contest}: {obj} ({end})"


@admin.register(Extension)
class ExtensionAdmin(ZonedAdmin, ReadOnlyAdmin):
    """Offers the phases that can still be extended, those of one contest with `?contest=…`."""

    zone_from = ("phase", "contest")
    form = ExtensionForm
    list_display = ("phase", "contest", "old_end", "new_end", "reason", "by", "at")
    list_select_related = ("phase__contest", "by")
    search_fields = ("phase__contest__title", "reason")

    @admin.display(description=_("contest"), ordering="phase__contest")
    def contest(self, extension: Extension) -> str:
        return str(extension.phase.contest)

    def formfield_for_foreignkey(
        self, db_field: Any, request: Any, **kwargs: Any
    ) -> Any:
        if db_field.name == "phase":
            phases = Phase.objects.exclude(closes_at=None).select_related("contest")
            kwargs["queryset"] = of_contest(request, phases, "contest").order_by(
                "-contest__year", "number"
            )
            kwargs["form_class"] = PhaseField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def save_form(self, request: HttpRequest, form: ModelForm, change: bool) -> Any:
        with transaction.atomic():
            data = form.cleaned_data
            return data["phase"].extend(data["new_end"], data["reason"], request.user)

    def save_model(
        self, request: HttpRequest, obj: Extension, form: ModelForm, change: bool
    ) -> None:
        """`extend` has written the row already."""

    def save_related(
        self,
        request: HttpRequest,
        form: ModelForm,
        formsets: Iterable[BaseModelFormSet],
        change: bool,
    ) -> None:
        """There are no related rows."""


@admin.register(Phase)
class PhaseAdmin(ZonedAdmin, KeptAdmin):
    zone_from = ("contest",)
    list_display = ("contest", "kind", "opens_at", "closes_at", "hour_known")
    list_filter = ("kind",)
    list_select_related = ("contest",)
    search_fields = ("contest__title",)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Phase | None = None
    ) -> Any:
        """The end of a phase that has begun is changed by an extension only, so that readers see
        it."""
        begun = (
            obj and LIVE_PHASES.filter(pk=obj.pk).begun().exists()
        )  # as it is stored
        return ("contest", "kind", "opens_at", "closes_at") if begun else ()


@admin.register(Category)
class CategoryAdmin(DeletesMistakes, ReadOnlyAdmin):
    """Categories are created with their contest; one that was removed by mistake is added here."""

    fields = ("contest", "action_line", "number")
    list_filter = (("contest", admin.RelatedOnlyFieldListFilter),)
    list_display = ("contest", "number", "action_line")
    list_select_related = ("contest", "action_line")
    search_fields = ("contest__title", "action_line__code")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)


@admin.register(Question)
class QuestionAdmin(TranslationAdmin, KeptAdmin):
    fieldsets = ((None, {"fields": ("contest",)}), *QUESTION_FIELDSETS)
    list_display = ("contest", "order", "text")
    list_select_related = ("contest",)
    search_fields = ("text_en", "contest__title")


@admin.register(Criterion)
class CriterionAdmin(TranslationAdmin, KeptAdmin):
    fieldsets = ((None, {"fields": ("contest",)}), *CRITERION_FIELDSETS)

    def has_change_permission(
        self, request: HttpRequest, obj: Criterion | None = None
    ) -> bool:
        in_use = obj is not None and Criterion.are_in_use(obj.contest_id)
        return super().has_change_permission(request, obj) and not in_use

    list_display = ("contest", "order", "text", "weight", "scale")
    list_select_related = ("contest",)
    search_fields = ("text_en", "contest__title")


@admin.register(Figure)
class FigureAdmin(KeptAdmin):
    list_display = ("contest", "kind", "by", "code", "value", "source", "unconfirmed")
    list_filter = ("kind", "by", "unconfirmed")
    list_select_related = ("contest",)
    search_fields = ("value", "source", "contest__title")
