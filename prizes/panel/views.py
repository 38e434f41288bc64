"""Expert panels: one's assigned entries, reviews, and the table for chair and secretariat."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.user.models import User
from common.moves.actors import SignedInRequest
from common.tables.csv_files import csv_response
from common.text.digits import whole_number
from prizes.ballot.voter import seed_of
from prizes.contest.models import Contest, Phase
from prizes.contest.review_rules import ReviewMode
from prizes.contest.views import the_contest
from prizes.entry.models import Entry
from prizes.entry.querysets import IN_PANEL
from prizes.entry.views import LABELS
from prizes.entry.workflow import ON_BALLOT
from prizes.panel.anonymous import is_blind, without_names
from prizes.panel.assigning import declare_conflict
from prizes.panel.delegation import Delegation, end_delegations
from prizes.panel.forms import ConflictForm, ReviewForm, review_form
from prizes.panel.models import Panel, Review
from prizes.panel.table import COLUMNS, Line, lines_of, sheet, sort


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
    panel = the_panel(request, edition, line)
    contest, user = panel.category.contest, request.user
    leads = leads_panel(user, panel)
    lines = _lines(panel, user, leads=leads)
    headings = sort(lines, request.GET.get("sort", "")) if leads else []
    context = {
        "contest": contest,
        "panel": panel,
        "lines": lines,
        "headings": headings,
        "leads": leads,
        "labels": LABELS,
        "done": sum(row.totals.scored + row.abstained for row in lines)
        if leads
        else _handed_in(lines),
        "expected": sum(row.expected for row in lines) if leads else len(lines),
        "taken": sum(row.entry.status in ON_BALLOT for row in lines),
        "phase": contest.phase(Phase.Kind.NOMINATION),
        "states": dict(Review.State.choices),
        "has_next": any(_is_to_do(row) for row in lines)
        and panel.seats.filter(expert=user).exists(),
    }
    return render(request, "prizes/panel/panel.html", context)


def the_panel(request: SignedInRequest, edition: str, line: str) -> Panel:
    """The panel of this category, or 404 for people who have no business there."""
    contest = the_contest(edition)
    panel: Panel = get_object_or_404(
        _panels(request, contest), category__action_line=line
    )
    panel.category.contest = contest  # with its phases
    return panel


def leads_panel(user: User, panel: Panel) -> bool:
    return user.is_secretariat or panel.chaired_by(user)


def _lines(panel: Panel, user: User, *, leads: bool) -> list[Line]:
    blind = is_blind(panel.category.contest, user)
    rows = entries_for(user, panel)
    rows = (rows.for_page() if blind else rows.for_list()).defer("words", "answers")
    rows = rows.annotate(expected=Count("assignments"))
    entries = list(rows.shuffled(seed_of(panel.category.contest, user)))
    return lines_of(without_names(entries) if blind else entries, user, every=leads)


def _is_to_do(line: Line) -> bool:
    return line.mine is None or line.mine.state == Review.State.DRAFT


def _handed_in(lines: list[Line]) -> int:
    return sum(not _is_to_do(line) for line in lines)


def entries_for(user: User, panel: Panel) -> Any:
    """The entries of a panel that this person may see there."""
    here = Entry.objects.filter(
        category=panel.category_id, source="", status__in=IN_PANEL
    )
    if user.is_secretariat:
        return here.exclude(pk__in=here.concerning(user).values("pk"))
    return here.reviewable_by(user)


@login_required
@require_safe
def scores_sheet(request: SignedInRequest, edition: str, line: str) -> HttpResponse:
    """The table of scores as CSV, in the order of the page; for chair and secretariat."""
    panel = the_panel(request, edition, line)
    if not leads_panel(request.user, panel):
        raise Http404
    lines = _lines(panel, request.user, leads=True)
    sort(lines, request.GET.get("sort", ""))
    head = [str(column) for column in COLUMNS]
    return csv_response(f"scores-{edition}-{line}.csv", [head, *sheet(lines)])


@login_required
@require_safe
def next_entry(request: SignedInRequest, edition: str, line: str) -> HttpResponse:
    """To the next entry that this expert has not reviewed: those with the fewest reviews first,
    and among equals in an order of the expert's own, so that all entries are read equally.

    `?after=…`: not this one, unless it is the only one left.
    """
    panel = the_panel(request, edition, line)
    user = request.user
    own = Review.objects.filter(entry=OuterRef("pk"), reviewer=user)
    written = Count("reviews", filter=~Q(reviews__state=Review.State.DRAFT))
    left: Any = (
        Entry.objects.filter(category=panel.category_id)
        .reviewable_by(user)
        .filter(~Exists(own.handed_in()))
        .annotate(written=written)
        .shuffled(seed_of(panel.category.contest, user))
    )
    left = left.order_by("written", "place", "pk")
    keys = list(left.values_list("pk", flat=True))
    after = whole_number(request.GET.get("after", ""))
    found = next((pk for pk in keys if pk != after), keys[0] if keys else None)
    if found is None:
        messages.success(
            request, _("You have reviewed all your entries of this panel.")
        )
        return redirect("prizes:panel", edition, line)
    return redirect("prizes:review", edition, found)


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
    return review_form(review, entry.contest, data)


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
    if state != Review.State.DRAFT:
        end_delegations(entry, request.user)
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
    conflict: ConflictForm | None = None,
) -> HttpResponse:
    others = Review.objects.readable_by(request.user, entry).exclude(
        reviewer=request.user
    )
    contest = entry.contest
    blind = is_blind(contest, request.user)
    context = {
        "contest": contest,
        "entry": without_names([entry])[0] if blind else entry,
        "blind": blind,
        "delegation": Delegation.objects.of_review(entry, request.user)
        .standing()
        .select_related("colleague")
        .first(),
        "criteria": contest.criteria.all()
        if contest.review_mode == ReviewMode.PASS_FAIL
        else (),
        "form": form,
        "refusal": refusal,
        "others": others.select_related("reviewer", "colleague").prefetch_related(
            "scores__criterion"
        ),
        "own_done": form.review.pk and form.review.state != Review.State.DRAFT,
        "conflict_form": conflict or ConflictForm(),
        "phase": contest.phase(Phase.Kind.NOMINATION),
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
            request, entry, _review_form(request, entry), status=400, conflict=form
        )
    declare_conflict(entry, request.user, form.cleaned_data["reason"])
    messages.success(request, _("Thank you. You will no longer see this entry."))
    return redirect("prizes:panel", edition, entry.category.code)
