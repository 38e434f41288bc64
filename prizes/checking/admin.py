"""Held votes in the admin: the numbers behind the public page."""

from django.contrib import admin

from common.admin.read_only import ReadOnlyAdmin
from prizes.checking.figures import COLUMNS
from prizes.checking.models import HeldDay


@admin.register(HeldDay)
class HeldDayAdmin(ReadOnlyAdmin):
    list_display = ("contest", "category", "day", *COLUMNS)
    list_filter = (("contest", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("contest", "category__contest")
    fields = ("contest", "category", "day", *COLUMNS)
