"""The list of projects: text, facets and pages are the query string's."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stocktaking.search.filters import ProjectSearch


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """The projects: text, facets and pages are the query string's. What was not understood is left
    out, with a sentence above what the rest finds."""
    search = ProjectSearch(request.GET)
    understood = search.is_valid  # a page beyond the end is answered with the last one
    page = search.page(request.GET.get("page"))
    partial = request.headers.get("HX-Request") == "true"
    whole, rows = (
        "stocktaking/search/project_list.html",
        "stocktaking/search/_project_rows.html",
    )
    return render(
        request,
        rows if partial else whole,
        {"search": search, "page": page},
        status=200 if understood else 400,
    )


def refused(request: HttpRequest, search: ProjectSearch) -> HttpResponse:
    """The sentences of a search that was not understood, on a page of their own."""
    return render(
        request, "stocktaking/export/download.html", {"search": search}, status=400
    )
