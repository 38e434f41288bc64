"""Expert panels: one's assigned entries, reviews, and the table for chair and secretariat."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.user.models import User
from common.moves.actors import SignedInRequest
from common.scoring.totals import Totals, totals_of
from prizes.ballot.voter import seed_of
from prizes.contest.models import Contest, Phase
from prizes.contest.views import the_contest
from prizes.entry.models import Entry
from prizes.entry.querysets import IN_PANEL
from prizes.entry.views import LABELS
from prizes.entry.workflow import ON_BALLOT
from prizes.panel.assigning import declare_conflict
from prizes.panel.forms import ConflictForm, ReviewForm
from prizes.panel.models import Panel, Review, counting_reviews


@dataclass(frozen=True)
class Line:
    """One entry in the table of scores."""

    entry: Any
    abstained: int
    expected: int  # experts to whom the entry is assigned; 0 before the panel has assigned any
    totals: Totals
    mine: Review | None


@login_required
@require_safe
def panels(request: SignedInRequest, edition: str) -> HttpResponse:
    """The panels on which one sits; all for the secretariat."""
    contest = the_contest(edition)
    panels = list(_panels(request, contest))
    if not panels:
        raise PermissionDenied(
            _("This page is for the experts of a panel and the secretariat.")
        )
    return render(
        request, "prizes/panel/panel_list.html", {"contest": contest, "panels": panels}
    )


def _panels(request: SignedInRequest, contest: Contest) -> Any:
    rows = Panel.objects.visible_to(request.user).filter(category__contest=contest)
    return rows.select_related("category__action_line").order_by("category__number")


@login_required
@require_safe
def panel(request: SignedInRequest, edition: str, line: str) -> HttpResponse:
    """The entries of a panel; those with a conflict of interest are not shown, not even to
    staff."""
    contest = the_contest(edition)
    panel = get_object_or_404(_panels(request, contest), category__action_line=line)
    user = request.user
    leads = user.is_secretariat or panel.chaired_by(user)
    rows = _entries(user, panel).for_list().defer("words", "answers")
    rows = rows.annotate(expected=Count("assignments"))
    entries = list(rows.shuffled(seed_of(contest, user)))
    lines = _lines(entries, user, every=leads)
    if leads:
        lines.sort(key=lambda row: (-(row.totals.mean or 0), row.entry.pk))
    context = {
        "contest": contest,
        "panel": panel,
        "lines": lines,
        "leads": leads,
        "labels": LABELS,
        "done": sum(row.totals.scored + row.abstained for row in lines)
        if leads
        else _handed_in(lines),
        "expected": sum(row.expected for row in lines) if leads else len(lines),
        "taken": sum(row.entry.status in ON_BALLOT for row in lines),
        "phase": contest.phase(Phase.Kind.NOMINATION),
        "states": dict(Review.State.choices),
    }
    return render(request, "prizes/panel/panel.html", context)


def _handed_in(lines: list[Line]) -> int:
    return sum(
        row.mine is not None and row.mine.state != Review.State.DRAFT for row in lines
    )


def _entries(user: User, panel: Panel) -> Any:
    here = Entry.objects.filter(
        category=panel.category_id, source="", status__in=IN_PANEL
    )
    if user.is_secretariat:
        return here.exclude(pk__in=here.concerning(user).values("pk"))
    return here.reviewable_by(user)


def _lines(entries: list[Any], user: User, *, every: bool) -> list[Line]:
    """The table; without `every` the scores of others are left out."""
    own = Review.objects.filter(entry__in=entries, reviewer=user)
    visible = list(own.prefetch_related("scores__criterion"))
    if every:
        pks = [entry.pk for entry in entries]
        visible += [one for one in counting_reviews(pks) if one.reviewer_id != user.pk]
    reviews: dict[int, list[Review]] = {}
    for one in visible:
        reviews.setdefault(one.entry_id, []).append(one)
    return [_line(entry, reviews.get(entry.pk, []), user) for entry in entries]


def _line(entry: Any, reviews: list[Review], user: User) -> Line:
    return Line(
        entry=entry,
        totals=totals_of(review.total for review in reviews),
        expected=entry.expected,
        abstained=sum(review.state == Review.State.ABSTAINED for review in reviews),
        mine=next(
            (review for review in reviews if review.reviewer_id == user.pk), None
        ),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: SignedInRequest, edition: str, pk: int) -> HttpResponse:
    """One's own review first; once it is submitted, those of the others."""
    reviewable = (
        Entry.objects.reviewable_by(request.user)
        .filter(contest__slug=edition)
        .for_page()
    )
    entry: Any = get_object_or_404(reviewable, pk=pk)
    if request.method != "POST":
        return _review_page(request, entry, _review_form(request, entry))
    with transaction.atomic():
        return _save_review(request, edition, entry)


def _review_form(
    request: SignedInRequest, entry: Entry, data: Mapping[str, Any] | None = None
) -> ReviewForm:
    review = Review.objects.filter(entry=entry, reviewer=request.user).first()
    review = review or Review(entry=entry, reviewer=request.user)
    return ReviewForm(review, list(entry.contest.criteria.all()), data)


def _save_review(request: SignedInRequest, edition: str, entry: Any) -> HttpResponse:
    """Lock the entry: a double click writes one review, and a second tab sees what the first one
    saved."""
    Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    form = _review_form(request, entry, request.POST)
    if not entry.contest.is_open(Phase.Kind.NOMINATION):
        closed = _("The nomination phase is closed: reviews cannot be changed.")
        return _review_page(request, entry, form, closed, 409)
    state = _state(request)
    if form.is_valid() and state == Review.State.DONE:
        form.require_scores()
    if form.errors:
        return _review_page(request, entry, form, status=409 if form.conflicts else 200)
    form.save(state)
    messages.success(
        request, _("The review is saved: %(state)s.") % {"state": state.label}
    )
    return redirect("prizes:panel", edition, entry.category.code)


def _state(request: SignedInRequest) -> Review.State:
    if "hand_in" in request.POST:
        return Review.State.DONE
    return Review.State.ABSTAINED if "abstain" in request.POST else Review.State.DRAFT


def _review_page(
    request: SignedInRequest,
    entry: Entry,
    form: ReviewForm,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    others = Review.objects.readable_by(request.user, entry).exclude(
        reviewer=request.user
    )
    context = {
        "contest": entry.contest,
        "entry": entry,
        "form": form,
        "refusal": refusal,
        "others": others.select_related("reviewer").prefetch_related(
            "scores__criterion"
        ),
        "own_done": form.review.pk and form.review.state != Review.State.DRAFT,
        "conflict_form": ConflictForm(),
        "phase": entry.contest.phase(Phase.Kind.NOMINATION),
    }
    return render(request, "prizes/panel/review.html", context, status=status)


@login_required
@require_POST
def conflict(request: SignedInRequest, edition: str, pk: int) -> HttpResponse:
    """Declare a conflict of interest: the entry is hidden from this expert permanently, and
    somebody else gets it in the same moment."""
    reviewable = (
        Entry.objects.reviewable_by(request.user)
        .filter(contest__slug=edition)
        .for_page()
    )
    entry: Any = get_object_or_404(reviewable, pk=pk)
    form = ConflictForm(request.POST)
    if not form.is_valid():
        return _review_page(
            request,
            entry,
            ReviewForm(
                Review(entry=entry, reviewer=request.user),
                list(entry.contest.criteria.all()),
            ),
            str(form.errors["reason"][0]),
            400,
        )
    declare_conflict(entry, request.user, form.cleaned_data["reason"])
    messages.success(request, _("Thank you. You will no longer see this entry."))
    return redirect("prizes:panel", edition, entry.category.code)
