"""Proposing to join two requests, and answering: signed in, or by the link of a mail."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.limits.throttle import throttled
from common.mail.links import private
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from forum.consultation.views import PAGE, visible
from forum.joining.forms import JoiningForm
from forum.joining.models import Consent, Joining

LIMIT = settings.LIMITS["forum-write"]


@login_required
@require_http_methods(PAGE)
@throttled("forum-write", *LIMIT, by="user", methods="POST")
def propose(request: SignedInRequest, pk: int) -> HttpResponse:
    """By the author of one of the two requests, or by staff."""
    submission = visible(request, pk)
    if not submission.kind.proposes_session:
        raise Http404
    form = JoiningForm(submission, request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                joining = joining_of(form, request).propose()
            except MoveRefused as refused:
                form.add_error(None, str(refused.message))
                status = refused.http_status
            else:
                messages.success(request, _("The authors have been asked."))
                return redirect(joining)
    context = {
        "submission": submission,
        "edition": submission.edition,
        "form": form,
        "joinings": Joining.objects.visible_to(request.user)
        .filter(consents__submission=submission)
        .for_page(),
    }
    return render(request, "forum/joining/propose.html", context, status=status)


def joining_of(form: JoiningForm, request: SignedInRequest) -> Joining:
    pair = [form.submission, form.cleaned_data["number"]]
    leader, other = pair if form.cleaned_data["leads"] == "this" else reversed(pair)
    return Joining(
        leader=leader,
        other=other,
        note=form.cleaned_data["note"],
        answer_by=form.cleaned_data["answer_by"],
        proposed_by=request.user,
    )


@login_required
@require_http_methods(PAGE)
@throttled("forum-write", *LIMIT, by="user", methods="POST")
def joining(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who has answered what; the buttons of an author, and to withdraw it."""
    rows = Joining.objects.visible_to(request.user).for_page()
    joining = get_object_or_404(rows, pk=pk)
    consents = list(joining.consents.all())
    mine = next((one for one in consents if one.author_id == request.user.pk), None)
    if request.method == "POST":
        if "withdraw" in request.POST and joining.may_withdraw(request.user):
            if joining.withdraw(request.user):
                messages.success(request, _("The proposal is withdrawn."))
            return redirect(joining)
        if mine is None:
            raise Http404
        answered(request, mine)
        return redirect(joining)
    context = {
        "joining": joining,
        "pair": pair_of(joining),
        "edition": joining.leader.edition,
        "consents": consents,
        "mine": mine,
        "may_withdraw": joining.is_open and joining.may_withdraw(request.user),
    }
    return render(request, "forum/joining/joining.html", context)


def pair_of(joining: Joining) -> list[tuple[str, Any]]:
    return [
        (_("Leading request"), joining.leader),
        (_("Joining request"), joining.other),
    ]


def answered(request: HttpRequest, consent: Consent, *, by_link: bool = False) -> None:
    """Take the answer of the button that was pressed; a message says what became of it."""
    answer = request.POST.get("answer", "")
    if answer not in Consent.Answer.values:
        messages.error(request, _("Choose one of the two answers."))
        return
    try:
        joining: Any = consent.give(answer, by_link=by_link)
    except MoveRefused as refused:
        messages.error(request, str(refused.message))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request,
            _("Your answer is kept. The proposal: %(state)s.")
            % {"state": joining.get_state_display()},
        )


@require_http_methods(PAGE)
def joining_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same for an author who does not sign in: the link of the mail is the key."""
    consent = get_object_or_404(Consent.objects.for_link(token))
    if request.method == "POST":
        answered(request, consent, by_link=True)
        return private(redirect("forum:joining-by-link", token))
    context = {
        "joining": consent.joining,
        "pair": pair_of(consent.joining),
        "edition": consent.joining.leader.edition,
        "consents": [],
        "mine": consent,
        "by_link": True,
    }
    return private(render(request, "forum/joining/joining.html", context))
