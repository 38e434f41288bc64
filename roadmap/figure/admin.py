"""Figures in the admin."""

from django.contrib import admin

from roadmap.figure.models import Figure
from roadmap.record.admin import PublicRecordAdmin


@admin.register(Figure)
class FigureAdmin(PublicRecordAdmin):
    list_display = ("subject", "written", "as_of", "source")
    list_filter = ("subject",)
    search_fields = ("written", "source")
