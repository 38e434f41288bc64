"""What a chair does: read the reviews of an entry, recuse an expert, forward the entry, remind."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.user.models import User
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from common.scoring.totals import totals_of
from prizes.entry.models import Entry
from prizes.panel.anonymous import is_blind, without_names
from prizes.panel.assigning import declare_conflict, remind
from prizes.panel.decision import Assignment
from prizes.panel.forms import ForwardForm, RecuseForm
from prizes.panel.forwarding import propose
from prizes.panel.models import Panel, counting_reviews
from prizes.panel.views import entries_for, leads_panel, the_panel

PAGE = "prizes/panel/entry_reviews.html"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry_reviews(
    request: SignedInRequest, edition: str, line: str, pk: int
) -> HttpResponse:
    """All reviews of an entry with their scores, and whose are missing; for the chair and the
    secretariat, without conflict of interest. They recuse an expert and forward the entry here."""
    panel = the_panel(request, edition, line)
    if not leads_panel(request.user, panel):
        raise Http404
    entry = get_object_or_404(entries_for(request.user, panel).for_page(), pk=pk)
    experts = _experts(entry)
    recusal = RecuseForm(experts, request.POST if "recuse" in request.POST else None)
    forward = ForwardForm(
        panel.category, request.POST if "forward" in request.POST else None
    )
    if recusal.is_bound and recusal.is_valid():
        expert = recusal.cleaned_data["expert"]
        reason = recusal.cleaned_data["reason"]
        declare_conflict(entry, expert, reason, by=request.user)
        sentence = _("%(person)s is recused from this entry.")
        messages.success(request, sentence % {"person": expert})
        return redirect("prizes:entry-reviews", edition, line, pk)
    if forward.is_bound and forward.is_valid() and _forward(request, entry, forward):
        return redirect("prizes:entry-reviews", edition, line, pk)
    status = 400 if recusal.errors or forward.errors else 200
    return _page(request, panel, entry, recusal, forward, status)


def _experts(entry: Entry) -> Any:
    """Those who review the entry, or will."""
    given = Q(prize_assignments__entry=entry)
    written = Q(prize_reviews__entry=entry)
    return User.objects.filter(given | written).distinct().order_by("pk")


def _forward(request: SignedInRequest, entry: Entry, form: ForwardForm) -> bool:
    """Whether it is proposed; otherwise the form says why not."""
    try:
        propose(
            entry, form.cleaned_data["target"], request.user, form.cleaned_data["why"]
        )
    except MoveRefused as refused:
        form.add_error(None, str(refused.message))
        return False
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    messages.success(
        request,
        _("It is proposed to forward the entry. The secretariat confirms or declines."),
    )
    return True


def _page(
    request: SignedInRequest,
    panel: Panel,
    entry: Entry,
    recusal: RecuseForm,
    forward: ForwardForm,
    status: int,
) -> HttpResponse:
    reviews = counting_reviews([entry.pk])
    written = {review.reviewer_id for review in reviews}
    missing = Assignment.objects.filter(entry=entry).exclude(expert__in=written)
    context = {
        "contest": panel.category.contest,
        "panel": panel,
        "entry": without_names([entry])[0]
        if is_blind(panel.category.contest, request.user)
        else entry,
        "reviews": reviews,
        "missing": list(missing.select_related("expert")),
        "totals": totals_of(review.total for review in reviews),
        "recusal": recusal,
        "forward": forward,
        "forwardings": list(entry.forwardings.for_list()),  # type: ignore[attr-defined]
        "bound_form": recusal if recusal.is_bound else forward,
    }
    return render(request, PAGE, context, status=status)


@login_required
@require_POST
def remind_experts(request: SignedInRequest, edition: str, line: str) -> HttpResponse:
    """Remind those who owe reviews of entries that the chair may see."""
    panel = the_panel(request, edition, line)
    if not leads_panel(request.user, panel):
        raise Http404
    visible = entries_for(request.user, panel).order_by().values("pk")
    late = Assignment.objects.filter(entry__in=visible).without_review()
    experts = list(late.values_list("expert", flat=True).distinct())
    count = remind(panel.category.contest, experts)
    if count:
        sentence = ngettext(
            "%(count)d expert is reminded by e-mail.",
            "%(count)d experts are reminded by e-mail.",
            count,
        )
        messages.success(request, sentence % {"count": count})
    else:
        messages.warning(
            request,
            _(
                "Nobody is reminded: no reviews are missing, the experts are not at work, "
                "or the last reminder is less than three days old."
            ),
        )
    return redirect("prizes:panel", edition, line)
