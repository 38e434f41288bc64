"""Kinds of input and the questions of their forms in the admin."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from common.admin.read_only import KeptAdmin
from common.dates.admin import ZonedAdmin
from common.forms.together import Misplaced, RowForm, TogetherFormSet
from forum.base.admin import DeletesWithParts
from forum.consultation.phases import InputKind
from forum.consultation.questions import MOST_QUESTIONS, Question, out_of_order
from forum.room.admin import OfComingEdition


class QuestionFormSet(TogetherFormSet):
    def judge(self, records: list[Question]) -> Iterable[Misplaced]:
        return out_of_order(records)


class QuestionInline(TranslationStackedInline):
    model = Question
    form = RowForm
    formset = QuestionFormSet
    fk_name = "kind"
    extra = 0
    max_num = MOST_QUESTIONS
    ordering = ("order", "pk")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **options: Any
    ) -> ModelChoiceField | None:
        """A condition names a question of the same form; a new kind has none yet."""
        if db_field.name == "shown_if" and request.resolver_match:
            kind = request.resolver_match.kwargs.get("object_id")
            rows = Question.objects.in_order()
            options["queryset"] = rows.filter(kind=kind) if kind else rows.none()
        field: ModelChoiceField | None = super().formfield_for_foreignkey(
            db_field, request, **options
        )
        return field


class KindFilter(admin.SimpleListFilter):
    """Inputs by kind, of all editions that have it; under the name that the newest gives it."""

    title = _("kind of input")
    parameter_name = "kind"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, str]]:
        kinds = InputKind.objects.order_by("edition__last_year", "-order", "pk")
        names = {kind.code: str(kind) for kind in kinds}
        return list(reversed(names.items()))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(kind__code=self.value()) if self.value() else queryset


@admin.register(InputKind)
class InputKindAdmin(
    DeletesWithParts, OfComingEdition, ZonedAdmin, TranslationAdmin, KeptAdmin
):
    """A kind that has inputs stays; its times are those of the Forum's place."""

    zone_from = ("edition",)
    list_display = (
        "name",
        "edition",
        "opens_at",
        "closes_at",
        "is_official",
        "order",
    )
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter), "is_official")
    list_select_related = ("edition",)
    search_fields = ("name_en", "code")
    ordering = ("-edition__last_year", "order", "pk")
    inlines = (QuestionInline,)

    def get_readonly_fields(
        self, request: HttpRequest, obj: InputKind | None = None
    ) -> tuple[str, ...]:
        """Addresses and figures use the code, and inputs belong to an edition."""
        return ("code", "edition") if obj else ()
