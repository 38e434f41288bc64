"""Imports and what they brought in, in the admin, to read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from common.admin.paginator import LimitedPaginator
from stocktaking.imports.models import ImportedRecord, ImportJob


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only the portal writes."""

    list_per_page = 50
    show_full_result_count = False
    paginator = LimitedPaginator

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin):
    list_display = ("name", "by", "mode", "state", "created", "updated", "failed", "at")
    list_filter = ("mode", "state")
    list_select_related = ("by",)


@admin.register(ImportedRecord)
class ImportedRecordAdmin(ReadOnlyAdmin):
    list_display = ("project", "job", "is_new", "touched_at", "put_back_at")
    list_select_related = ("project", "job")
