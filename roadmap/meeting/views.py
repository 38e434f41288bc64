"""The page of the consultative meetings."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from roadmap.meeting import filters as meeting_filters
from roadmap.meeting.models import Meeting
from roadmap.record.views import filtered_list


@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    rows = Meeting.objects.for_list()
    return filtered_list(
        request,
        "roadmap/meeting/meetings.html",
        meeting_filters.MeetingFilter(request.GET, rows),
    )
