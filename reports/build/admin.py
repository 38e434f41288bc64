"""Builds in the admin, read-only."""

from django.contrib import admin

from common.admin.read_only import ReadOnlyAdmin
from reports.build.models import Build


@admin.register(Build)
class BuildAdmin(ReadOnlyAdmin):
    list_display = (
        "publication",
        "version",
        "state",
        "percent",
        "created_at",
    )
    list_filter = ("state",)
    list_select_related = ("publication",)
