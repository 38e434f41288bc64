"""Entrances, volunteers and the log of check-ins in the admin."""

from django.contrib import admin

from common.admin.read_only import ReadOnlyAdmin
from common.dates.admin import ZonedAdmin
from forum.checkin.models import CheckIn, Gate, Steward


class GateInline(admin.TabularInline):
    model = Gate
    extra = 0
    autocomplete_fields = ("session",)


class StewardInline(admin.TabularInline):
    model = Steward
    extra = 0


@admin.register(CheckIn)
class CheckInAdmin(ZonedAdmin, ReadOnlyAdmin):
    """Check-ins are made and undone on the page of the edition."""

    zone_from = ("edition",)
    list_display = (
        "registration",
        "at",
        "gate",
        "session",
        "is_arrival",
        "refusal",
        "undone_at",
        "by",
    )
    list_filter = (
        ("edition", admin.RelatedOnlyFieldListFilter),
        "is_arrival",
        "refusal",
        ("gate", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("registration", "gate", "session", "by")
    search_fields = ("registration__name", "registration__code")
