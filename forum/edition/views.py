"""The timeline of editions, and the page of one edition."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from forum.edition.models import Edition


@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    rows = list(Edition.objects.timeline())
    context = {"editions": rows, "coming": Edition.objects.current_or_next()}
    return render(request, "forum/edition/editions.html", context)


@require_safe
def edition(request: HttpRequest, slug: str) -> HttpResponse:
    edition = get_object_or_404(Edition, slug=slug)
    context = {
        "edition": edition,
        "sessions": edition.programme.count(),
        "documents": edition.documents.visible_to(request.user).for_list(),
        "phases": edition.phases.with_state(),
        "registration": Edition.objects.open_for_registration()
        .filter(pk=edition.pk)
        .exists(),
        "release": edition.releases.newest_first().defer("content", "changes").first(),
    }
    return render(request, "forum/edition/edition.html", context)
