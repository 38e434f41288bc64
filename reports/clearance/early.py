"""A version for the people on its pre-release list: a link of their own, no account."""

from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from common.limits.throttle import throttled
from common.mail.links import digest
from reports.download.views import picture_of, sent
from reports.early.models import EarlyReader
from reports.output.models import Artefact, Snapshot
from reports.publication.models import Publication
from reports.publication.views import report_context

READS_AN_HOUR = 200  # from one network: an office may share one


def unseen(view: Any) -> Any:
    """No cache keeps it, no search engine lists it, no other site learns its address."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return guarded


def reader_with(token: str) -> EarlyReader:
    """The reader whose link this is, while it is open. Raises Http404."""
    rows = EarlyReader.objects.reading_with(token).select_related("publication")
    reader = rows.first()
    if reader is None:
        raise Http404
    return reader


def log_reading(request: HttpRequest, reader: EarlyReader, what: str) -> None:
    if request.method == "GET":
        reader.readings.create(what=what)


@require_safe
@throttled("early-reader", READS_AN_HOUR, 3600)
@unseen
def early(request: HttpRequest, token: str) -> HttpResponse:
    """The report as its readers will see it; after its publication the link leads there."""
    if published := _published(token):
        return redirect(published)
    reader = reader_with(token)
    publication = reader.publication
    snapshot = publication.snapshots.get(version=reader.version)
    log_reading(request, reader, "page")
    context = {
        **report_context(request, publication, snapshot, number=None),
        "publication": publication,
        "reader": reader,
        "early_token": token,
        "files": _files(reader),
    }
    return render(request, "reports/early/early.html", context)


def _published(token: str) -> Publication | None:
    """The report, when the version of this link has become public."""
    reader = (
        EarlyReader.objects.filter(token=digest(token))
        .select_related("publication")
        .first()
    )
    if reader is None or reader.publication.published_version != reader.version:
        return None
    return reader.publication


def _files(reader: EarlyReader) -> list[Artefact]:
    files = Artefact.objects.filter(
        publication=reader.publication, version=reader.version, volume=0
    )
    return list(files)


@require_safe
@throttled("early-reader", READS_AN_HOUR, 3600)
@unseen
def early_file(request: HttpRequest, token: str, file_format: str) -> HttpResponseBase:
    """A file of the version, with the mark of a draft."""
    reader = reader_with(token)
    for artefact in _files(reader):
        if artefact.format == file_format:
            log_reading(request, reader, file_format)
            return sent(artefact, is_public=False)
    raise Http404


@require_safe
@throttled("early-picture", 10 * READS_AN_HOUR, 3600)
@unseen
def early_picture(request: HttpRequest, token: str, block: int) -> HttpResponseBase:
    """A picture of the version."""
    reader = reader_with(token)
    snapshots = Snapshot.objects.of_version(reader.publication_id, reader.version)
    return picture_of(snapshots.get(), block)
