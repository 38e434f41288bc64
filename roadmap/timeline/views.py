"""The time line: all roadmaps side by side, as a page, a file and a calendar."""

import itertools

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from roadmap.imports.milestones import export_rows
from roadmap.meeting.models import Meeting
from roadmap.milestone.models import Milestone
from roadmap.position.completion import standing
from roadmap.position.models import PositionVersion
from roadmap.record.views import BAD_REQUEST, OK
from roadmap.timeline import filters as timeline_filters
from roadmap.timeline.calendars import calendar_of
from roadmap.timeline.drawing import draw

MOST = 1000  # milestones of one time line


@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    """All roadmaps side by side, as a drawing and as a table."""
    public = Milestone.objects.visible_to(request.user).published()
    rows = public.for_timeline().annotate(
        completions=PositionVersion.objects.completions()
    )
    filters = timeline_filters.MilestoneFilter(request.GET, rows)
    understood = filters.is_valid()
    milestones = list(filters.qs[: MOST + 1]) if understood else []
    for milestone in milestones:
        milestone.standing = standing(milestone.completions)  # type: ignore[attr-defined]  # for the row
    context = {
        "filter": filters,
        "milestones": milestones[:MOST],
        "too_many": len(milestones) > MOST,
        "most": MOST,
        "drawing": draw(milestones[:MOST], timezone.now().date(), get_language_bidi()),
    }
    return render(
        request,
        "roadmap/timeline/timeline.html",
        context,
        status=OK if understood else BAD_REQUEST,
    )


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse | HttpResponse:
    """The filtered milestones as a file that the import accepts."""
    rows = Milestone.objects.visible_to(request.user).published()
    filters = timeline_filters.MilestoneFilter(request.GET, rows)
    if not filters.is_valid():
        return HttpResponse(
            "\n".join(itertools.chain(*filters.problems.values())),
            status=400,
            content_type="text/plain; charset=utf-8",
        )
    response = HttpResponse(
        "".join(export_rows(filters.qs)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="roadmap.csv"'
    return response


@require_safe
@conditional_page
def calendar(request: HttpRequest) -> HttpResponse:
    """Milestones and meetings for calendar programs, with the filters of the time line.

    With filters, only meetings that belong to a matching milestone.
    """
    rows = Milestone.objects.published().for_list()
    filters = timeline_filters.MilestoneFilter(request.GET, rows)
    if not filters.is_valid():
        raise Http404
    milestones = list(filters.qs[:MOST])
    meetings = Meeting.objects.for_list()
    if filters.query:
        meetings = meetings.filter(milestone__in=[m.pk for m in milestones])
    name = _("WSIS+20 roadmap")
    content = calendar_of(
        [*milestones, *meetings.order_by("sort_date", "pk")[:MOST]], name
    )
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")
