"""The outbox in the admin, read-only."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import ReadOnlyAdmin
from common.mail.models import OutgoingMail


class DeliveryFilter(admin.SimpleListFilter):
    """Filters for the same mails that the first page of the admin counts."""

    title = _("delivery")
    parameter_name = "delivery"

    def lookups(
        self, request: HttpRequest, model_admin: ModelAdmin
    ) -> list[tuple[str, Any]]:
        return [
            ("failed", _("Could not be delivered")),
            ("back", _("E-mails that came back")),
            ("back_lately", _("E-mails that came back in the last 30 days")),
            ("no_such_address", _("E-mails that came back: no such address")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        kinds = {
            "failed": queryset.undelivered,
            "back": queryset.came_back,
            "back_lately": queryset.came_back_lately,
            "no_such_address": queryset.no_such_address,
        }
        wanted = kinds.get(self.value() or "")
        return wanted() if wanted else queryset


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    list_display = (
        "created_at",
        "to",
        "subject",
        "sent_at",
        "tries",
        "error",
        "came_back_at",
        "answer",
    )
    list_filter = (DeliveryFilter, ("sent_at", admin.EmptyFieldListFilter))
    search_fields = ("to", "subject")
