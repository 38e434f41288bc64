"""Snapshots and files in the admin, read-only."""

from django.contrib import admin

from common.admin.read_only import ReadOnlyAdmin
from reports.output.models import Artefact, Snapshot


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ("publication", "version", "taken_at", "content_hash")
    list_select_related = ("publication",)
    fields = ("publication", "version", "taken_at", "content_hash")


@admin.register(Artefact)
class ArtefactAdmin(ReadOnlyAdmin):
    list_display = (
        "publication",
        "version",
        "format",
        "volume",
        "size",
        "sha256",
        "created_at",
    )
    list_filter = ("format",)
    list_select_related = ("publication",)
    fields = ("publication", "version", "format", "size", "sha256", "created_at")
