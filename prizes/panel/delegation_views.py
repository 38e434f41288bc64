"""Pages of a delegated review: the expert asks and takes back, the colleague accepts and writes."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.user.models import User
from common.limits.throttle import throttled
from common.mail import outbox
from common.mail.links import private
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from prizes.contest.models import Phase
from prizes.entry.models import Entry
from prizes.panel.anonymous import without_names
from prizes.panel.delegation import Delegation, accept, hand_on
from prizes.panel.forms import BackForm, DelegateForm, review_form
from prizes.panel.models import Review

A_DAY = 20  # delegations of one expert
INVITED = "prizes/panel/delegation.html"


# --- the expert ---


@login_required
@throttled("delegate", A_DAY, 24 * 3600, by="user", methods="POST")
@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request: SignedInRequest, edition: str, pk: int) -> HttpResponse:
    """Hand one's review to a colleague, see what has become of it, take it back."""
    entry = _own_entry(request, edition, pk)
    standing = Delegation.objects.of_review(entry, request.user).standing().first()
    form = DelegateForm(request.POST if "ask" in request.POST else None)
    back = BackForm(request.POST if "send_back" in request.POST else None)
    if request.method == "POST" and not entry.contest.is_open(Phase.Kind.NOMINATION):
        text = _("The nomination phase is closed: reviews cannot be changed.")
        messages.error(request, text)
        return redirect("prizes:delegate", edition, pk)
    if standing and "take_back" in request.POST:
        standing.end()
        messages.success(request, _("The review is yours again."))
        return redirect("prizes:review", edition, pk)
    if standing and standing.sent_at and back.is_bound and back.is_valid():
        _send_back(standing, back.cleaned_data["note"])
        messages.success(request, _("The review is with your colleague again."))
        return redirect("prizes:delegate", edition, pk)
    if form.is_bound and form.is_valid() and _ask(request, entry, form):
        return redirect("prizes:delegate", edition, pk)
    context = {
        "contest": entry.contest,
        "entry": _shown(entry),
        "standing": standing,
        "form": form,
        "back": back,
    }
    status = 400 if form.errors or back.errors else 200
    return render(request, "prizes/panel/delegate.html", context, status=status)


def _own_entry(request: SignedInRequest, edition: str, pk: int) -> Any:
    reviewable = Entry.objects.reviewable_by(request.user)
    return get_object_or_404(reviewable.filter(contest__slug=edition).for_page(), pk=pk)


def _shown(entry: Entry) -> Any:
    """Without names where the contest wants it, whoever reads it here."""
    return without_names([entry])[0] if entry.contest.reviews_anonymous else entry


def _ask(request: SignedInRequest, entry: Entry, form: DelegateForm) -> bool:
    """Whether a mail was written; otherwise the form says why not."""
    email, message = form.cleaned_data["email"], form.cleaned_data["message"]
    try:
        row, token = hand_on(entry, request.user, email, message)
    except MoveRefused as refused:
        form.add_error("email", str(refused.message))
        return False
    invited = User.objects.filter(email=email).first()
    language = invited.language if invited else request.LANGUAGE_CODE
    context = {"delegation": row, "entry": _shown(entry), "token": token}
    outbox.send_to_address("prizes/panel_delegation", email, language, context)
    messages.success(request, _("We have written to %(to)s.") % {"to": email})
    return True


def _send_back(delegation: Delegation, note: str) -> None:
    delegation.sent_at = None
    delegation.save(update_fields=["sent_at"])
    context = {
        "delegation": delegation,
        "entry": _shown(delegation.entry),
        "note": note,
    }
    outbox.send("prizes/panel_delegation_back", delegation.colleague, context)


# --- the colleague ---


@require_http_methods(["GET", "HEAD", "POST"])
def delegation(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: accept, which needs an account, or decline."""
    rows = Delegation.objects.waiting_with(token)
    row = rows.select_related("entry__contest", "entry__category", "expert").first()
    if row is None:
        return private(_used(request, token))
    if "decline" in request.POST:
        return private(_decline(request, row))
    if "accept" in request.POST and request.user.is_authenticated:
        return private(_accept(request, request.user, row, token))
    return private(_invited(request, row))


def _invited(request: HttpRequest, row: Delegation, refusal: str = "") -> HttpResponse:
    context = {"delegation": row, "entry": _shown_by_pk(row), "refusal": refusal}
    return render(request, INVITED, context, status=409 if refusal else 200)


def _used(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has accepted by this link goes on writing; all others are too late."""
    if request.user.is_authenticated:
        mine = Delegation.objects.accepted_with(token, request.user).first()
        if mine:
            return redirect("prizes:delegated-review", mine.pk)
    return render(request, INVITED, status=404)


def _decline(request: HttpRequest, row: Delegation) -> HttpResponse:
    row.end()
    context = {"delegation": row, "entry": _shown_by_pk(row)}
    outbox.send("prizes/panel_delegation_declined", row.expert, context)
    return render(request, INVITED, {"declined": True})


def _accept(
    request: HttpRequest, user: User, row: Delegation, token: str
) -> HttpResponse:
    try:
        accepted = accept(token, user)
    except MoveRefused as refused:
        return _invited(request, row, str(refused.message))
    if accepted is None:
        return _used(request, token)
    return redirect("prizes:delegated-review", accepted.pk)


def _shown_by_pk(row: Delegation) -> Any:
    return _shown(Entry.objects.for_page().get(pk=row.entry_id))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delegated_review(request: SignedInRequest, pk: int) -> HttpResponse:
    """The colleague reads the entry, nothing else of the panel, and writes the review."""
    with transaction.atomic():
        rows = Delegation.objects.writable_by(request.user)
        row = get_object_or_404(
            rows.select_for_update(of=("self",)).select_related("expert"), pk=pk
        )
        row.entry = Entry.objects.for_page().get(pk=row.entry_id)
        if not row.still_allowed():
            raise Http404
        posted = request.POST if request.method == "POST" else None
        if posted is not None:  # one at a time with the page of the expert
            list(Entry.objects.select_for_update(of=("self",)).filter(pk=row.entry_id))
        form = review_form(row.review(), row.entry.contest, posted)
        if posted is not None and not row.sent_at and _save(row, form, request):
            return redirect("prizes:delegated-review", pk)
    context = {
        "contest": row.entry.contest,
        "delegation": row,
        "entry": _shown(row.entry),
        "form": form,
    }
    status = 409 if form.conflicts else 200
    return render(request, "prizes/panel/delegated_review.html", context, status=status)


def _save(row: Delegation, form: Any, request: SignedInRequest) -> bool:
    """Store the draft of the expert's review, and tell the expert once it is sent."""
    if form.is_valid() and "send" in request.POST:
        form.require_scores()
    if form.errors:
        return False
    if "send" in request.POST:
        form.review.colleague = request.user
    form.save(Review.State.DRAFT)
    if "send" not in request.POST:
        messages.success(request, _("Your draft is saved."))
        return True
    Delegation.objects.filter(pk=row.pk).update(sent_at=Now())
    context = {"delegation": row, "entry": _shown(row.entry)}
    outbox.send("prizes/panel_delegation_sent", row.expert, context)
    messages.success(request, _("The review is with the expert, who submits it."))
    return True
