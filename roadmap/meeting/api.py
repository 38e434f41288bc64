"""Meetings over the API."""

from common.api.views import Records
from roadmap.meeting import filters as meeting_filters
from roadmap.meeting import serializers as meeting_serializers
from roadmap.meeting.models import Meeting


class MeetingViewSet(Records):
    """Consultative meetings, latest first."""

    queryset = Meeting.objects.for_list().order_by("-sort_date", "-pk")
    serializer_class = meeting_serializers.MeetingRow
    filter_set = meeting_filters.MeetingFilter
