"""Asking the solver for a plan or a repair, comparing what it found, accepting one variant."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from common.text.digits import BIGGEST_ID
from forum.planning.planner import Planner
from forum.planning.views import MOST_TOLD, for_planners
from forum.suggestion.comparing import Comparison
from forum.suggestion.forms import SuggestionForm
from forum.suggestion.models import Suggestion
from forum.suggestion.tasks import suggest

METHODS = ["GET", "HEAD", "POST"]


@for_planners
@require_http_methods(METHODS)
def suggestions(request: SignedInRequest, planner: Planner) -> HttpResponse:
    """Ask for a proposal or a repair; the last ones."""
    edition = planner.edition
    kinds = Suggestion.Kind
    kind = request.POST.get("kind", "")
    forms = {
        one: SuggestionForm(
            request.POST if kind == one else None,
            instance=Suggestion(edition=edition, by=planner.user, kind=one),
            prefix=one,
        )
        for one in kinds.values
    }
    status = 200
    if request.method == "POST":
        if kind not in forms:
            raise Http404
        status = 400
        if forms[kind].is_valid():
            try:
                begun = forms[kind].instance.begin()
            except MoveRefused as refused:
                messages.error(request, str(refused.message))
                return redirect("forum:suggestions", edition.slug)
            suggest.delay_on_commit()  # type: ignore[attr-defined]  # as in reports/build/tasks.py
            return redirect(begun)
    rows = Suggestion.objects.visible_to(planner).select_related("by", "edition")
    context = {
        "edition": edition,
        "planner": planner,
        "propose": forms[kinds.PROPOSE],
        "repair": forms[kinds.REPAIR],
        "suggestions": rows.defer("variants", "stood").order_by("-pk"),
    }
    return render(request, "forum/suggestion/suggestions.html", context, status=status)


@for_planners
@require_http_methods(METHODS)
def suggestion(request: SignedInRequest, planner: Planner, pk: int) -> HttpResponse:
    """How far it is; then its variants, of which one can be accepted."""
    rows = Suggestion.objects.visible_to(planner).select_related(
        "edition", "by", "accepted_by"
    )
    found: Suggestion = get_object_or_404(rows, pk=min(pk, BIGGEST_ID))
    if request.method == "POST":
        return _act(request, planner, found)
    return _page(request, planner, found)


def _act(request: SignedInRequest, planner: Planner, found: Suggestion) -> HttpResponse:
    act = request.POST.get("act", "")
    if act == "cancel":
        if not found.cancel():
            messages.error(request, _("It is over already."))
        return redirect(found)
    if act != "accept":
        raise Http404
    try:
        result = found.accept(request.POST.get("variant", ""), planner)
    except MoveRefused as refused:
        return _page(request, planner, found, refused=refused)
    messages.success(request, result.sentence)
    for clash in result.clashes[:MOST_TOLD]:
        messages.warning(request, clash.sentence)
    first = min(result.sessions, key=lambda one: (one.day is None, one.day, one.pk))
    day = f"?day={first.day:%Y-%m-%d}" if first.day else ""
    return redirect(f"{reverse('forum:plan', args=[planner.edition.slug])}{day}")


def _page(
    request: SignedInRequest,
    planner: Planner,
    found: Suggestion,
    refused: MoveRefused | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "edition": planner.edition,
        "planner": planner,
        "suggestion": found,
        "refused": refused.message if refused else "",
    }
    if found.state == Suggestion.State.DONE:
        context |= Comparison(found, request.GET).context()
    status = refused.http_status if refused else 200
    return render(request, "forum/suggestion/suggestion.html", context, status=status)
