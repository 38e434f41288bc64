"""The released programme as files: schedule.xml, schedule.json, CSV."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from common.tables.csv_files import BYTE_ORDER_MARK, CONTENT_TYPE, csv_text
from forum.agenda.filters import PageFilters
from forum.agenda.models import AgendaRelease, ReleasedSession
from forum.agenda.views import conditional
from forum.edition.models import Edition
from forum.programme import frab
from forum.programme.sheet import rows_of


def last_release(slug: str) -> AgendaRelease:
    """The release that the public reads. Raises Http404 for an edition without one."""
    releases = AgendaRelease.objects.newest_first().defer("content", "changes")
    release = releases.filter(edition__slug=slug).first()
    if release is None:
        raise Http404
    return release


@require_safe
def schedule_xml(request: HttpRequest, slug: str) -> HttpResponse:
    release = last_release(slug)
    content = frab.xml(frab.document(release.edition, release))
    return conditional(request, content, "application/xml; charset=utf-8")


@require_safe
def schedule_json(request: HttpRequest, slug: str) -> HttpResponse:
    release = last_release(slug)
    text = json.dumps(frab.document(release.edition, release), ensure_ascii=False)
    return conditional(request, text.encode(), "application/json")


@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme as CSV, with the filters of the agenda page."""
    edition = get_object_or_404(Edition, slug=slug)
    rows = ReleasedSession.objects.of_edition(edition).select_related("edition")
    filters = PageFilters(request.GET, queryset=rows.defer("words").in_order())
    if not filters.is_valid():
        raise Http404
    text = BYTE_ORDER_MARK + csv_text(rows_of(filters.qs))
    response = conditional(request, text.encode(), CONTENT_TYPE)
    response["Content-Disposition"] = (
        f'attachment; filename="wsis-forum-{edition.slug}.csv"'
    )
    return response
