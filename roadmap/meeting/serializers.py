"""Meetings as JSON."""

from roadmap.meeting.models import Meeting
from roadmap.record.serializers import WithPage


class MeetingRow(WithPage):
    class Meta:
        model = Meeting
        fields = (
            "id",
            "page",
            "version",
            "title",
            "body",
            "start",
            "end",
            "place",
            "link",
            "agenda",
            "participants",
            "minutes",
            "outcome",
            "outcome_link",
            "milestone",
            "source",
        )
