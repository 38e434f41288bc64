"""What one can do with the result of a search: take it as a file, read it as a feed."""

import datetime
from typing import Any

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import get_language
from django.views.decorators.http import conditional_page, require_safe

from common.models import Change
from common.throttle import allow, client_ip
from stocktaking.digests import title_of
from stocktaking.exporting import FORMATS, rows, sizes
from stocktaking.filters import ProjectSearch
from stocktaking.served import as_served
from stocktaking.spreadsheet import UNSAYABLE

FEED_SIZE = 30


def refused(request: HttpRequest, search: ProjectSearch) -> HttpResponse:
    """The sentences of a search that was not understood, on a page of their own."""
    return render(request, "stocktaking/download.html", {"search": search}, status=400)


@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The ways to take these results along, with the size of each file."""
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
    return render(request, "stocktaking/download.html", context)


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
    found = rows(
        lambda: search.pks(search.total), get_language() or settings.LANGUAGE_CODE
    )
    response = StreamingHttpResponse(write(found), content_type=content_type)
    day = datetime.datetime.now(tz=datetime.UTC).date()
    response["Content-Disposition"] = (
        f'attachment; filename="wsis-projects-{day}.{kind}"'
    )
    response["X-Accel-Buffering"] = "no"
    return response


@require_safe
@conditional_page
def feed(request: HttpRequest) -> HttpResponse:
    """The newest projects of any search as Atom; holds no secret, so anybody may subscribe."""
    data = request.GET.copy()
    data["sort"] = "newest"
    search = ProjectSearch(data)
    if not search.is_valid:
        return refused(request, search)
    site = settings.SITE_URL
    address = f"{site}{reverse('stocktaking:projects')}?{search.query}"
    made = Atom1Feed(
        title=title_of(search),
        link=address,
        description="",
        subtitle=search.match_sentence,
        feed_url=f"{site}{reverse('stocktaking:feed')}?{search.query}",
        language=get_language(),
        feed_guid=address,
    )
    for project in as_served(search.page(1, FEED_SIZE).object_list):
        made.add_item(**_item(project))
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    made.write(response, "utf-8")
    changed = (
        Change.objects.filter(record_kind="stocktaking.project").order_by("-pk").first()
    )
    if changed:  # also what left the result changes it
        response["Last-Modified"] = http_date(changed.at.timestamp())
    return response


def _item(project: Any) -> dict[str, Any]:
    address = settings.SITE_URL + project.get_absolute_url()
    return {
        "title": UNSAYABLE.sub("", project.title),
        "link": address,
        "description": UNSAYABLE.sub("", project.summary),
        "author_name": UNSAYABLE.sub("", project.organisation_name),
        # one entry in all languages of the page
        "unique_id": f"{settings.SITE_URL}/projects/{project.pk}",
        "pubdate": project.published_at,
        "updateddate": max(project.published_at, project.updated_at),
    }
