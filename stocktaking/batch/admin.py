"""Batches of decisions in the admin, read-only."""

from django.contrib import admin

from common.admin.read_only import ReadOnlyAdmin
from stocktaking.batch.models import Batch


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "move", "by", "state", "finished_at", "undo_at")
    list_filter = ("state", "move")
    list_select_related = ("by",)
