"""The list of projects; the query string holds text, facets and page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stocktaking.search.filters import ProjectSearch


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """The list of projects. Invalid parameters are ignored, with a sentence above the result."""
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
    """The messages of an invalid search, on a page of their own."""
    return render(
        request, "stocktaking/export/download.html", {"search": search}, status=400
    )
