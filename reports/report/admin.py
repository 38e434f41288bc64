"""Editions of reports in the admin: who writes them, and when they are planned."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.admin.deletion import DeletesMistakes
from reports.asking.models import BoxQuestion, Contribution
from reports.report.kinds import Series
from reports.report.models import Block, Editorship, Report, Section
from reports.report.segments import Comment, EarlierText, Segment
from reports.report.skeletons import fill

SCOPE = ("series", "region", "contest", "from_year", "to_year")


class EditorInline(admin.TabularInline):
    model = Editorship
    extra = 1
    verbose_name = _("editor")
    verbose_name_plural = _("editors")


@admin.register(Report)
class ReportAdmin(DeletesMistakes):
    """The text itself is written on the editor's page, which “View on site” opens."""

    goes_along = (
        *(Editorship, Section, Block, Segment, EarlierText, Comment),
        *(Contribution, BoxQuestion),
    )
    list_display = ("__str__", "language", "planned_on", "next_on", "editors_page")
    list_filter = ("series", "region")
    list_select_related = ("region", "contest")
    search_fields = ("region__name", "editors__email", "editors__last_name")
    fields = (*SCOPE, "language", "planned_on", "next_on")
    inlines = (EditorInline,)

    @admin.display(description=_("Text"))
    def editors_page(self, record: Report) -> str:
        words = gettext("Edit the text")
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), words)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Report | None = None
    ) -> tuple[str, ...]:
        """The scope stays what publications were made for; so does the language of the original
        once something is written."""
        if obj is None:
            return ()
        written = Segment.objects.filter(
            models.Q(section__report=obj) | models.Q(block__section__report=obj)
        )
        return (*SCOPE, "language") if written.exists() else SCOPE

    def formfield_for_choice_field(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """A report on a search is made with its first publication, which has the search."""
        if db_field.name == "series":
            kwargs["choices"] = [c for c in Series.choices if c[0] != Series.CUSTOM]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_formset(
        self, request: HttpRequest, form: Any, formset: Any, change: Any
    ) -> None:
        super().save_formset(request, form, formset, change)
        for row in formset.new_objects:
            row.tell()

    def save_model(
        self, request: HttpRequest, obj: Report, form: ModelForm, change: Any
    ) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            fill(obj)
