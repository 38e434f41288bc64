"""A figure of a report at its permanent address: as a page, as files, and for other sites."""

import hashlib
from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from common.caching.values import remember, remembered
from reports.download.views import CONTENT_TYPES
from reports.figure.files import FORMATS_OF_CHARTS, FORMATS_OF_TABLES, WRITERS
from reports.figure.reading import Figure, figure_named
from reports.layout.layout import taken_apart
from reports.output.models import Snapshot, SnapshotQuerySet
from reports.output.pictures import PICTURE_WIDTH

EMBEDDED_WIDTH, AROUND_A_CHART = 480, 220  # pixels of a frame on another site
KEPT = 7 * 24 * 3600  # seconds; a picture of a frozen figure never changes


def version_among(snapshots: SnapshotQuerySet, pk: int, version: int) -> Snapshot:
    """A version with its publication. Raises Http404."""
    with_publication = snapshots.select_related(
        "publication__region", "publication__contest"
    )
    return get_object_or_404(with_publication.of_version(pk, version))


def figure_of(snapshots: SnapshotQuerySet, pk: int, version: int, name: str) -> Figure:
    """The figure of a version among these. Raises Http404."""
    figure = figure_named(version_among(snapshots, pk, version), name)
    if figure is None:
        raise Http404
    return figure


@require_safe
def figure(request: HttpRequest, pk: int, version: int, name: str) -> HttpResponse:
    """The table with its chart, where the numbers are from, and how to cite and reuse them."""
    readable = Snapshot.objects.visible_to(request.user)
    figure = figure_of(readable, pk, version, name)
    charts = FORMATS_OF_CHARTS if figure.chart else ()
    return render(
        request,
        "reports/figure/figure.html",
        {
            "figure": figure,
            "publication": figure.snapshot.publication,
            "files": files_of(figure, *FORMATS_OF_TABLES, *charts),
            "picture_width": PICTURE_WIDTH,
            "embedded": figure.address("figure-embedded"),
            "frame": frame_of(figure),
        },
    )


def files_of(figure: Figure, *formats: str) -> list[tuple[str, str]]:
    """(format, address) of what is offered for download."""
    return [
        (name, figure.path(f"{figure.PAGE}-file", file_format=name)) for name in formats
    ]


def frame_of(figure: Figure) -> dict[str, Any]:
    """The size of the frame in which another site shows the figure."""
    if not figure.chart:
        return {"width": EMBEDDED_WIDTH, "height": EMBEDDED_WIDTH}
    drawing = taken_apart(figure.chart["svg"])
    height = drawing["height"] * EMBEDDED_WIDTH / (drawing["width"] or EMBEDDED_WIDTH)
    return {"width": EMBEDDED_WIDTH, "height": AROUND_A_CHART + round(height)}


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # any site, on purpose
def embedded(request: HttpRequest, pk: int, version: int, name: str) -> HttpResponse:
    """A published figure as a small page that other sites may frame. It has no form, script or
    personal content, so that clicks on it cannot be misused."""
    figure = figure_of(Snapshot.objects.public(), pk, version, name)
    with override(figure.language):
        response = render(request, "reports/figure/_embedded.html", {"figure": figure})
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def figure_file(
    request: HttpRequest, pk: int, version: int, name: str, file_format: str
) -> HttpResponse:
    """The figure as a file, always as an attachment; once it is public it never changes."""
    readable = Snapshot.objects.visible_to(request.user)
    figure = figure_of(readable, pk, version, name)
    return file_response(request, figure, file_format)


def file_response(
    request: HttpRequest, figure: Figure, file_format: str
) -> HttpResponse:
    """The figure as an attachment. Raises Http404 for a format that it does not have."""
    snapshot = figure.snapshot
    name = f"wsis-report-{snapshot.publication_id}-v{snapshot.version}-{figure.name}"
    content = content_of(figure, file_format)
    if not content:
        raise Http404
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    response = HttpResponse(content, content_type=CONTENT_TYPES[file_format])
    response["Content-Disposition"] = f'attachment; filename="{name}.{file_format}"'
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    caches = "public" if figure.is_public else "private"
    response["Cache-Control"] = f"{caches}, no-cache"
    return get_conditional_response(request, etag=etag, response=response) or response


def content_of(figure: Figure, file_format: str) -> bytes:
    """The file, b"" where there is none; pictures are kept, for they take a moment to draw."""
    if file_format not in WRITERS:
        return b""
    if file_format != "png":
        return WRITERS[file_format](figure)
    state = "public" if figure.is_public else "draft"
    key = f"figure-{figure.snapshot.pk}-{figure.snapshot.short_hash}-{figure.name}-{state}"
    content = remembered(key)
    if content is None:
        content = WRITERS[file_format](figure)
        remember(key, content, KEPT)
    return bytes(content)
