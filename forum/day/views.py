"""The page of an agenda."""

import zoneinfo
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from forum.agenda.filters import AgendaFilters, DeskFilters, PageFilters
from forum.agenda.models import AgendaRelease, ReleasedSession
from forum.day.kept import slots
from forum.day.page import AgendaPage
from forum.edition.models import Edition
from forum.session.models import Session

# Offered beside the field; any zone of the IANA database is taken.
COMMON_ZONES = (
    "UTC",
    "Africa/Abidjan",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Bogota",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Bangkok",
    "Asia/Dhaka",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Riyadh",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Europe/London",
    "Europe/Moscow",
    "Europe/Zurich",
    "Pacific/Auckland",
)


def other_zone(filters: AgendaFilters, place: Edition) -> zoneinfo.ZoneInfo | None:
    """The time zone that the reader requested, when it differs from that of the place. That of
    the reader's browser is shown by a script (static/js/times.js)."""
    zone = filters.zone
    return None if zone is None or zone.key == place.time_zone else zone


@require_safe
def agenda(request: HttpRequest, slug: str, *, all_days: bool = False) -> HttpResponse:
    """The programme of an edition as last released; the secretariat may read the draft."""
    edition = get_object_or_404(Edition, slug=slug)
    staff = getattr(request.user, "is_secretariat", False)
    draft = staff and request.GET.get("draft") in {"1", "true", "True"}
    whole: Any = Session.objects.for_agenda()
    if not draft:
        whole = ReleasedSession.objects.for_programme().with_stars(request.user)
    whole = whole.of_edition(edition).in_order()
    filters = (DeskFilters if staff else PageFilters)(request.GET, queryset=whole)
    understood = filters.is_valid()
    page = AgendaPage(edition, filters, all_days=all_days)
    context = {
        "edition": edition,
        "filters": filters,
        "page": page,
        "facets": page.facets,
        "day_counts": page.day_counts,
        "count": len(page.rows),
        "total": len(page.sessions),
        "zone": edition.zone,
        "local": other_zone(filters, edition),
        "zones": COMMON_ZONES,
        "by_room": filters.data.get("view") == "rooms" and page.day is not None,
        "draft": draft,
        "release": AgendaRelease.objects.newest_first()
        .filter(edition=edition)
        .defer("content", "changes")
        .first(),
    }
    context["slots"] = slots(request, page, context)
    return render(
        request, "forum/day/agenda.html", context, status=200 if understood else 400
    )
