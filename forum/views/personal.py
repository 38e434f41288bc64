"""A person's own agenda: stars, what they take part in, a secret calendar address."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedInRequest
from common.paging import keyset_page
from common.throttle import throttled
from forum.calendars import calendar_of
from forum.models import (
    CalendarKey,
    Edition,
    Registration,
    ReleasedSession,
    Session,
    Star,
    Submission,
)
from forum.models.personal import new_token
from forum.views.public import ICS, by_day, conditional
from forum.workflow import SessionStatus

SHOWN = 500  # sessions of one person's calendar; a Forum has some 250


@login_required
@require_POST
@throttled("forum-star", *settings.LIMITS["forum-star"], by="user")
def star(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a session on one's list, or take it off; then back to where one was."""
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
@require_safe
def my_agenda(request: SignedInRequest) -> HttpResponse:
    """Starred sessions and those one takes part in, registrations, submissions."""
    rows = ReleasedSession.objects.of_calendar(request.user).for_agenda()
    rows = rows.with_stars(request.user).in_order()
    context = {
        "editions": by_edition(list(rows[:SHOWN])),
        "registrations": Registration.objects.filter(user=request.user).select_related(
            "edition"
        ),
        "submissions": Submission.objects.of_owner(request.user).select_related(
            "edition"
        )[:5],
        "key": CalendarKey.objects.filter(user=request.user).first(),
        "site": settings.SITE_URL,
    }
    return render(request, "forum/my_agenda.html", context)


def by_edition(
    sessions: list[ReleasedSession],
) -> list[tuple[Edition, list[tuple[str, list[ReleasedSession]]]]]:
    """The newest edition first; in it the days from the first on, each with its sessions."""
    note_overlaps(sessions)
    editions: dict[Edition, list[ReleasedSession]] = {}
    for session in sessions:
        editions.setdefault(session.edition, []).append(session)
    newest_first = sorted(
        editions, key=lambda one: (one.last_year, one.pk), reverse=True
    )
    return [(edition, by_day(editions[edition])) for edition in newest_first]


def note_overlaps(sessions: list[ReleasedSession]) -> None:
    """Give each session the list of others that are held at the same time."""
    rows: list[Any] = list(sessions)
    timed = [
        one
        for one in rows
        if one.start and one.end and one.status == SessionStatus.RELEASED
    ]
    timed.sort(key=lambda one: one.start)
    for session in rows:
        session.overlaps = []
    for place, session in enumerate(timed):
        for later in timed[place + 1 :]:
            if later.start >= session.end:
                break
            session.overlaps.append(later)
            later.overlaps.append(session)


@login_required
@require_POST
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user")
def calendar_key(request: SignedInRequest) -> HttpResponse:
    """Give a secret calendar address, a new one in place of the old, or none any more."""
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
    """The calendar behind a secret address; nobody need sign in, and caches keep nothing."""
    key = get_object_or_404(CalendarKey.objects.select_related("user"), token=token)
    rows = ReleasedSession.objects.of_calendar(key.user).select_related("edition")
    content = calendar_of(rows.in_order()[:SHOWN], _("My WSIS Forum"))
    response = conditional(request, content, ICS)
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


@login_required
@require_safe
def submissions(request: SignedInRequest) -> HttpResponse:
    """One's own submissions, or for the secretariat all that were handed in."""
    everything = request.user.is_secretariat and "mine" not in request.GET
    rows = Submission.objects.visible_to(request.user)
    rows = rows.handed_in() if everything else Submission.objects.of_owner(request.user)
    rows = rows.with_reason().select_related(
        "edition", "session", "merged_into__edition"
    )
    page = keyset_page(request, rows.order_by("-updated_at", "-pk"))
    context = {"page": page, "everything": everything}
    return render(request, "forum/submissions.html", context)
