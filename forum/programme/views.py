"""The released programme as files: schedule.xml, schedule.json, CSV, and in print."""

import datetime
import json

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from common.jobs.models import LIVE
from common.limits.throttle import throttled
from common.tables.csv_files import BYTE_ORDER_MARK, CONTENT_TYPE, csv_text
from forum.agenda.filters import PageFilters
from forum.agenda.models import AgendaRelease, ReleasedSession
from forum.agenda.views import conditional
from forum.edition.models import Edition
from forum.programme import frab
from forum.programme.models import Printout, offers
from forum.programme.sheet import rows_of
from forum.programme.tasks import print_programme


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


# --- printed ---


@require_safe
def print_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The files of the last release in the reader's language: made, being made, or to be had."""
    release = last_release(slug)
    every = offers(release, days_held(release.edition))
    context = {
        "edition": release.edition,
        "release": release,
        "offers": every,
        "is_busy": any(one.state in LIVE for one in every),
    }
    return render(request, "forum/programme/print.html", context)


def days_held(edition: Edition) -> list[datetime.date]:
    """The days for which there are sheets."""
    rows = ReleasedSession.objects.of_edition(edition).filter(start__isnull=False)
    days = rows.order_by("day").values_list("day", flat=True).distinct()
    return [day for day in days if day]


@require_safe
@throttled("forum-print", *settings.LIMITS["forum-print"])
def printout(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """A printed file; one that is not made yet is asked for, and the page says how far it is.

    Who waits asks again, so a message to the workers that got lost is sent again.
    """
    release = last_release(slug)
    every = offers(release, days_held(release.edition))
    offer = next((one for one in every if one.name == name), None)
    if offer is None:
        raise Http404
    job, _made = Printout.objects.get_or_create(
        agenda=release,
        kind=offer.kind,
        day=offer.day,
        language=get_language() or settings.LANGUAGE_CODE,
    )
    if job.state == "done" and default_storage.exists(job.file):
        return sent(request, job)
    if not job.is_live:
        job.enqueue()
    if Printout.objects.waiting().filter(pk=job.pk).exists():
        print_programme.delay_on_commit(job.pk)  # type: ignore[attr-defined]  # Celery's Django task
    return redirect("forum:print", slug)


def sent(request: HttpRequest, job: Printout) -> HttpResponseBase:
    etag = f'"{job.sha256}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    response = FileResponse(
        default_storage.open(job.file),
        filename=job.filename,
        content_type="application/pdf",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    return response
