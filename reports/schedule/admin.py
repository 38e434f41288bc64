"""Schedules in the admin."""

from django.contrib import admin
from django.http import HttpRequest

from reports.schedule.models import Schedule


@admin.register(Schedule)
class ScheduleAdmin(admin.ModelAdmin):
    """When reports are drafted; the date of a row advances by itself."""

    list_display = (
        "__str__",
        "language",
        "every_months",
        "years_covered",
        "next_on",
        "is_active",
    )
    list_filter = ("series", "is_active", "language")
    list_select_related = ("region",)
    search_fields = ("region__name", "title", "source")
    date_hierarchy = "next_on"
    show_full_result_count = False

    def has_delete_permission(
        self, request: HttpRequest, obj: Schedule | None = None
    ) -> bool:
        """A schedule with drafts is deactivated rather than deleted."""
        used = obj is not None and obj.publications.exists()
        return not used and super().has_delete_permission(request, obj)
