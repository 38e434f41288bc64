"""Documents and outcome reports in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import KeptAdmin
from common.dates.admin import ZonedAdmin
from common.moves.workflow import MoveRefused
from forum.base.admin import DeletesWithParts
from forum.outcome.calls import ChairSummary, Part, ReportCall
from forum.outcome.forms import clean_pdf
from forum.outcome.models import Document, Minutes, OutcomeReport


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
        """A new file is checked by its content; the stored one stays when none was sent."""
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
        self, request: HttpRequest, obj: Document, form: ModelForm, change: bool
    ) -> None:
        obj.size = obj.file.size if obj.file else 0
        super().save_model(request, obj, form, change)


class TextAdmin(ZonedAdmin, KeptAdmin):
    """A text about a session; whoever changes it here adds a version like its writers."""

    zone_from = ("session", "edition")
    list_select_related = ("session__edition", "by")
    actions = ("publish_texts",)

    def save_model(
        self, request: HttpRequest, obj: Any, form: ModelForm, change: bool
    ) -> None:
        obj.by = obj.by or request.user
        obj.updated_by = request.user
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        form.instance.keep_version(request.user)

    @admin.action(description=_("Publish"))
    def publish_texts(self, request: HttpRequest, chosen: models.QuerySet) -> None:
        for text in chosen.filter(published_at=None):
            try:
                text.publish(request.user)
            except MoveRefused as refused:
                messages.error(request, f"{text}: {refused.message}")


@admin.register(OutcomeReport)
class OutcomeReportAdmin(TextAdmin):
    list_display = (
        "session",
        "language",
        "by",
        "by_machine",
        "handed_in_at",
        "published_at",
        "updated_at",
    )
    list_filter = (
        ("handed_in_at", admin.EmptyFieldListFilter),
        ("published_at", admin.EmptyFieldListFilter),
        "by_machine",
        "language",
        ("session__edition", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("session__title", "summary")
    autocomplete_fields = ("session", "attended")
    readonly_fields = (
        "by",
        "handed_in_at",
        "published_at",
        "created_at",
        "updated_at",
    )


@admin.register(Minutes)
class MinutesAdmin(TextAdmin):
    list_display = (
        "session",
        "language",
        "by",
        "by_machine",
        "published_at",
        "updated_at",
    )
    list_filter = (
        ("published_at", admin.EmptyFieldListFilter),
        "by_machine",
        "language",
        ("session__edition", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("session__title", "text")
    autocomplete_fields = ("session",)
    readonly_fields = ("by", "published_at", "created_at", "updated_at")


def choice_of_parts(label: Any, help_text: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=Part.choices,
        required=False,
        label=label,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
    )


class ReportCallForm(forms.ModelForm):
    asked = choice_of_parts(
        _("what is asked"), _("The key points of the discussion are always asked.")
    )
    required = choice_of_parts(
        _("what must be filled in"),
        _("The key points of the discussion are always required."),
    )

    class Meta:
        model = ReportCall
        fields = (
            "edition",
            "due_at",
            "asked",
            "required",
            "session_types",
            "guidance",
        )
        widgets = {"session_types": forms.CheckboxSelectMultiple}


@admin.register(ReportCall)
class ReportCallAdmin(DeletesWithParts, ZonedAdmin, KeptAdmin):
    form = ReportCallForm
    zone_from = ("edition",)
    list_display = ("edition", "due_at", "updated_at")
    list_select_related = ("edition",)
    readonly_fields = ("created_at", "updated_at")


@admin.register(ChairSummary)
class ChairSummaryAdmin(DeletesWithParts, KeptAdmin):
    list_display = ("edition", "language", "by_machine", "updated_at")
    list_filter = ("language", ("edition", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("edition",)
    readonly_fields = ("created_at", "updated_at")
