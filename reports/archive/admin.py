"""The archive in the admin."""

from django.contrib import admin

from common.admin.deletion import DeletesMistakes
from reports.archive.models import ArchivedEdition


@admin.register(ArchivedEdition)
class ArchivedEditionAdmin(DeletesMistakes, admin.ModelAdmin):
    list_display = ("title", "series", "year", "isbn", "source_note")
    list_filter = ("series", "year")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("title", "note", "isbn", "source")
