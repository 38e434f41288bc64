"""Pages of the bodies: the list, and one body with its milestones, resolutions and meetings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from roadmap.body.models import Body


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    return render(
        request, "roadmap/body/bodies.html", {"bodies": Body.objects.for_list()}
    )


@require_safe
def body(request: HttpRequest, code: str) -> HttpResponse:
    body = get_object_or_404(Body.objects.for_list(), pk=code)
    context = {
        "body": body,
        "milestones": body.milestones.published().for_list()[:200],
        "resolutions": body.resolutions.for_list()[:200],
        "meetings": body.meetings.for_list()[:200],
    }
    return render(request, "roadmap/body/body.html", context)
