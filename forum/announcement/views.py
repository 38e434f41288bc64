"""The page of a release; staff read there who was told of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from forum.agenda.models import AgendaRelease
from forum.announcement.reach import in_words


@require_safe
def release(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    release = get_object_or_404(
        AgendaRelease.objects.newest_first(), edition__slug=slug, number=number
    )
    is_staff = getattr(request.user, "is_secretariat", False)
    context = {
        "edition": release.edition,
        "release": release,
        "is_staff": is_staff,
        "told": in_words(release) if is_staff else {},
    }
    return render(request, "forum/announcement/release.html", context)
