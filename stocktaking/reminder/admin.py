"""Reminders in the admin, read-only."""

from django.contrib import admin

from common.admin.read_only import ReadOnlyAdmin
from stocktaking.reminder.models import Reminder


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    list_display = ("about", "project", "kind", "to", "sent_at")
    list_filter = ("kind",)
    list_select_related = ("project", "to")
