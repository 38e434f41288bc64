"""What members follow, in the admin, read-only."""

from django.contrib import admin
from django.http import HttpRequest

from stocktaking.follow.models import Follow


@admin.register(Follow)
class FollowAdmin(admin.ModelAdmin):
    """Read-only: members choose for themselves."""

    list_display = (
        "user",
        "query",
        "organization",
        "project",
        "rhythm",
        "is_on",
        "next_at",
    )
    list_filter = ("is_on", "rhythm")
    list_select_related = ("user", "organization", "project")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("user__email", "query")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Follow | None = None
    ) -> bool:
        return False
