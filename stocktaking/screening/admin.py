"""Findings of the automatic checks in the admin, read-only."""

from django.contrib import admin

from common.admin.read_only import ReadOnlyAdmin
from stocktaking.screening.models import Screening, WebsiteCheck


@admin.register(Screening)
class ScreeningAdmin(ReadOnlyAdmin):
    list_display = ("project", "worst", "at")
    list_filter = ("worst",)
    list_select_related = ("project",)


@admin.register(WebsiteCheck)
class WebsiteCheckAdmin(ReadOnlyAdmin):
    list_display = ("url", "alive", "problem", "at")
    list_filter = ("alive",)
    search_fields = ("url",)
