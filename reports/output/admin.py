"""Snapshots and files in the admin site, to be read only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from reports.output.models import Artefact, Snapshot


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only the portal writes."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ("publication", "version", "taken_at", "content_hash")
    list_select_related = ("publication",)
    fields = ("publication", "version", "taken_at", "content_hash")


@admin.register(Artefact)
class ArtefactAdmin(ReadOnlyAdmin):
    list_display = ("publication", "version", "format", "size", "sha256", "created_at")
    list_filter = ("format",)
    list_select_related = ("publication",)
    fields = ("publication", "version", "format", "size", "sha256", "created_at")
