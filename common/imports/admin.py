"""Imports and what they brought in, in the admin, to read."""

from django.contrib import admin

from common.admin.paginator import LimitedPaginator
from common.admin.read_only import ReadOnlyAdmin
from common.imports.models import ImportedRecord, ImportJob


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin):
    paginator = LimitedPaginator
    list_display = (
        "name",
        "kind",
        "by",
        "mode",
        "state",
        "created",
        "updated",
        "failed",
        "created_at",
    )
    list_filter = ("kind", "mode", "state")
    list_select_related = ("by",)


@admin.register(ImportedRecord)
class ImportedRecordAdmin(ReadOnlyAdmin):
    paginator = LimitedPaginator
    list_display = ("record_kind", "record_id", "job", "is_new", "put_back_at")
    list_filter = ("record_kind",)
    list_select_related = ("job",)
