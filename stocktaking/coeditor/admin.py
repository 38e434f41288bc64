"""Co-editors in the admin."""

from django.contrib import admin
from django.http import HttpRequest

from common.admin.read_only import KeptAdmin
from stocktaking.coeditor.models import CoEditor


@admin.register(CoEditor)
class CoEditorAdmin(KeptAdmin):
    list_display = (
        "project",
        "email",
        "user",
        "created_at",
        "accepted_at",
        "revoked_at",
    )
    list_select_related = ("project", "user")
    search_fields = ("project__title", "email")
    ordering = ("-pk",)
    readonly_fields = [
        field.name for field in CoEditor._meta.fields if field.name != "token"
    ]
    exclude = ("token",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
