"""Promises and last confirmations of owners in the admin, read-only."""

from django.contrib import admin

from stocktaking.upkeep.models import Upkeep


@admin.register(Upkeep)
class UpkeepAdmin(admin.ModelAdmin):
    list_display = ("project", "rhythm", "confirmed_at", "asked_at")
    list_filter = ("rhythm",)
    list_select_related = ("project",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("project__title",)
    ordering = ("pk",)
    autocomplete_fields = ("project",)
    readonly_fields = ("confirmed_at", "asked_at")
