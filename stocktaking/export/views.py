"""Search results as a file or feed."""

import datetime

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from common.limits.throttle import allow, client_ip
from stocktaking.export.writers import FORMATS, rows, sizes
from stocktaking.search.filters import ProjectSearch
from stocktaking.search.views import refused


@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The formats in which the results can be downloaded, with the size of each file."""
    search = ProjectSearch(request.GET)
    if not search.is_valid:
        return refused(request, search)
    size = sizes(search)
    whole = ProjectSearch(request.GET.__class__())
    context = {
        "search": search,
        "whole": whole.total,
        "files": [
            (kind, name, size[kind]) for kind, (name, _type, _write) in FORMATS.items()
        ],
        "site_url": settings.SITE_URL,
    }
    return render(request, "stocktaking/export/download.html", context)


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """All projects of the result as a file, sent while they are read."""
    if kind not in FORMATS:
        raise Http404
    allowed, retry_after = allow(
        "export", client_ip(request), *settings.LIMITS["export"]
    )
    if not allowed:
        page = render(request, "429.html", status=429)
        page["Retry-After"] = str(retry_after)
        return page
    search = ProjectSearch(request.GET)
    if not search.is_valid:
        return refused(request, search)
    _name, content_type, write = FORMATS[kind]
    projects = rows(
        lambda: search.pks(search.total), get_language() or settings.LANGUAGE_CODE
    )
    response = StreamingHttpResponse(write(projects), content_type=content_type)
    day = datetime.datetime.now(tz=datetime.UTC).date()
    response["Content-Disposition"] = (
        f'attachment; filename="wsis-projects-{day}.{kind}"'
    )
    response["X-Accel-Buffering"] = "no"
    return response
