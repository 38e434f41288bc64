"""The archive of all editions since 2005: its list and the page of one edition."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.lists.paging import keyset_page
from common.text.digits import BIGGEST_ID
from reports.archive.filters import ArchiveFilters
from reports.archive.models import ArchivedEdition

PAGE_SIZE = 20


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """Editions, newest first, by words, series and year."""
    rows = ArchivedEdition.objects.select_related("region")
    filters = ArchiveFilters(request.GET, rows)
    page = keyset_page(request, filters.qs, PAGE_SIZE)
    context = {"page": page, "filters": filters}
    return render(request, "reports/archive/archive.html", context)


@require_safe
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition: what is known of it, from where, and how it is cited."""
    rows = ArchivedEdition.objects.select_related("region")
    edition = get_object_or_404(rows, pk=min(pk, BIGGEST_ID))
    return render(request, "reports/archive/edition.html", {"edition": edition})
