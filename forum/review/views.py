"""Reviewing: one's own proposals and reviews, and the table of the secretariat."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.session.requests import secretariat_only
from common.limits.throttle import throttled
from common.lists.paging import keyset_page
from common.mail.links import private
from common.moves.actors import SignedInRequest
from common.tables.csv_files import csv_response
from common.text.digits import whole_number
from forum.consultation.models import Submission
from forum.consultation.views import PAGE
from forum.decision.forms import PendingForm
from forum.decision.models import PendingDisposition
from forum.edition.models import Edition
from forum.review.asking import answer, of_link
from forum.review.forms import ReviewForm
from forum.review.models import Review, Reviewer, ReviewPhase, reviewable_by
from forum.review.reminding import remind
from forum.review.table import ORDERS, balance_of, lines_of

ROWS = 25


@login_required
@require_safe
def review_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The proposals that this person reviews in the phase of today."""
    edition = get_object_or_404(Edition, slug=slug)
    seats = Reviewer.objects.seated().filter(edition=edition, user=request.user)
    tracks = list(seats.select_related("track"))
    if not tracks:
        raise Http404
    phase = ReviewPhase.objects.current(edition)
    rows = reviewable_by(request.user, edition) if phase else Submission.objects.none()
    rows = rows.select_related("track", "edition").order_by("pk")
    page = keyset_page(request, rows, ROWS)
    own = Review.objects.filter(submission__in=page.object_list, reviewer=request.user)
    mine = {review.submission_id: review for review in own}
    context = {
        "edition": edition,
        "tracks": tracks,
        "phase": phase,
        "next_phase": None if phase else ReviewPhase.objects.next(edition),
        "page": page,
        "rows": [(one, mine.get(one.pk)) for one in page.object_list],
    }
    return render(request, "forum/review/review_list.html", context)


@login_required
@require_http_methods(PAGE)
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user", methods="POST")
@transaction.atomic
def review(request: SignedInRequest, pk: int) -> HttpResponse:
    """One's own review first; what others wrote as the phase allows. The lock keeps a double
    click from writing two reviews."""
    edition = get_object_or_404(Edition, submissions=pk)
    rows = reviewable_by(request.user, edition).select_related("edition", "kind")
    submission: Any = get_object_or_404(rows.select_for_update(of=("self",)), pk=pk)
    phase = ReviewPhase.objects.current(edition)
    if phase is None:
        messages.info(request, _("No review phase is open today."))
        return redirect("forum:review-list", edition.slug)
    form = form_of(request, submission)
    if request.method != "POST":
        return review_page(request, submission, phase, form)
    if not phase.takes_reviews:
        refusal = _("This phase takes no reviews: yours cannot be changed now.")
        return review_page(request, submission, phase, form, refusal, 409)
    state = state_of(request)
    if form.is_valid() and state == Review.State.DONE:
        form.require_scores()
    if form.errors:
        status = 409 if form.conflicts else 400
        return review_page(request, submission, phase, form, "", status)
    form.save(state, phase)
    messages.success(
        request, _("The review is saved: %(state)s.") % {"state": state.label}
    )
    return redirect("forum:review", pk)


def form_of(request: SignedInRequest, submission: Submission) -> ReviewForm:
    review = Review.objects.filter(submission=submission, reviewer=request.user).first()
    review = review or Review(submission=submission, reviewer=request.user)
    criteria = list(submission.edition.review_criteria.order_by("order", "pk"))
    data = request.POST if request.method == "POST" else None
    return ReviewForm(review, criteria, data)


def state_of(request: SignedInRequest) -> Review.State:
    if "hand_in" in request.POST:
        return Review.State.DONE
    return Review.State.ABSTAINED if "abstain" in request.POST else Review.State.DRAFT


def review_page(
    request: SignedInRequest,
    submission: Submission,
    phase: ReviewPhase,
    form: ReviewForm,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    others = Review.objects.of_others(request.user, submission, phase)
    context = {
        "submission": submission,
        "edition": submission.edition,
        "phase": phase,
        "form": form,
        "refusal": refusal,
        "answers": submission.answers_in_words(),
        "speakers": submission.speakers.order_by("pk") if phase.shows_names else [],
        "others": others.select_related("reviewer").prefetch_related(
            "scores__criterion"
        ),
    }
    return render(request, "forum/review/review.html", context, status=status)


@require_http_methods(PAGE)
def reviewer_answer(request: HttpRequest, token: str) -> HttpResponse:
    """A reviewer who is asked again answers by the link of the mail. Mail scanners open links, so a
    button answers."""
    found = of_link(token)
    if found is None:
        raise Http404
    rows = list(found)
    if not rows:
        page = render(request, "forum/review/reviewer_answer.html", status=410)
        return private(page)
    if request.method == "POST":
        said = request.POST.get("answer", "")
        if said in ("yes", "no"):
            answer(found, accepts=said == "yes")
        else:
            messages.error(request, _("Choose one of the two answers."))
        return private(redirect("forum:reviewer-answer", token))
    context = {
        "edition": rows[0].edition,
        "reviewer": rows[0].user,
        "seats": rows,
        "waits": any(row.accepted is None for row in rows),
        "phases": rows[0].edition.review_phases.filter(takes_reviews=True),
    }
    return private(render(request, "forum/review/reviewer_answer.html", context))


# --- the secretariat ------------------------------------------------------------------------


@secretariat_only
@require_safe
def reviews(request: SignedInRequest, slug: str) -> HttpResponse:
    """All proposals by what their reviews say, and how balanced the chosen ones are."""
    edition = get_object_or_404(Edition, slug=slug)
    order = request.GET.get("order", "")
    order = order if order in ORDERS else "median"
    tracks = list(edition.tracks.all())
    track = next((t.pk for t in tracks if str(t.pk) == request.GET.get("track")), "")
    lines = lines_of(edition, order, track)
    numbers = [line.submission.pk for line in lines]
    after = whole_number(request.GET.get("after", "")) or 0
    first = numbers.index(after) + 1 if after in numbers else 0
    query = {"order": order, "track": track}
    context = {
        "edition": edition,
        "lines": lines[first : first + ROWS],
        "count": len(lines),
        "orders": ORDERS,
        "order": order,
        "tracks": tracks,
        "track": track,
        "balance": balance_of(edition),
        "page": pages(numbers, first, query),
        "csv": f"?{urlencode(query)}",
        "desk": PendingForm(edition),
        "pending": PendingDisposition.objects.open(edition).count(),
        "reviewers": Reviewer.objects.of_edition(edition),
        "phase": ReviewPhase.objects.current(edition),
    }
    return render(request, "forum/review/reviews.html", context)


@secretariat_only
@require_POST
def reviewers_remind(request: SignedInRequest, slug: str) -> HttpResponse:
    """Remind everybody whose reviews are missing in the phase of today."""
    edition = get_object_or_404(Edition, slug=slug)
    phase = ReviewPhase.objects.current(edition)
    if phase is None or not phase.takes_reviews:
        messages.error(request, _("No phase takes reviews today: nobody is reminded."))
        return redirect("forum:reviews", slug)
    sent = remind(phase)
    sentence = ngettext(
        "%(count)d reviewer is reminded by e-mail.",
        "%(count)d reviewers are reminded by e-mail.",
        sent,
    )
    messages.success(request, sentence % {"count": sent})
    return redirect("forum:reviews", slug)


def pages(numbers: list[int], first: int, query: dict[str, str]) -> dict[str, Any]:
    """The query strings of the pages before and after: each begins after a row."""

    def begins_at(place: int) -> str:
        after = {"after": str(numbers[place - 1])} if place > 0 else {}
        return f"?{urlencode(query | after)}"

    more = first + ROWS < len(numbers)
    return {
        "previous": begins_at(first - ROWS) if first else None,
        "next": begins_at(first + ROWS) if more else None,
    }


HEADER = (
    "number",
    "title",
    "track",
    "status",
    "country",
    "stakeholder_type",
    "reviews",
    "abstained",
    "median",
    "mean",
    "spread",
    "disputed",
)


@secretariat_only
@require_safe
def reviews_csv(request: SignedInRequest, slug: str) -> HttpResponse:
    """The same rows for a spreadsheet; codes, not names."""
    edition = get_object_or_404(Edition, slug=slug)
    order = request.GET.get("order", "")
    lines = lines_of(
        edition, order if order in ORDERS else "median", request.GET.get("track", "")
    )
    rows: list[Any] = [HEADER]
    for one in lines:
        submission, totals = one.submission, one.totals
        rows.append(
            (
                submission.number,
                submission.title,
                submission.track_id or "",
                submission.status,
                submission.country_id or "",
                submission.stakeholder_type_id or "",
                totals.scored,
                one.abstained,
                *(rounded(n) for n in (totals.median, totals.mean, totals.spread)),
                "yes" if totals.disputed else "no",
            )
        )
    return csv_response(f"wsis-forum-{edition.slug}-reviews.csv", rows)


def rounded(number: float | None) -> float | str:
    return "" if number is None else round(number, 1)
