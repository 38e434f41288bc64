"""Positions in the admin, read-only: they belong to their agencies."""

from django.contrib import admin

from common.admin.read_only import ReadOnlyAdmin
from roadmap.position.models import Evidence, PositionVersion, ReconciliationNote


class EvidenceInline(admin.TabularInline):
    model = Evidence
    extra = 0
    can_delete = False


@admin.register(PositionVersion)
class PositionAdmin(ReadOnlyAdmin):
    list_display = (
        "milestone",
        "agency",
        "version",
        "completion",
        "status",
        "published_at",
    )
    list_filter = ("status", "completion", "agency")
    list_select_related = ("milestone", "agency")
    search_fields = ("milestone__title", "text")
    inlines = (EvidenceInline,)


@admin.register(ReconciliationNote)
class ReconciliationNoteAdmin(ReadOnlyAdmin):
    list_display = ("milestone", "by", "at")
    list_select_related = ("milestone", "by")
    search_fields = ("milestone__title", "text")
