"""Releases of the agenda, calendars, and stars."""

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
from common.templatetags.names import comma
from forum.agenda.calendars import calendar_of, calendar_of_edition, etag_of
from forum.agenda.filters import PageFilters
from forum.agenda.models import (
    AgendaRelease,
    CalendarKey,
    ReleasedSession,
    Star,
    new_token,
)
from forum.edition.models import Edition
from forum.session.models import Session

RELEASES = 20


@require_safe
def releases(request: HttpRequest, slug: str) -> HttpResponse:
    edition = get_object_or_404(Edition, slug=slug)
    rows = AgendaRelease.objects.newest_first().filter(edition=edition).defer("content")
    context = {"edition": edition, "page": keyset_page(request, rows, RELEASES)}
    return render(request, "forum/agenda/releases.html", context)


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
    filters = PageFilters(request.GET, queryset=rows)
    if not filters.is_valid():
        raise Http404
    if filters.narrows:
        content = calendar_of(filters.qs, edition.title)
    else:
        content = calendar_of_edition(edition)
    return conditional(request, content, ICS)


CLASHES_NAMED = 3
SHOWN = 500  # sessions of one person's calendar; a Forum has some 250


@login_required
@require_POST
@throttled("forum-star", *settings.LIMITS["forum-star"], by="user")
def star(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark a session as one to attend or of interest, or remove the mark; then return to the
    page."""
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    level = request.POST.get("star", "")
    if level == "0":
        Star.objects.filter(user=request.user, session=session).delete()
        messages.success(request, _("Removed from your agenda."))
    else:
        known = level if level in Star.Level.values else Star.Level.ATTEND
        Star.objects.update_or_create(
            user=request.user, session=session, defaults={"level": known}
        )
        messages.success(request, _("On your agenda now."))
        if known == Star.Level.ATTEND:
            warn_of_clash(request, pk)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        back, {request.get_host()}, request.is_secure()
    )
    return redirect(back if back and safe else session.get_absolute_url())


def warn_of_clash(request: SignedInRequest, pk: int) -> None:
    """Name the sessions that the person will attend at the same time."""
    session = ReleasedSession.objects.filter(pk=pk).first()
    if session is None:
        return
    others = ReleasedSession.objects.attended_during(session, request.user)
    titles = list(others.values_list("title", flat=True)[:CLASHES_NAMED])
    if titles:
        said = {"sessions": comma().join(titles)}
        messages.warning(request, _("At the same time as: %(sessions)s") % said)


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
    rows = rows.with_stars(key.user)
    content = calendar_of(rows.in_order()[:SHOWN], _("My WSIS Forum"))
    response = conditional(request, content, ICS)
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response
