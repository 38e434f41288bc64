"""Badges in the admin: staff set the role; codes are made and replaced by the portal."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import KeptAdmin
from forum.badge.models import Badge


@admin.register(Badge)
class BadgeAdmin(KeptAdmin):
    list_display = ("registration", "role", "issued_at", "printed_at", "revoked_at")
    list_filter = (
        ("registration__edition", admin.RelatedOnlyFieldListFilter),
        "role",
        "registration__attendance",
    )
    list_select_related = ("registration",)
    search_fields = ("registration__name", "registration__organization_name", "token")
    fields = (
        "registration",
        "role",
        "page",
        "issued_at",
        "printed_at",
        "revoked_at",
        "revoked_by",
        "reason",
    )
    readonly_fields = tuple(name for name in fields if name != "role")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A badge comes with the approval of a registration."""
        return False

    @admin.display(description=_("Badge"))
    def page(self, badge: Badge) -> SafeString:
        words = _("Show, print or replace the badge")
        return format_html('<a href="{}">{}</a>', badge.get_absolute_url(), words)
