"""The choice of a winner by the panel: each expert's own, the result for the secretariat."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.user.models import User
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from prizes.entry.workflow import Status
from prizes.panel.decision import choose
from prizes.panel.forms import ChoiceForm
from prizes.panel.models import Panel


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: SignedInRequest, edition: str, line: str) -> HttpResponse:
    """Members who may choose do so with a reason; the secretariat reads who chose what."""
    panels = Panel.objects.visible_to(request.user).select_related("category__contest")
    panel = get_object_or_404(
        panels, category__contest__slug=edition, category__action_line=line
    )
    sent = request.POST if request.method == "POST" else None
    form = ChoiceForm(panel.champions(), sent, initial=_own(panel, request.user))
    if request.method != "POST":
        return _page(request, panel, form)
    if request.user.pk not in panel.entitled():
        refusal = _("You are not entitled to vote in this decision.")
        return _page(request, panel, form, refusal, 409)
    if not form.is_valid():
        return _page(request, panel, form, status=400)
    try:
        choose(form.cleaned_data["entry"], request.user, form.cleaned_data["reason"])
    except MoveRefused as refused:
        return _page(request, panel, form, str(refused.message), 409)
    messages.success(request, _("Your choice is recorded. You can still change it."))
    return redirect("prizes:decision", edition, line)


def _own(panel: Panel, user: User) -> dict[str, Any]:
    choice = panel.choices.filter(expert=user, standing=True).first()
    return {"entry": choice.entry_id, "reason": choice.reason} if choice else {}


def _page(
    request: SignedInRequest,
    panel: Panel,
    form: ChoiceForm,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """Numbers show only to experts who have chosen, so that nobody follows the others."""
    user, entitled = request.user, panel.entitled()
    contest = panel.category.contest
    heard = Q(choices__standing=True, choices__expert__in=entitled)
    champions: list[Any] = (
        list(
            panel.champions()
            .annotate(voices=Count("choices", filter=heard))
            .order_by("pk")
        )
        if user.is_secretariat or user.pk in entitled
        else []
    )
    chosen = panel.chosen(entitled)
    spoken = panel.choices.filter(standing=True).select_related("expert", "entry")
    context = {
        "contest": contest,
        "panel": panel,
        "form": form,
        "refusal": refusal,
        "champions": champions,
        "show_names": user.is_secretariat
        or contest.names_at_choice
        or not contest.reviews_anonymous,
        "may": user.pk in entitled,
        "leads": user.is_secretariat,
        "entitled": len(entitled),
        "spoken": spoken.filter(expert__in=entitled).order_by("at"),
        "counts": user.is_secretariat or bool(form.initial),
        "chosen": next((entry for entry in champions if entry.pk == chosen), None),
        "winner": next(
            (entry for entry in champions if entry.status == Status.WINNER), None
        ),
    }
    return render(request, "prizes/panel/decision.html", context, status=status)
