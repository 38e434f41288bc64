"""Imports and what they brought in, in the admin, to read."""

from django.contrib import admin

from common.admin.paginator import LimitedPaginator
from common.admin.read_only import ReadOnlyAdmin
from stocktaking.imports.models import ImportedRecord, ImportJob


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin):
    paginator = LimitedPaginator
    list_display = ("name", "by", "mode", "state", "created", "updated", "failed", "at")
    list_filter = ("mode", "state")
    list_select_related = ("by",)


@admin.register(ImportedRecord)
class ImportedRecordAdmin(ReadOnlyAdmin):
    paginator = LimitedPaginator
    list_display = ("project", "job", "is_new", "touched_at", "put_back_at")
    list_select_related = ("project", "job")
