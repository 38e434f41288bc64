"""What the automatic checks found, in the admin, to read."""

from django.contrib import admin

from common.admin.read_only import ReadOnly
from stocktaking.screening.models import Screening, WebsiteCheck


@admin.register(Screening)
class ScreeningAdmin(ReadOnly):
    list_display = ("project", "worst", "at")
    list_filter = ("worst",)
    list_select_related = ("project",)


@admin.register(WebsiteCheck)
class WebsiteCheckAdmin(ReadOnly):
    list_display = ("url", "alive", "problem", "at")
    list_filter = ("alive",)
    search_fields = ("url",)
