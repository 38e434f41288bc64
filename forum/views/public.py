"""What everybody reads of the Forum: editions, agenda, sessions, people, releases."""

import zoneinfo
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.paging import keyset_page
from forum.calendars import calendar_of, etag_of
from forum.changes import differences, slot_of
from forum.filters import (
    AgendaFilters,
    DeskFilters,
    DocumentFilters,
    Facets,
    PersonFilters,
)
from forum.models import (
    AgendaRelease,
    Document,
    Edition,
    OutcomeReport,
    Person,
    ReleasedSession,
    Session,
)
from forum.templatetags.forum import day_text
from forum.templatetags.forum_changes import in_plain_text
from reference import vocabulary
from stocktaking.documents import NOTHING_RUNS

FEED_SIZE = 20
FEED_ROWS = 50  # sessions that a feed names of one kind of change
RELEASES = 20
PDF = "application/pdf"
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


@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    rows = list(Edition.objects.timeline())
    context = {"editions": rows, "coming": Edition.objects.current_or_next()}
    return render(request, "forum/editions.html", context)


@require_safe
def edition(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Edition, slug=slug)
    context = {
        "edition": found,
        "sessions": found.programme.count(),
        "documents": found.documents.visible_to(request.user).for_list(),
        "phases": found.phases.with_state(),
        "registration": Edition.objects.open_for_registration()
        .filter(pk=found.pk)
        .exists(),
        "release": found.releases.newest_first().defer("content", "changes").first(),
    }
    return render(request, "forum/edition.html", context)


def other_zone(filters: AgendaFilters, place: Edition) -> zoneinfo.ZoneInfo | None:
    """The clock that the reader asks for, when it differs from that of the place. That of the
    reader's browser is shown by a script (static/js/times.js)."""
    zone = filters.zone
    return None if zone is None or zone.key == place.time_zone else zone


@require_safe
def agenda(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme of an edition as last released; the secretariat may read the draft."""
    found = get_object_or_404(Edition, slug=slug)
    staff = getattr(request.user, "is_secretariat", False)
    draft = staff and request.GET.get("draft") in {"1", "true", "True"}
    whole: Any = Session.objects.for_agenda()
    if not draft:
        whole = ReleasedSession.objects.for_programme().with_stars(request.user)
    whole = whole.of_edition(found).in_order()
    filters = (DeskFilters if staff else AgendaFilters)(request.GET, queryset=whole)
    understood = filters.is_valid()
    everything = list(whole)
    facets = Facets(everything, request.GET, filters.keeping())
    rows = facets.found
    context = {
        "edition": found,
        "filters": filters,
        "facets": facets.all(),
        "day_counts": facets.days(),
        "days": by_day(rows),
        "count": len(rows),
        "total": len(everything),
        "zone": found.zone,
        "local": other_zone(filters, found),
        "zones": COMMON_ZONES,
        "draft": draft,
        "release": AgendaRelease.objects.newest_first()
        .filter(edition=found)
        .defer("content", "changes")
        .first(),
    }
    return render(
        request, "forum/agenda.html", context, status=200 if understood else 400
    )


def by_day(rows: list[Any]) -> list[tuple[str, list[Any]]]:
    """Sessions under their day in words, which are found once for each day."""
    texts: dict[Any, str] = {}

    def text(row: Any) -> str:
        key = (row.day, row.precision)
        if key not in texts:
            texts[key] = day_text(row)
        return texts[key]

    return [(label, list(part)) for label, part in groupby(rows, text)]


@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """A session as released; its proposer and the secretariat read it before that too."""
    planned = get_object_or_404(
        Session.objects.visible_to(request.user).select_related("edition"), pk=pk
    )
    released = (
        ReleasedSession.objects.select_related("edition")
        .with_stars(request.user)
        .filter(pk=pk)
        .first()
    )
    insider = "owner" in planned.roles_of(request.user) or getattr(
        request.user, "is_secretariat", False
    )
    shown: Any = released or Session.objects.with_people().get(pk=pk)
    outcome = OutcomeReport.objects.visible_to(request.user).filter(session=pk).first()
    context = {
        "session": shown,
        "planned": planned,
        "is_released": released is not None,
        "zone": shown.edition.zone,
        "insider": insider,
        "history": planned.history() if insider else [],
        "parts": parts_by_role(shown.parts()),
        "outcome": outcome,
        "documents": Document.objects.visible_to(request.user)
        .filter(session=pk)
        .for_list(),
        "languages": settings.LANGUAGES,
        "colours": vocabulary.colours(),
    }
    return render(request, "forum/session.html", context)


def parts_by_role(
    parts: list[dict[str, Any]],
) -> list[tuple[str, list[dict[str, Any]]]]:
    """The people of a session by role, in the order in which roles first come."""
    found: dict[str, list[dict[str, Any]]] = {}
    for part in parts:
        found.setdefault(part["role"], []).append(part)
    return list(found.items())


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    filters = PersonFilters(
        request.GET, queryset=Person.objects.public().select_related("country")
    )
    understood = filters.is_valid()
    page = keyset_page(request, filters.qs)
    context = {"page": page, "filters": filters}
    return render(
        request, "forum/people.html", context, status=200 if understood else 400
    )


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The public profile of somebody with a part in a released programme."""
    merged = Person.objects.filter(pk=pk, merged_into__isnull=False).first()
    if merged and merged.is_public:
        return redirect("forum:person", merged.merged_into_id)
    found = get_object_or_404(
        Person.objects.public().select_related("country__region"), pk=pk
    )
    ids = {pk, *found.merged_people.values_list("pk", flat=True)}
    sessions = ReleasedSession.objects.of_person(*ids).for_agenda()
    rows = [
        (row, [part["role"] for part in row.people if part["person"] in ids])
        for row in sessions.order_by("-day", "start", "pk")
    ]
    return render(request, "forum/person.html", {"person": found, "rows": rows})


@require_safe
def documents(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Edition, slug=slug)
    filters = DocumentFilters(
        request.GET,
        queryset=Document.objects.visible_to(request.user)
        .filter(edition=found)
        .for_list(),
    )
    understood = filters.is_valid()
    reports = (
        OutcomeReport.objects.published()
        .filter(session__edition=found)
        .select_related("session__released")
    )
    context = {
        "edition": found,
        "documents": filters.qs,
        "filters": filters,
        "page": keyset_page(request, reports.order_by("-updated_at", "-pk")),
    }
    return render(
        request, "forum/documents.html", context, status=200 if understood else 400
    )


@require_safe
def document(request: HttpRequest, pk: int) -> FileResponse:
    """An uploaded document, as a download: browsers never show it as a page of ours."""
    found = get_object_or_404(
        Document.objects.visible_to(request.user).exclude(file=""), pk=pk
    )
    path = str(found.file.name)
    if not default_storage.exists(path):
        raise Http404
    response = FileResponse(
        default_storage.open(path),
        content_type=PDF,
        as_attachment=True,
        filename=f"{found.edition.slug}-{found.kind}-{found.language}-{found.pk}.pdf",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NOTHING_RUNS
    return response


@require_safe
def releases(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Edition, slug=slug)
    rows = AgendaRelease.objects.newest_first().filter(edition=found).defer("content")
    context = {"edition": found, "page": keyset_page(request, rows, RELEASES)}
    return render(request, "forum/releases.html", context)


@require_safe
def release(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    found = get_object_or_404(
        AgendaRelease.objects.newest_first(), edition__slug=slug, number=number
    )
    context = {"edition": found.edition, "release": found}
    return render(request, "forum/release.html", context)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The releases of all editions as an Atom feed, the newest first."""
    base = settings.SITE_URL
    rows = list(AgendaRelease.objects.newest_first().defer("content")[:FEED_SIZE])
    atom = Atom1Feed(
        title=_("WSIS Forum: releases of the agenda"),
        link=f"{base}{request.path}",
        description="",
        feed_url=f"{base}{request.path}",
        language=get_language(),
    )
    for row in rows:
        changed = [
            line for kind in row.changed() for line in feed_lines(row.edition, *kind)
        ]
        atom.add_item(
            title=f"{row.edition}: {row}",
            link=f"{base}{row.get_absolute_url()}",
            description="\n".join(filter(None, [row.note, *changed])),
            updateddate=row.at,
            pubdate=row.at,
            unique_id=f"{base}/forum/{row.edition.slug}/releases/{row.number}",
        )
    text = atom.writeString("utf-8").encode()
    modified = http_date(rows[0].at.timestamp()) if rows else None
    return conditional(request, text, "application/atom+xml; charset=utf-8", modified)


def feed_lines(edition: Edition, kind: str, rows: list[dict[str, Any]]) -> list[str]:
    """What a feed says of one kind of change: how many sessions, and of each old → new."""
    lines = [f"{kind}: {len(rows)}"]
    for row in rows[:FEED_ROWS]:
        told = [
            f"{one.name}: {in_plain_text(one)}" if one.old else one.name
            for one in differences(row, edition)
        ]
        told = told or list(filter(None, [slot_of(row, edition)]))
        lines.append(" – ".join([row["title"], *told]))
    if len(rows) > FEED_ROWS:
        more = len(rows) - FEED_ROWS
        text = ngettext("and %(number)d more", "and %(number)d more", more)
        lines.append(text % {"number": more})
    return lines


def conditional(
    request: HttpRequest, content: bytes, content_type: str, modified: str | None = None
) -> HttpResponse:
    """The content with its ETag; 304 for a reader who has it."""
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
    found = get_object_or_404(ReleasedSession.objects.select_related("edition"), pk=pk)
    return conditional(request, calendar_of([found], found.title), ICS)


@require_safe
def edition_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme of an edition for calendar programs, with the filters of the agenda page."""
    found = get_object_or_404(Edition, slug=slug)
    rows = (
        ReleasedSession.objects.of_edition(found).select_related("edition").in_order()
    )
    filters = AgendaFilters(request.GET, queryset=rows)
    if not filters.is_valid():
        raise Http404
    return conditional(request, calendar_of(filters.qs, found.title), ICS)
