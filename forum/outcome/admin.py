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
from forum.outcome.forms import clean_pdf
from forum.outcome.models import Document, OutcomeReport


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


@admin.register(OutcomeReport)
class OutcomeReportAdmin(ZonedAdmin, KeptAdmin):
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
