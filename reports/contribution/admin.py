"""Contributions in the admin, read-only: editors work on them on the pages of their report."""

from django.contrib import admin

from common.admin.read_only import ReadOnlyAdmin
from reports.asking.models import Contribution


@admin.register(Contribution)
class ContributionAdmin(ReadOnlyAdmin):
    list_display = ("agency", "name", "block", "deadline", "sent_at", "accepted_at")
    list_select_related = ("block__section__report__region",)
    search_fields = ("agency", "name", "email")
    exclude = ("tokens",)
