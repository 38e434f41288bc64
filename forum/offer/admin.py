"""Slots that staff offer to organizers and speakers."""

from django.contrib import admin

from forum.offer.models import OfferedSlot
from forum.room.admin import ClockHoursAdmin


@admin.register(OfferedSlot)
class OfferedSlotAdmin(ClockHoursAdmin):
    list_display = ("day", "hours_text", "room", "track", "edition")
    list_select_related = ("edition", "room", "track")  # type: ignore[assignment]  # one more
