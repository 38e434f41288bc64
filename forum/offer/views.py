"""The page on which an organizer or a speaker chooses one of the slots that are offered."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from common.limits.throttle import throttled
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from common.text.digits import BIGGEST_ID, BIGGEST_INTEGER, whole_number
from forum.offer.choosing import OwnPlanner, choices, discreet
from forum.offer.models import chosen_by
from forum.planning.clashes import with_people
from forum.planning.planner import PLANNED, Clashing, told
from forum.session.models import Session


def own_session(request: SignedInRequest, pk: int) -> Session:
    rows = chosen_by(request.user).filter(status__in=PLANNED)
    rows = rows.select_related("edition", "room", "track").prefetch_related(
        with_people()
    )
    session: Session = get_object_or_404(rows, pk=min(pk, BIGGEST_ID))
    return session


@login_required
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user", methods="POST")
@require_http_methods(["GET", "HEAD", "POST"])
def session_slot(request: SignedInRequest, pk: int) -> HttpResponse:
    session = own_session(request, pk)
    if request.method != "POST":
        return _page(request, session)
    planner = OwnPlanner(session.edition, request.user)
    version = whole_number(request.POST.get("version", ""), BIGGEST_INTEGER) or 0
    act = request.POST.get("act", "")
    if act not in ("choose", "give back"):
        raise Http404
    try:
        if act == "choose":
            offer = whole_number(request.POST.get("slot", "")) or 0
            result = planner.choose(session, version, offer)
        else:
            result = planner.remove(session.pk, version)
    except Clashing as refused:
        sentence = " ".join(discreet(refused.clashes))
        return _page(request, own_session(request, pk), sentence, refused.http_status)
    except MoveRefused as refused:
        sentence = str(refused.message)
        return _page(request, own_session(request, pk), sentence, refused.http_status)
    messages.success(request, result.sentence)
    for sentence in discreet(result.clashes):
        messages.warning(request, sentence)
    return redirect("forum:session-slot", session.pk)


def _page(
    request: SignedInRequest, session: Session, refused: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "session": session,
        "edition": session.edition,
        "stands": told(session),
        "status": session.status,
        "version": session.version,
        "refused": refused,
        "choices": choices(session),
    }
    return render(request, "forum/offer/session_slot.html", context, status=status)
