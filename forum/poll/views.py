"""Polls in a session: made by its organizers or the secretariat, answered by readers."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from common.limits.throttle import throttled
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from forum.outcome.models import may_write
from forum.poll.forms import AnswerForm, PollForm
from forum.poll.models import NamedVote, Poll
from forum.session.models import Session

PAGE = ["GET", "HEAD", "POST"]
NAMES_SHOWN = 200


def found(request: HttpRequest, pk: int) -> tuple[Poll, bool]:
    """A poll that this person may see, and whether they run it. Raises Http404."""
    poll = get_object_or_404(Poll.objects.select_related("session__edition"), pk=pk)
    visible = Session.objects.visible_to(request.user).filter(pk=poll.session_id)
    runs = may_write(poll.session, request.user)
    if not visible.exists() or not (poll.opened_at or runs):
        raise Http404
    return poll, runs


@login_required
@require_http_methods(PAGE)
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user", methods="POST")
def poll_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Prepare a poll; nobody else sees it before it is opened."""
    sessions = Session.objects.visible_to(request.user).select_related("edition")
    session = get_object_or_404(sessions, pk=pk)
    if not may_write(session, request.user):
        raise Http404
    data = [request.POST] if request.method == "POST" else []
    form = PollForm(*data, instance=Poll(session=session, by=request.user))
    if form.is_valid():
        with transaction.atomic():
            poll = form.save()
        return redirect(poll)
    context = {
        "session": session,
        "form": form,
        "polls": Poll.objects.of_session(session),
    }
    status = 400 if form.errors else 200
    return render(request, "forum/poll/new.html", context, status=status)


@require_safe
def poll(request: HttpRequest, pk: int) -> HttpResponse:
    poll, runs = found(request, pk)
    return page(request, poll, AnswerForm(poll), runs=runs)


@login_required
@require_POST
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user", methods="POST")
def poll_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    poll, runs = found(request, pk)
    form = AnswerForm(poll, request.POST)
    if not form.is_valid():
        return page(request, poll, form, runs=runs, status=400)
    try:
        poll.answer(request.user, form.chosen())
    except MoveRefused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("Your answer is counted."))
    return redirect(poll)


@login_required
@require_POST
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user", methods="POST")
def poll_turn(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open or close the poll, by whoever runs it."""
    poll, runs = found(request, pk)
    turn = {"open": poll.open, "close": poll.close}.get(request.POST.get("turn", ""))
    if turn is None or not runs:
        raise Http404
    turn(request.user)
    return redirect(poll)


def page(
    request: HttpRequest,
    poll: Poll,
    form: AnswerForm,
    *,
    runs: bool,
    status: int = 200,
) -> HttpResponse:
    user = request.user
    answered = poll.has_answered(user)
    shown = poll.shows_results or (runs and bool(poll.opened_at))
    voters = poll.voters.count() if shown else 0
    context: dict[str, Any] = {
        "poll": poll,
        "session": poll.session,
        "form": form,
        "runs": runs,
        "answered": answered,
        "may_answer": poll.is_open and not answered and poll.may_answer(user),
        "voters": voters,
        "figures": [
            (choice, number, round(100 * number / voters) if voters else 0)
            for choice, number in poll.figures()
        ]
        if shown
        else [],
        "shown": shown,
        "named": NamedVote.objects.of_poll(poll)[:NAMES_SHOWN]
        if runs and not poll.anonymous
        else [],
    }
    return render(request, "forum/poll/poll.html", context, status=status)
