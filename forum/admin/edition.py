"""Editions with phases and places, their documents, and outcome reports."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.together import Misplaced, RowForm, TogetherFormSet
from common.workflow import MoveRefused
from forum.admin.deleting import MistakesAdmin
from forum.admin.moves import KeptAdmin
from forum.forms import clean_pdf
from forum.models import Capacity, Document, Edition, OutcomeReport, Phase
from forum.models.consultation import misplaced

PHASES_APART = "phase_number_once, phase_one_at_a_time"  # constraints of the database


class PhaseForm(RowForm):
    def validate_constraints(self) -> None:
        """Numbers and days of other phases are judged by the form set, as they will be."""
        try:
            self.instance.validate_constraints(exclude={"edition"})
        except ValidationError as error:
            self._update_errors(error)  # type: ignore[attr-defined]  # of ModelForm


class PhaseFormSet(TogetherFormSet):
    def judge(self, records: list[Phase]) -> list[Misplaced]:
        return misplaced(records)

    def save(self, commit: bool = True) -> list[Phase]:
        """Rows change one by one: only when all are saved must the phases lie in order."""
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS {PHASES_APART} DEFERRED")
            saved: list[Phase] = super().save(commit)
            cursor.execute(f"SET CONSTRAINTS {PHASES_APART} IMMEDIATE")
        return saved


class PhaseInline(admin.TabularInline):
    model = Phase
    form = PhaseForm
    formset = PhaseFormSet
    fields = ("number", "name", "opens_on", "closes_on", "takes_submissions")
    extra = 0


class CapacityInline(admin.TabularInline):
    model = Capacity
    readonly_fields = ("taken",)
    extra = 0

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Edition)
class EditionAdmin(MistakesAdmin, KeptAdmin):
    zone_from = ()
    list_display = ("title", "slug", "kind", "start_date", "end_date", "venue")
    list_filter = ("kind",)
    search_fields = ("title", "slug", "theme")
    ordering = ("-last_year", "-pk")
    inlines = (PhaseInline, CapacityInline)
    formfield_overrides = KeptAdmin.formfield_overrides | {
        models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}
    }
    readonly_fields = ("created_at", "updated_at")

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        """More places: those who wait move up at once."""
        super().save_related(request, form, formsets, change)
        for capacity in form.instance.capacities.all():
            capacity.fill()


class DocumentForm(forms.ModelForm):
    link = forms.URLField(
        label=_("Address"), required=False, max_length=500, assume_scheme="https"
    )

    class Meta:
        model = Document
        fields = (
            "edition",
            "session",
            "kind",
            "title",
            "language",
            "version",
            "link",
            "file",
            "is_public",
            "source",
            "source_note",
        )

    def clean_file(self) -> Any:
        """A new file is judged by its content; what is stored stays when none was sent."""
        sent = self.cleaned_data["file"]
        return clean_pdf(sent) if sent and "file" in self.changed_data else sent


@admin.register(Document)
class DocumentAdmin(KeptAdmin):
    form = DocumentForm
    list_display = ("title", "edition", "kind", "language", "version", "is_public")
    list_filter = (
        "kind",
        "language",
        "is_public",
        ("edition", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("edition",)
    search_fields = ("title",)
    autocomplete_fields = ("session",)

    def save_model(
        self, request: HttpRequest, obj: Document, form: Any, change: bool
    ) -> None:
        obj.size = obj.file.size if obj.file else 0
        super().save_model(request, obj, form, change)


@admin.register(OutcomeReport)
class OutcomeReportAdmin(KeptAdmin):
    zone_from = ("session", "edition")
    list_display = ("session", "language", "by", "published_at", "updated_at")
    list_filter = (
        ("published_at", admin.EmptyFieldListFilter),
        "language",
        ("session__edition", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("session__edition", "by")
    search_fields = ("session__title", "summary")
    autocomplete_fields = ("session",)
    readonly_fields = ("published_at", "created_at", "updated_at")
    actions = ("publish_reports",)

    @admin.action(description=_("Publish"))
    def publish_reports(self, request: HttpRequest, chosen: models.QuerySet) -> None:
        for report in chosen.filter(published_at=None):
            try:
                report.publish(request.user)
            except MoveRefused as refused:
                messages.error(request, f"{report}: {refused.message}")
