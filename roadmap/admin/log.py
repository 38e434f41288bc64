"""What is only ever added to: versions, changed dates."""

from django.contrib import admin

from roadmap.admin.base import ReadOnlyAdmin
from roadmap.models import DateChange, RecordVersion


@admin.register(RecordVersion)
class RecordVersionAdmin(ReadOnlyAdmin):
    list_display = ("record_kind", "record_id", "version", "kind", "by", "at")
    list_filter = ("record_kind", "kind")
    list_select_related = ("by",)
    search_fields = ("record_id",)


@admin.register(DateChange)
class DateChangeAdmin(ReadOnlyAdmin):
    list_display = ("milestone", "old_start", "new_start", "reason", "by", "at")
    list_select_related = ("milestone", "by")
    search_fields = ("milestone__title", "reason")
