"""Admin pages of rows that are never deleted; some are read-only for staff."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest


class Kept:
    """Mix in before an admin or inline whose rows cannot be deleted."""

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return False


class KeptAdmin(Kept, admin.ModelAdmin):
    """Rows that staff can change but not delete; lists do not count the whole table."""

    list_per_page = 50
    show_full_result_count = False


class ReadOnlyAdmin(KeptAdmin):
    """Rows that only the portal writes."""

    def has_add_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return False
