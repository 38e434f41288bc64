"""The open consultation: phases, statistics, and a submission until its disposition."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_POST,
    require_safe,
)

from accounts.role.roles import OWNER, is_own
from common.lists.paging import keyset_page
from common.mail.links import private
from common.moves.actors import SignedInRequest
from common.moves.workflow import CONCERNED, MoveRefused
from forum.base.workflow import STAFF
from forum.consultation.forms import DispositionForm
from forum.consultation.models import Submission
from forum.consultation.phases import InputKind, Phase
from forum.consultation.statistics import meter, statistics
from forum.edition.models import Edition

PAGE = ["GET", "HEAD", "POST"]


@require_safe
def consultation(request: HttpRequest, slug: str) -> HttpResponse:
    edition = get_object_or_404(Edition, slug=slug)
    phases = list(Phase.objects.with_state().filter(edition=edition).order_by("number"))
    kinds: list[Any] = list(InputKind.objects.with_state().filter(edition=edition))
    figures = statistics(edition)
    context = {
        "edition": edition,
        "phases": phases,
        "kinds": kinds,
        "is_open": any(kind.is_open for kind in kinds),
        "has_codes": any(kind.is_open and kind.access_code for kind in kinds),
        "figures": figures,
        "meter": meter(edition),
        "published": Submission.objects.published(edition).count(),
        "total": sum(bar.count for bar in figures["kind"]),
    }
    return render(request, "forum/consultation/consultation.html", context)


@require_safe
def inputs(request: HttpRequest, slug: str) -> HttpResponse:
    """Numbered inputs whose authors agreed to publication, each with its answer."""
    edition = get_object_or_404(Edition, slug=slug)
    rows = Submission.objects.published(edition)
    kinds = list(edition.input_kinds.all())
    kind = {one.code: one for one in kinds}.get(request.GET.get("kind", ""))
    if kind:
        rows = rows.filter(kind=kind)
    if "unanswered" in request.GET:
        rows = rows.unanswered()
    context = {
        "edition": edition,
        "kinds": kinds,
        "kind": kind,
        "unanswered": "unanswered" in request.GET,
        "meter": meter(edition),
        "page": keyset_page(request, rows.order_by("pk")),
    }
    return render(request, "forum/consultation/inputs.html", context)


@login_required
@require_safe
def submission(request: SignedInRequest, pk: int) -> HttpResponse:
    return submission_page(request, visible(request, pk))


def visible(request: SignedInRequest, pk: int) -> Submission:
    rows = Submission.objects.visible_to(request.user).select_related(
        "edition",
        "kind",
        "owner",
        "session",
        "merged_into__edition",
        "grouped__group__edition",
        "country",
        "stakeholder_type",
        "session_type",
        "track",
    )
    return get_object_or_404(rows, pk=pk)


def submission_page(
    request: SignedInRequest,
    submission: Submission,
    form: DispositionForm | None = None,
    refusal: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The submission, its history, and the moves that are open to this person."""
    moves = [m for m in submission.open_moves(request.user) if m.name != "submit"]
    staff = request.user.is_secretariat
    context = {
        "submission": submission,
        "edition": submission.edition,
        "moves": moves,
        "desk": form or DispositionForm(submission=submission)
        if staff and moves
        else None,
        "answers": submission.answers_in_words(),
        "history": list(submission.history()),
        "mine": OWNER in submission.roles_of(request.user),
        "refusal": refusal or [],
    }
    return render(request, "forum/consultation/submission.html", context, status=status)


@login_required
@require_POST
@transaction.atomic
def submission_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make the move of the button that was pressed, with the secretariat's disposition."""
    submission = visible(request, pk)
    if request.POST.get("move") not in {
        m.name for m in submission.open_moves(request.user)
    }:
        if is_own(submission, request.user):
            return submission_page(request, submission, None, [str(CONCERNED)], 403)
        raise Http404
    form = DispositionForm(request.POST, submission=submission)
    staff = bool(submission.roles_of(request.user) & STAFF)
    if staff and not form.is_valid():
        return submission_page(request, submission, form, status=400)
    try:
        with transaction.atomic():
            _decide(submission, form, request, staff)
    except MoveRefused as error:
        return submission_page(
            request, submission, form, [str(error.message)], error.http_status
        )
    except ValidationError as error:
        return submission_page(request, submission, form, error.messages, 409)
    submission = visible(request, pk)
    messages.success(
        request,
        _("The status is now “%(status)s”.")
        % {"status": submission.get_status_display()},
    )
    return redirect(submission)


def _decide(
    submission: Submission, form: DispositionForm, request: SignedInRequest, staff: bool
) -> None:
    """Store the disposition and make the move, in one transaction."""
    if staff:
        targets = {name: form.cleaned_data[name] for name in ("session", "merged_into")}
        given = {name: value for name, value in targets.items() if value}
        for name, value in given.items():
            setattr(submission, name, value)
        if given:
            submission.save(update_fields=[*given, "updated_at"])
    note = form.cleaned_data.get("note", "") if staff else ""
    submission.move(request.POST["move"], request.user, cast(str, note))


@login_required
@require_POST
def submission_session(request: SignedInRequest, pk: int) -> HttpResponse:
    """Create a draft session from an accepted workshop request; the desk continues with it."""
    if not request.user.is_secretariat:
        raise Http404
    submission = visible(request, pk)
    try:
        session = submission.make_session(request.user)
    except MoveRefused as error:
        return submission_page(
            request, submission, None, [str(error.message)], error.http_status
        )
    messages.success(request, _("The session is now a draft."))
    return redirect(session)


@login_required
@require_safe
def submissions(request: SignedInRequest) -> HttpResponse:
    """One's own submissions, or for the secretariat all that were submitted."""
    everything = request.user.is_secretariat and "mine" not in request.GET
    rows = Submission.objects.visible_to(request.user)
    rows = rows.handed_in() if everything else Submission.objects.of_owner(request.user)
    rows = rows.with_reason().select_related(
        "edition", "kind", "session", "merged_into__edition"
    )
    page = keyset_page(request, rows.order_by("-updated_at", "-pk"))
    context = {"page": page, "everything": everything}
    return render(request, "forum/consultation/submissions.html", context)


@require_safe
def input_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """What became of an input: its author reads it by the link of a mail, without signing in."""
    submission = get_object_or_404(Submission.objects.for_link(token))
    session = submission.session
    context = {
        "submission": submission,
        "edition": submission.edition,
        "answers": submission.answers_in_words(),
        "session": getattr(session, "released", None) if session else None,
    }
    return private(render(request, "forum/consultation/input_by_link.html", context))
