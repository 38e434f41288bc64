"""Merges of projects in the admin, read-only."""

from django.contrib import admin

from common.admin.read_only import ReadOnlyAdmin
from stocktaking.merge.models import Merge


@admin.register(Merge)
class MergeAdmin(ReadOnlyAdmin):
    list_display = ("at", "loser", "survivor", "by", "undone_at")
    list_select_related = ("loser", "survivor", "by")
    search_fields = ("loser__title", "survivor__title")
