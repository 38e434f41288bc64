"""The first page of the reports: what is published, what comes next, what came before."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.lists.paging import keyset_page
from reports.archive.filters import ArchiveFilters
from reports.archive.models import ArchivedEdition
from reports.builders.texts import CURRENT, VERSIONS, rules
from reports.publication.filters import PublicationFilters
from reports.publication.models import Publication
from reports.report.models import Report
from reports.schedule.models import Schedule

PAGE_SIZE = 20
EDITIONS_SHOWN = 5  # the others are in the archive


@require_safe
def publication_list(request: HttpRequest) -> HttpResponse:
    """Reports, newest first, by series, region and year; then dates to come, and the archive."""
    filters = PublicationFilters(
        request.GET, Publication.objects.visible_to(request.user)
    )
    page = keyset_page(request, filters.qs.newest().for_list(), PAGE_SIZE)
    editions = ArchivedEdition.objects.select_related("region")
    context = {
        "page": page,
        "filters": filters,
        "edited": edited_by(request),
        "schedules": Schedule.objects.to_come(),
        "archive_filters": ArchiveFilters({}),
        "editions": editions[:EDITIONS_SHOWN],
    }
    return render(request, "reports/page/publication_list.html", context)


@require_safe
def methodology(request: HttpRequest) -> HttpResponse:
    """How the reports count, and since when."""
    context = {"rules": rules(), "versions": reversed(VERSIONS), "current": CURRENT}
    return render(request, "reports/page/methodology.html", context)


def edited_by(request: HttpRequest) -> list[Report]:
    """The reports that this person writes, as a named editor."""
    if not request.user.is_authenticated:
        return []
    reports = Report.objects.edited_by(request.user).select_related("region")
    return list(reports[:PAGE_SIZE])
