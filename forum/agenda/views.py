"""The agenda and its releases, calendars, and stars."""

import zoneinfo
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.limits.throttle import throttled
from common.lists.paging import keyset_page
from common.moves.actors import SignedInRequest
from forum.agenda.calendars import calendar_of, etag_of
from forum.agenda.facets import Facets
from forum.agenda.filters import AgendaFilters, DeskFilters
from forum.agenda.models import (
    AgendaRelease,
    CalendarKey,
    ReleasedSession,
    Star,
    new_token,
)
from forum.edition.models import Edition
from forum.session.models import Session
from forum.session.times import day_text

RELEASES = 20


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
def agenda(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme of an edition as last released; the secretariat may read the draft."""
    edition = get_object_or_404(Edition, slug=slug)
    staff = getattr(request.user, "is_secretariat", False)
    draft = staff and request.GET.get("draft") in {"1", "true", "True"}
    whole: Any = Session.objects.for_agenda()
    if not draft:
        whole = ReleasedSession.objects.for_programme().with_stars(request.user)
    whole = whole.of_edition(edition).in_order()
    filters = (DeskFilters if staff else AgendaFilters)(request.GET, queryset=whole)
    understood = filters.is_valid()
    everything = list(whole)
    facets = Facets(everything, request.GET, filters.keeping())
    rows = facets.matches
    context = {
        "edition": edition,
        "filters": filters,
        "facets": facets.all(),
        "day_counts": facets.days(),
        "days": by_day(rows),
        "count": len(rows),
        "total": len(everything),
        "zone": edition.zone,
        "local": other_zone(filters, edition),
        "zones": COMMON_ZONES,
        "draft": draft,
        "release": AgendaRelease.objects.newest_first()
        .filter(edition=edition)
        .defer("content", "changes")
        .first(),
    }
    return render(
        request, "forum/agenda/agenda.html", context, status=200 if understood else 400
    )


def by_day(rows: list[Any]) -> list[tuple[str, list[Any]]]:
    """Sessions under their day in words, which is formatted once for each day."""
    texts: dict[Any, str] = {}

    def text(row: Any) -> str:
        key = (row.day, row.precision)
        if key not in texts:
            texts[key] = day_text(row)
        return texts[key]

    return [(label, list(part)) for label, part in groupby(rows, text)]


@require_safe
def releases(request: HttpRequest, slug: str) -> HttpResponse:
    edition = get_object_or_404(Edition, slug=slug)
    rows = AgendaRelease.objects.newest_first().filter(edition=edition).defer("content")
    context = {"edition": edition, "page": keyset_page(request, rows, RELEASES)}
    return render(request, "forum/agenda/releases.html", context)


@require_safe
def release(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    release = get_object_or_404(
        AgendaRelease.objects.newest_first(), edition__slug=slug, number=number
    )
    context = {"edition": release.edition, "release": release}
    return render(request, "forum/agenda/release.html", context)


def conditional(
    request: HttpRequest, content: bytes, content_type: str, modified: str | None = None
) -> HttpResponse:
    """The content with its ETag; 304 for a reader who has it already."""
    response = HttpResponse(content, content_type=content_type)
    response["ETag"] = etag_of(content)
    if modified:
        response["Last-Modified"] = modified
    return (
        get_conditional_response(request, etag=response["ETag"], response=response)
        or response
    )


ICS = "text/calendar; charset=utf-8"


@require_safe
def session_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(
        ReleasedSession.objects.select_related("edition"), pk=pk
    )
    return conditional(request, calendar_of([session], session.title), ICS)


@require_safe
def edition_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme of an edition for calendar programs, with the filters of the agenda page."""
    edition = get_object_or_404(Edition, slug=slug)
    rows = (
        ReleasedSession.objects.of_edition(edition).select_related("edition").in_order()
    )
    filters = AgendaFilters(request.GET, queryset=rows)
    if not filters.is_valid():
        raise Http404
    return conditional(request, calendar_of(filters.qs, edition.title), ICS)


SHOWN = 500  # sessions of one person's calendar; a Forum has some 250


@login_required
@require_POST
@throttled("forum-star", *settings.LIMITS["forum-star"], by="user")
def star(request: SignedInRequest, pk: int) -> HttpResponse:
    """Star a session, or remove the star; then return to the page."""
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    if request.POST.get("star") == "0":
        Star.objects.filter(user=request.user, session=session).delete()
        messages.success(request, _("Removed from your agenda."))
    else:
        Star.objects.get_or_create(user=request.user, session=session)
        messages.success(request, _("On your agenda now."))
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        back, {request.get_host()}, request.is_secure()
    )
    return redirect(back if back and safe else session.get_absolute_url())


@login_required
@require_POST
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user")
def calendar_key(request: SignedInRequest) -> HttpResponse:
    """Create a secret calendar address, replace it, or remove it."""
    if request.POST.get("revoke"):
        CalendarKey.objects.filter(user=request.user).delete()
        messages.success(request, _("The address is no longer valid."))
    else:
        CalendarKey.objects.update_or_create(
            user=request.user, defaults={"token": new_token()}
        )
        messages.success(
            request, _("This is your new address; older ones no longer work.")
        )
    return redirect("forum:my-agenda")


@require_safe
def my_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar at a secret address; it needs no sign-in and is not cached."""
    key = get_object_or_404(CalendarKey.objects.select_related("user"), token=token)
    rows = ReleasedSession.objects.of_calendar(key.user).select_related("edition")
    content = calendar_of(rows.in_order()[:SHOWN], _("My WSIS Forum"))
    response = conditional(request, content, ICS)
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response
