"""Planning an edition: the timetable of a day, one session, undo, and the list of clashes."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.second_factor.session import ask_for_second_factor, is_confirmed
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from common.text.digits import BIGGEST_ID, BIGGEST_INTEGER, whole_number
from forum.edition.models import Edition
from forum.planning.clashes import Clash, Plan
from forum.planning.forms import SlotForm, initial_of
from forum.planning.planner import NOT_YOURS, PLANNED, Clashing, Planner, Result, told
from forum.planning.timetable import Timetable
from forum.session.models import Session

JSON = "application/json"
MOST_TOLD = 10  # soft clashes after one act; the list of all clashes has the others
View = Callable[..., HttpResponse]


def for_planners(view: View) -> View:
    """Open a page to staff and to coordinators of a track, with the second factor; the view gets
    the planner in place of the short name of the edition."""

    @login_required
    @wraps(view)
    def guarded(
        request: SignedInRequest, slug: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        edition = get_object_or_404(Edition, slug=slug)
        planner = Planner(edition, request.user)
        if not planner.may_plan and request.user.waits_for_second_factor:
            return ask_for_second_factor(request)
        if not planner.may_plan:
            raise PermissionDenied(NOT_YOURS)
        if not planner.is_staff and not is_confirmed(request, request.user):
            return ask_for_second_factor(request)
        return view(request, planner, *args, **kwargs)

    return guarded


@for_planners
@require_safe
def plan(request: SignedInRequest, planner: Planner) -> HttpResponse:
    """A day of the timetable; only its changing part for a script that looks for changes."""
    timetable = Timetable(planner, request.GET)
    state = f'"{state_of(planner, request)}"'
    is_part = "part" in request.GET
    if is_part and request.headers.get("If-None-Match") == state:
        return HttpResponse(status=304)
    template = "_timetable.html" if is_part else "plan.html"
    context = timetable.context()
    response = render(request, f"forum/planning/{template}", context)
    response["ETag"] = state
    response["Cache-Control"] = "private, no-cache"
    return response


def state_of(planner: Planner, request: SignedInRequest) -> str:
    """Changes whenever a session of the edition does; one query."""
    rows = Session.objects.of_edition(planner.edition).order_by("pk")
    sessions = list(rows.values_list("pk", "version", "status"))
    about = f"{request.get_full_path()} {planner.user.pk} {sessions}"
    return hashlib.sha256(about.encode()).hexdigest()[:20]


@for_planners
@require_http_methods(["GET", "HEAD", "POST"])
def session(request: SignedInRequest, planner: Planner, pk: int) -> HttpResponse:
    """One session: the form that places, moves, swaps and takes off, and what became of it."""
    session = get_object_or_404(
        Session.objects.of_edition(planner.edition)
        .filter(status__in=PLANNED)
        .select_related("edition", "room", "track", "type", "updated_by"),
        pk=min(pk, BIGGEST_ID),
    )
    if request.method != "POST":
        form = SlotForm(planner.edition, initial=initial_of(session))
        return _session_page(request, planner, session, form)
    return _act(request, planner, session)


def _act(request: SignedInRequest, planner: Planner, session: Session) -> HttpResponse:
    act = request.POST.get("act", "")
    version = whole_number(request.POST.get("version", ""), BIGGEST_INTEGER) or 0
    form = SlotForm(
        planner.edition, request.POST if act in ("place", "check") else None
    )
    try:
        if act == "remove":
            return _done(request, planner, planner.remove(session.pk, version))
        if act == "swap":
            other = whole_number(request.POST.get("other", "")) or 0
            return _done(request, planner, planner.swap(session.pk, version, other))
        if act not in ("place", "check"):
            raise Http404
        if not form.is_valid():
            return _refused(request, planner, session, form, None)
        if act == "check":
            clashes = planner.check(session.pk, form.slot)
            return _answer(request, "", clashes, status=200)
        return _done(request, planner, planner.place(session.pk, version, form.slot))
    except MoveRefused as refused:
        return _refused(request, planner, session, form, refused)


def wants_json(request: SignedInRequest) -> bool:
    return request.headers.get("Accept", "") == JSON


def _answer(
    request: SignedInRequest,
    sentence: str,
    clashes: list[Clash],
    *,
    status: int,
    **more: Any,
) -> JsonResponse:
    rows = [{"sentence": one.sentence, "hard": one.is_hard} for one in clashes]
    return JsonResponse({"sentence": sentence, "clashes": rows} | more, status=status)


def _done(request: SignedInRequest, planner: Planner, result: Result) -> HttpResponse:
    """Say what was done and which soft clashes it has; then the day is shown again."""
    if wants_json(request):
        return _answer(request, result.sentence, result.clashes, status=200)
    messages.success(request, result.sentence)
    for clash in result.clashes[:MOST_TOLD]:
        messages.warning(request, clash.sentence)
    first = result.sessions[0]
    address = reverse("forum:plan", args=[planner.edition.slug])
    day = f"?day={first.day:%Y-%m-%d}" if first.day else ""
    return redirect(f"{address}{day}#session-{first.pk}")


def _refused(
    request: SignedInRequest,
    planner: Planner,
    session: Session,
    form: SlotForm,
    refused: MoveRefused | None,
) -> HttpResponse:
    """Nothing was changed: the reasons, by name, and a swap where one is possible."""
    clashes = refused.clashes if isinstance(refused, Clashing) else []
    swap = refused.swap_with if isinstance(refused, Clashing) else None
    status = refused.http_status if refused else 400
    if wants_json(request):
        faults = [str(error) for errors in form.errors.values() for error in errors]
        sentence = str(refused.message) if refused else " ".join(faults)
        other = {"id": swap.pk, "title": swap.title} if swap else None
        return _answer(request, sentence, clashes, status=status, swap=other)
    session.refresh_from_db()
    if not form.is_bound:
        form = SlotForm(planner.edition, initial=initial_of(session))
    if refused and not clashes:
        clashes = [Clash("refused", True, str(refused.message))]
    page = _session_page(request, planner, session, form, clashes=clashes, swap=swap)
    page.status_code = status
    return page


def _session_page(
    request: SignedInRequest,
    planner: Planner,
    session: Session,
    form: SlotForm,
    **more: Any,
) -> HttpResponse:
    context = {
        "edition": planner.edition,
        "planner": planner,
        "session": session,
        "form": form,
        "may_move": planner.may_move(session),
        "stands": told(session),
    }
    return render(request, "forum/planning/session.html", context | more)


@for_planners
@require_POST
def undo(request: SignedInRequest, planner: Planner) -> HttpResponse:
    """Undo or redo one's own last act."""
    act = planner.redo if request.POST.get("act") == "redo" else planner.undo
    try:
        return _done(request, planner, act())
    except MoveRefused as refused:
        clashes = refused.clashes if isinstance(refused, Clashing) else []
        if wants_json(request):
            sentence = str(refused.message)
            return _answer(request, sentence, clashes, status=refused.http_status)
        messages.error(request, str(refused.message))
        return redirect("forum:plan", planner.edition.slug)


@for_planners
@require_safe
def clashes(request: SignedInRequest, planner: Planner) -> HttpResponse:
    """All clashes of the edition, the hard ones first, each with a link to its session."""
    rows = [
        (session, clash)
        for session, clashes in Plan(planner.edition).all()
        for clash in clashes
    ]
    context = {
        "edition": planner.edition,
        "hard": [row for row in rows if row[1].is_hard],
        "soft": [row for row in rows if not row[1].is_hard],
    }
    return render(request, "forum/planning/clashes.html", context)
