"""What several pages of the desk share."""

from typing import Any

from django.http import HttpRequest

from common.zone_admin import ZonedAdmin


class ReadOnlyAdmin(ZonedAdmin):
    """Rows that only the portal writes."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class KeptAdmin(ZonedAdmin):
    """Rows that staff make and change, but that nobody deletes."""

    show_full_result_count = False
    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
