"""The sitemap, robots.txt and security.txt."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from reference.names import vocabulary
from stocktaking.project.changes import as_served
from stocktaking.project.models import Project
from stocktaking.search.index import current_index

CHUNK = 1000  # projects per part of the map of the site; six addresses each


PAGES = (
    "home",
    "stocktaking:projects",
    "stocktaking:profiles",
    "stocktaking:map",
    "stocktaking:gaps",
    "reference:matrix",
    "help",
    "data",
)


SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


XHTML = "http://www.w3.org/1999/xhtml"


XML = "application/xml; charset=utf-8"


SECURITY_HOLDS = timedelta(
    days=180
)  # what security.txt says, which must be under a year


KEPT_OUT = (
    "/api/",
    "/*/admin/",
    "/*/account/",
    "/*/projects/export.",
    "/*/projects/follows/",
)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The parts of the sitemap: pages first, then a thousand projects each, oldest first."""
    parts = range(2 + (len(current_index().ids) - 1) // CHUNK)
    rows = "".join(
        f"<sitemap><loc>{settings.SITE_URL}{reverse('sitemap-part', args=[part])}</loc></sitemap>"
        for part in parts
    )
    return HttpResponse(
        f'<sitemapindex xmlns="{SITEMAP}">{rows}</sitemapindex>', content_type=XML
    )


@require_safe
def sitemap_part(request: HttpRequest, part: int) -> HttpResponseBase:
    """Each address in six languages, with its last change and its alternates."""
    index = current_index()
    if part > 1 + (len(index.ids) - 1) // CHUNK:
        raise Http404
    places: list[tuple[str, list[Any], str]]
    if part == 0:
        places = [(name, [], "") for name in PAGES]
        for facet in ("country", "region", "action_line", "sdg"):
            codes = [code for code, projects in index.values[facet].items() if projects]
            codes = [code for code in sorted(codes) if code in vocabulary.labels(facet)]
            places += [("stocktaking:profile", [facet, code], "") for code in codes]
    else:
        ids = index.ids[(part - 1) * CHUNK : part * CHUNK]
        rows = Project.objects.published().filter(pk__in=ids).order_by("pk")
        places = [
            ("stocktaking:project", [project.pk], project.updated_at.date().isoformat())
            for project in as_served(list(rows.only("updated_at")))
        ]
    return StreamingHttpResponse(urlset(places), content_type=XML)


def urlset(places: list[tuple[str, list[Any], str]]) -> Iterator[str]:
    """A row per address and language; (name, parameters, day of the last change or "")."""
    yield f'<urlset xmlns="{SITEMAP}" xmlns:xhtml="{XHTML}">'
    for name, parameters, day in places:
        urls = {}
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                urls[code] = escape(settings.SITE_URL + reverse(name, args=parameters))
        sisters = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{url}"/>'
            for code, url in urls.items()
        )
        changed = f"<lastmod>{day}</lastmod>" if day else ""
        yield "".join(
            f"<url><loc>{url}</loc>{changed}{sisters}</url>" for url in urls.values()
        )
    yield "</urlset>"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    rows = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in KEPT_OUT),
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse(
        "\n".join(rows) + "\n", content_type="text/plain; charset=utf-8"
    )


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Where to report a vulnerability (RFC 9116): the contact of the portal, valid for half a
    year."""
    help_page = f"{settings.SITE_URL}{reverse('help')}"
    contact = (
        f"mailto:{settings.CONTACT_EMAIL}" if settings.CONTACT_EMAIL else help_page
    )
    until = (timezone.now() + SECURITY_HOLDS).replace(microsecond=0)
    rows = [
        f"Contact: {contact}",
        f"Expires: {until.isoformat()}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}{request.path}",
    ]
    return HttpResponse(
        "\n".join(rows) + "\n", content_type="text/plain; charset=utf-8"
    )
