"""Pages of the resolutions: the list, and one resolution with the milestones that answer it."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from roadmap.milestone.models import Milestone
from roadmap.record.views import filtered_list
from roadmap.resolution import filters as resolution_filters
from roadmap.resolution.models import Resolution


@require_safe
def resolutions(request: HttpRequest) -> HttpResponse:
    rows = Resolution.objects.visible_to(request.user).for_list()
    return filtered_list(
        request,
        "roadmap/resolution/resolutions.html",
        resolution_filters.ResolutionFilter(request.GET, rows),
    )


@require_safe
def resolution(request: HttpRequest, code: str) -> HttpResponse:
    visible = Resolution.objects.visible_to(request.user)
    answered = Prefetch(
        "paragraphs__milestones",
        Milestone.objects.published().for_list(),
        to_attr="public_milestones",
    )
    resolution = get_object_or_404(
        visible.for_page().prefetch_related(answered), pk=code
    )
    milestones = Milestone.objects.published().filter(resolutions=resolution).for_list()
    context = {"resolution": resolution, "milestones": milestones}
    return render(request, "roadmap/resolution/resolution.html", context)
