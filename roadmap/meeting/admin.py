"""Meetings in the admin."""

from django.contrib import admin

from roadmap.meeting.models import Meeting
from roadmap.record.admin import PublicRecordAdmin


@admin.register(Meeting)
class MeetingAdmin(PublicRecordAdmin):
    list_display = ("title", "body", "start", "place")
    list_filter = ("body",)
    list_select_related = ("body",)
    search_fields = ("title", "place")
    autocomplete_fields = ("body", "milestone")
