"""Pages that show several records: a session, a person, and one's own agenda."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from common.moves.actors import SignedInRequest
from common.typesetting.qr import qr_code
from forum.agenda.models import CalendarKey, ReleasedSession, Star
from forum.agenda.reading import reading
from forum.agenda.views import SHOWN
from forum.consultation.models import Submission
from forum.day.page import by_day
from forum.edition.models import Edition
from forum.outcome.models import Document, Minutes, OutcomeReport, may_write
from forum.page.around import around
from forum.page.calendar_links import links_to_my_calendar, links_to_session
from forum.page.joining import joining
from forum.people.models import Person
from forum.poll.models import Poll
from forum.registration.models import Registration
from forum.session.models import Session
from forum.session.workflow import SessionStatus
from forum.sign_up.showing import of_agenda, offer_of
from reference.names import vocabulary


@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """A released session; its proposer and the secretariat can read it before that too."""
    planned = get_object_or_404(
        Session.objects.visible_to(request.user).select_related(
            "edition", "room", "sign_up_list"
        ),
        pk=pk,
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
    links = links_to_session(released) if released else []
    session: Any = released or Session.objects.with_people().get(pk=pk)
    outcome = OutcomeReport.objects.visible_to(request.user).filter(session=pk).first()
    minutes = Minutes.objects.visible_to(request.user).filter(session=pk).first()
    context = {
        "offer": offer_of(planned, released, request.user),
        "session": session,
        "planned": planned,
        "is_released": released is not None,
        "links": links,
        "qr": qr_code(settings.SITE_URL + session.get_absolute_url())
        if released
        else "",
        "reading": reading(released, request.GET.get("text", "")) if released else None,
        "joining": joining(planned, released, request.user, insider=insider)
        if released
        else None,
        "around": around(released) if released else None,
        "zone": session.edition.zone,
        "insider": insider,
        "history": planned.history() if insider else [],
        "parts": parts_by_role(session.parts()),
        "outcome": outcome,
        "minutes": minutes,
        "polls": Poll.objects.of_session(planned).visible(),
        "writes": insider or may_write(planned, request.user),
        "documents": Document.objects.visible_to(request.user)
        .filter(session=pk)
        .for_list(),
        "facts": session.facts(),
        "colours": vocabulary.colours(),
    }
    return render(request, "forum/page/session.html", context)


def parts_by_role(
    parts: list[dict[str, Any]],
) -> list[tuple[str, list[dict[str, Any]]]]:
    """The people of a session by role, in order of first appearance."""
    parts_by_role: dict[str, list[dict[str, Any]]] = {}
    for part in parts:
        parts_by_role.setdefault(part["role"], []).append(part)
    return list(parts_by_role.items())


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The public profile of somebody with a part in a released programme."""
    merged = Person.objects.filter(pk=pk, merged_into__isnull=False).first()
    if merged and merged.is_public:
        return redirect("forum:person", merged.merged_into_id)
    person = get_object_or_404(
        Person.objects.public().select_related("country__region"), pk=pk
    )
    ids = {pk, *person.merged_people.values_list("pk", flat=True)}
    sessions = ReleasedSession.objects.of_person(*ids).for_agenda()
    rows = [
        (row, [part["role"] for part in row.people if part["person"] in ids])
        for row in sessions.order_by("-day", "start", "pk")
    ]
    return render(request, "forum/page/person.html", {"person": person, "rows": rows})


@login_required
@require_safe
def my_agenda(request: SignedInRequest) -> HttpResponse:
    """Starred sessions and those one takes part in, registrations, submissions."""
    rows = ReleasedSession.objects.of_calendar(request.user).for_agenda()
    rows = rows.with_stars(request.user).in_order()
    key = CalendarKey.objects.filter(user=request.user).first()
    links = links_to_my_calendar(key) if key else []
    context = {
        "links": links,
        "qr": qr_code(links[0].address) if links else "",
        "editions": by_edition(list(rows[:SHOWN])),
        "registrations": Registration.objects.filter(user=request.user).select_related(
            "edition"
        ),
        "submissions": Submission.objects.of_owner(request.user).select_related(
            "edition"
        )[:5],
        "key": key,
        "sign_ups": of_agenda(request.user),
        "site": settings.SITE_URL,
    }
    return render(request, "forum/page/my_agenda.html", context)


def by_edition(
    sessions: list[ReleasedSession],
) -> list[tuple[Edition, list[tuple[str, list[ReleasedSession]]]]]:
    """Newest edition first; within it the days in order, each with its sessions."""
    note_overlaps(sessions)
    editions: dict[Edition, list[ReleasedSession]] = {}
    for session in sessions:
        editions.setdefault(session.edition, []).append(session)
    newest_first = sorted(
        editions, key=lambda one: (one.last_year, one.pk), reverse=True
    )
    return [(edition, by_day(editions[edition])) for edition in newest_first]


def note_overlaps(sessions: list[ReleasedSession]) -> None:
    """Give each session that the person attends the list of others at the same time."""
    rows: list[Any] = list(sessions)
    timed = [
        one
        for one in rows
        if one.start
        and one.end
        and one.status == SessionStatus.RELEASED
        and one.star != Star.Level.INTERESTED
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
