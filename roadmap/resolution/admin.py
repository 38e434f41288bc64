"""Resolutions and their paragraphs in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from common.admin.read_only import KeptAdmin
from roadmap.record.admin import PublicRecordAdmin
from roadmap.resolution.models import Paragraph, Relation, Resolution


class RelationInline(admin.TabularInline):
    model = Relation
    fk_name = "resolution"
    extra = 0
    autocomplete_fields = ("target",)


class ParagraphInline(admin.StackedInline):
    model = Paragraph
    extra = 0
    autocomplete_fields = ("asked",)


@admin.register(Resolution)
class ResolutionAdmin(PublicRecordAdmin):
    goes_along = (Paragraph, Relation)
    list_display = ("symbol", "title", "body", "adopted")
    list_filter = ("body",)
    list_select_related = ("body",)
    search_fields = ("symbol", "title")
    autocomplete_fields = ("body", "action_lines")
    inlines = (ParagraphInline, RelationInline)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Resolution | None = None
    ) -> Any:
        return (*self.readonly_fields, "code") if obj else self.readonly_fields


@admin.register(Paragraph)
class ParagraphAdmin(KeptAdmin):
    list_display = ("resolution", "number", "summary")
    list_select_related = ("resolution",)
    search_fields = ("resolution__symbol", "number", "summary")
    autocomplete_fields = ("resolution", "asked")
