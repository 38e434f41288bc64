"""The outbox of dispositions: set for many, looked at, sent in the background."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.role.roles import is_own
from accounts.session.requests import secretariat_only
from common.lists.paging import keyset_page
from common.mail import returned
from common.moves.actors import SignedInRequest
from common.records.hashing import content_hash
from forum.consultation.models import Submission
from forum.consultation.views import PAGE
from forum.decision.forms import PendingForm
from forum.decision.models import (
    Dispatch,
    DispatchItem,
    Disposition,
    PendingDisposition,
    letters_of,
)
from forum.decision.tasks import work_on_dispatches
from forum.edition.models import Edition
from forum.screening.findings import Screening

ROWS = 25
REFUSED_SHOWN = 100


@secretariat_only
@require_safe
def outbox(request: SignedInRequest, slug: str) -> HttpResponse:
    """The dispositions that wait, each with the letter as its author will read it."""
    edition = get_object_or_404(Edition, slug=slug)
    rows = PendingDisposition.objects.open(edition).order_by("submission")
    page = keyset_page(request, rows, ROWS)
    letters = letters_of(edition)
    counts = Counter(rows.values_list("move", flat=True).order_by())
    context = {
        "edition": edition,
        "page": page,
        "rows": [(one, one.note(letters)) for one in page.object_list],
        "counts": counts_in_words(counts),
        "total": sum(counts.values()),
        "without": [
            label
            for move, label in Disposition.choices
            if counts.get(move) and move not in letters
        ],
        "dispatches": edition.dispatches.order_by("-created_at", "-pk")[:10],
    }
    return render(request, "forum/decision/outbox.html", context)


def counts_in_words(counts: dict[str, int]) -> list[tuple[Any, int]]:
    return [(label, counts.get(move, 0)) for move, label in Disposition.choices]


@secretariat_only
@require_POST
@transaction.atomic
def pending_set(request: SignedInRequest, slug: str) -> HttpResponse:
    """Set or remove the disposition of the proposals that were ticked."""
    edition = get_object_or_404(Edition, slug=slug)
    form = PendingForm(edition, request.POST)
    if not form.is_valid():
        for sentences in form.errors.values():
            messages.error(request, " ".join(map(str, sentences)))
        return redirect("forum:reviews", slug)
    chosen = list(form.cleaned_data["submissions"])
    if form.cleaned_data["move"] == PendingForm.REMOVE:
        PendingDisposition.objects.filter(submission__in=chosen).delete()
        messages.success(request, _("The pending dispositions are removed."))
        return redirect("forum:decisions", slug)
    kept = [one for one in chosen if not is_own(one, request.user)]
    kept = passing(request, edition, kept, form.cleaned_data["move"])
    for submission in kept:
        PendingDisposition.objects.update_or_create(
            submission=submission,
            defaults={
                "move": form.cleaned_data["move"],
                "remark": form.cleaned_data["remark"],
                "by": request.user,
            },
        )
    sentence = ngettext(
        "%(count)d disposition is pending; its author has not been told.",
        "%(count)d dispositions are pending; their authors have not been told.",
        len(kept),
    )
    messages.success(request, sentence % {"count": len(kept)})
    return redirect("forum:decisions", slug)


def passing(
    request: SignedInRequest, edition: Edition, chosen: list[Submission], move: str
) -> list[Submission]:
    """Those for which the move is possible; the others are named, with the reason."""
    screening = Screening(edition, chosen if move == Disposition.ACCEPT else [])
    kept = []
    for one in chosen:
        blocking = [
            found.sentence
            for found in screening.findings_of(one)
            if found.is_blocking and move == Disposition.ACCEPT
        ]
        if move not in {open_move.name for open_move in one.open_moves(request.user)}:
            blocking = [_("This is not possible in its status.")]
        if blocking:
            messages.warning(request, f"{one.number}: {blocking[0]}")
        else:
            kept.append(one)
    return kept


@secretariat_only
@require_http_methods(PAGE)
def send(request: SignedInRequest, slug: str) -> HttpResponse:
    """The second look: what leaves now; it leaves only if nothing has changed since."""
    edition = get_object_or_404(Edition, slug=slug)
    with transaction.atomic():
        rows = PendingDisposition.objects.open(edition).order_by("submission")
        pending = list(rows.select_for_update(of=("self",)))
        letters = letters_of(edition)
        notes = [(one, one.note(letters)) for one in pending]
        seen = content_hash(
            [[one.submission_id, one.move, note] for one, note in notes]
        )
        if pending and request.POST.get("seen") == seen:
            dispatch = start(request, edition, notes)
            return redirect(dispatch)
    if request.method == "POST":
        messages.error(
            request, _("Something has changed since you looked: nothing was sent.")
        )
    context = {
        "edition": edition,
        "seen": seen,
        "counts": counts_in_words(Counter(one.move for one in pending)),
        "total": len(pending),
        "samples": samples(notes),
        "empty": [one for one, note in notes if not note],
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "forum/decision/send.html", context, status=status)


def samples(
    notes: list[tuple[PendingDisposition, str]],
) -> list[tuple[PendingDisposition, str]]:
    """One letter of each disposition."""
    first: dict[str, tuple[PendingDisposition, str]] = {}
    for one, note in notes:
        first.setdefault(one.move, (one, note))
    return list(first.values())


def start(
    request: SignedInRequest,
    edition: Edition,
    notes: list[tuple[PendingDisposition, str]],
) -> Dispatch:
    dispatch = Dispatch.objects.create(edition=edition, by=request.user)
    DispatchItem.objects.bulk_create(
        DispatchItem(
            dispatch=dispatch, submission=one.submission, move=one.move, note=note
        )
        for one, note in notes
    )
    work_on_dispatches.delay_on_commit()  # type: ignore[attr-defined]  # of Celery
    return dispatch


@secretariat_only
@require_http_methods(PAGE)
def dispatch(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far the letters are, what was refused and why; `stop` ends it."""
    rows = Dispatch.objects.select_related("edition", "by")
    dispatch = get_object_or_404(rows, pk=pk)
    if request.method == "POST":
        if "stop" in request.POST and dispatch.stop(request.user):
            messages.success(request, _("The rest is not sent; it stays pending."))
        elif "retry" in request.POST and dispatch.can_be_retried:
            dispatch.retry(request.user)
            work_on_dispatches.delay_on_commit()  # type: ignore[attr-defined]  # of Celery
        return redirect(dispatch)
    refused = dispatch.items.exclude(sentence="").select_related("submission__edition")
    context = {
        "dispatch": dispatch,
        "edition": dispatch.edition,
        "progress": dispatch.progress(),
        "refused": refused.order_by("pk")[:REFUSED_SHOWN],
        "page": keyset_page(request, dispatch.came_back().order_by("pk"), ROWS),
        "returned_mail_is_read": returned.is_read(),
    }
    return render(request, "forum/decision/dispatch.html", context)
