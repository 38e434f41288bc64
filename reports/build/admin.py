"""Builds in the admin site, to be read only."""

from django.contrib import admin

from reports.build.models import Build
from reports.output.admin import ReadOnlyAdmin


@admin.register(Build)
class BuildAdmin(ReadOnlyAdmin):
    list_display = (
        "publication",
        "version",
        "state",
        "step",
        "percent",
        "attempts",
        "created_at",
    )
    list_filter = ("state",)
    list_select_related = ("publication",)
