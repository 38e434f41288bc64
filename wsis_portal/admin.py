"""The logs that every app writes, for staff to read; nobody changes them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.models import Change, OutgoingMail, StatusChange


class ReadOnlyAdmin(admin.ModelAdmin):
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(StatusChange)
class StatusChangeAdmin(ReadOnlyAdmin):
    list_display = (
        "at",
        "record_kind",
        "record_id",
        "move",
        "source",
        "target",
        "by",
        "note",
    )
    list_select_related = ("by",)
    list_filter = ("record_kind", "move")
    search_fields = ("=record_id",)


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "record_kind", "record_id", "version", "into")
    list_filter = ("kind",)
    search_fields = ("=record_id",)
    ordering = ("-pk",)


class DeliveryFilter(admin.SimpleListFilter):
    """The same mails that the desk counts."""

    title = _("delivery")
    parameter_name = "delivery"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("failed", _("Could not be delivered"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.undelivered() if self.value() == "failed" else queryset


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "to", "subject", "sent_at", "tries", "error")
    list_filter = (DeliveryFilter, ("sent_at", admin.EmptyFieldListFilter))
    search_fields = ("to", "subject")
