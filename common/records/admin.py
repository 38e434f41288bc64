"""The log of public changes in the admin, read-only."""

from django.contrib import admin

from common.admin.read_only import ReadOnlyAdmin
from common.records.models import Change


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "record_kind", "record_id", "version", "into")
    list_filter = ("kind",)
    search_fields = ("=record_id",)
    ordering = ("-pk",)
