"""Ownership requests in the admin; each is decided on its own page."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import KeptAdmin
from stocktaking.ownership.models import OwnershipRequest


@admin.register(OwnershipRequest)
class OwnershipRequestAdmin(KeptAdmin):
    list_display = ("project", "by", "page", "status", "created_at")
    list_filter = ("status",)
    list_select_related = ("project", "by")
    search_fields = ("project__title", "by__email")
    ordering = ("-created_at", "-pk")
    readonly_fields = [
        field.name for field in OwnershipRequest._meta.fields if field.name != "former"
    ]
    exclude = ("former",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("request"))
    def page(self, ownership_request: OwnershipRequest) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>',
            ownership_request.get_absolute_url(),
            _("Read and decide"),
        )
