"""Co-editors in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from stocktaking.coeditor.models import CoEditor


@admin.register(CoEditor)
class CoEditorAdmin(admin.ModelAdmin):
    list_display = (
        "project",
        "email",
        "user",
        "created_at",
        "accepted_at",
        "revoked_at",
    )
    list_select_related = ("project", "user")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("project__title", "email")
    ordering = ("-pk",)
    readonly_fields = [
        field.name for field in CoEditor._meta.fields if field.name != "token"
    ]
    exclude = ("token",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
