"""Reminders in the admin, to read."""

from django.contrib import admin

from common.admin.read_only import ReadOnly
from stocktaking.reminder.models import Reminder


@admin.register(Reminder)
class ReminderAdmin(ReadOnly):
    list_display = ("about", "project", "kind", "to", "sent_at")
    list_filter = ("kind",)
    list_select_related = ("project", "to")
