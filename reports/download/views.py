"""The files of a report, as downloads."""

import io
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from common.text.digits import BIGGEST_ID, BIGGEST_INTEGER
from reports.download.draft import MARKED
from reports.output.models import Artefact, Snapshot

BIGGEST_SMALL = 2**15 - 1  # of a number of a volume

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "brief": "application/pdf",
}


@require_safe
def download(
    request: HttpRequest,
    pk: int,
    version: int,
    file_format: str = Artefact.Format.PDF,
    volume: int = 0,
    part: int = 0,
) -> HttpResponseBase:
    """A file of a version this person may read, always as an attachment; it never changes."""
    artefact = get_object_or_404(
        Artefact.objects.visible_to(request.user).select_related("publication"),
        publication=min(pk, BIGGEST_ID),
        version=min(version, BIGGEST_INTEGER),
        format=file_format,
        volume=min(volume, BIGGEST_SMALL),
        part=min(part, BIGGEST_SMALL),
    )
    is_public = Artefact.objects.visible_to(None).filter(pk=artefact.pk).exists()
    etag = f'"{artefact.sha256}{"" if is_public else "-draft"}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None and unchanged.status_code != HttpResponse.status_code:
        return unchanged
    response = sent(artefact, is_public)
    response["ETag"] = etag
    response["Cache-Control"] = f"{'public' if is_public else 'private'}, no-cache"
    return response


def sent(artefact: Artefact, is_public: bool) -> HttpResponseBase:
    """The file as an attachment. What is not public yet says on each page that it is a draft; the
    file itself never does, so that the public gets what was built."""
    path = str(artefact.file)
    if not default_storage.exists(path):
        raise Http404
    file: Any = default_storage.open(path)
    if not is_public and artefact.format in MARKED:
        with file:
            file = io.BytesIO(
                MARKED[artefact.format](file.read(), artefact.publication.language)
            )
    response = FileResponse(
        file,
        as_attachment=True,
        filename=artefact.filename,
        content_type=CONTENT_TYPES[artefact.format],
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def picture(
    request: HttpRequest, pk: int, version: int, block: int
) -> HttpResponseBase:
    """A picture of a version that this person may read; it never changes."""
    readable = Snapshot.objects.visible_to(request.user)
    return picture_of(get_object_or_404(readable.of_version(pk, version)), block)


def picture_of(snapshot: Snapshot, block: int) -> HttpResponseBase:
    """The picture of a block. Raises Http404."""
    files = [
        one["file"]
        for section in snapshot.body
        for one in section["blocks"]
        if one["kind"] == "picture" and one["id"] == block
    ]
    if not files or not default_storage.exists(files[0]):
        raise Http404
    response = FileResponse(default_storage.open(files[0]), content_type="image/webp")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response
