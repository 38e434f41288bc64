"""The sitemap, robots.txt and security.txt."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from reference.names import vocabulary
from stocktaking.project.changes import as_served
from stocktaking.project.models import Project
from stocktaking.search.index import current_index

PROJECTS_ON_PAGE = (
    200  # of the map of the site; six addresses each, each with five others
)


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


class InSixLanguages(Sitemap):
    """Each address in six languages, each naming the other five; at the portal's own address."""

    i18n = True
    alternates = True

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class Pages(InSixLanguages):
    """The pages that are always there, then the profiles that have projects: (name, value)."""

    def items(self) -> list[tuple[str, str]]:
        places = [(name, "") for name in PAGES]
        values = current_index().values
        for facet in ("country", "region", "action_line", "sdg"):
            codes = sorted(vocabulary.labels(facet))
            places += [(facet, code) for code in codes if values[facet].get(code)]
        return places

    def location(self, item: tuple[str, str]) -> str:
        name, code = item
        if code:
            return reverse("stocktaking:profile", args=[name, code])
        return reverse(name)


class Projects(InSixLanguages):
    """The published projects, oldest first, with the day of their last change."""

    limit = PROJECTS_ON_PAGE * len(settings.LANGUAGES)

    def items(self) -> Sequence[int]:
        return current_index().ids

    def location(self, item: int) -> str:
        return reverse("stocktaking:project", args=[item])

    def lastmod(self, item: int) -> datetime | None:
        return self.changed.get(item)

    def get_latest_lastmod(self) -> None:
        """Not said: it would be the last change of 13,000 projects for each reading."""

    def get_urls(
        self, page: int | str = 1, site: Any = None, protocol: str | None = None
    ) -> list[dict[str, Any]]:
        on_page = {pk for pk, _language in self.paginator.page(page).object_list}
        rows = Project.objects.published().filter(pk__in=on_page).only("updated_at")
        served = as_served(list(rows))
        self.changed = {project.pk: project.updated_at for project in served}
        return super().get_urls(page, site, protocol)


SITEMAPS = {"pages": Pages, "projects": Projects}


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
