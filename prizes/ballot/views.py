"""Voting: one category after the other, on any phone, without scripts."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.user.models import User
from common.limits.throttle import throttled
from common.mail import outbox
from common.moves.actors import SignedInRequest
from common.text.digits import whole_number
from prizes.ballot.barring import bars_of
from prizes.ballot.models import REFUSALS, Cast, Vote, VoteRefused, cast, withdraw
from prizes.ballot.voter import seed_of, voter_of
from prizes.contest.models import Category, Contest, Phase
from prizes.contest.views import the_category, the_contest
from prizes.entry.filters import NomineeFilters, choices_of
from prizes.entry.models import Entry
from prizes.entry.views import LABELS
from prizes.entry.workflow import ON_BALLOT

VOTES_A_MINUTE = 60
MAILS_AN_HOUR = 5


class Lost(NamedTuple):
    """A vote that no longer counts, and why."""

    category: Category
    vote: Vote
    why: str
    can_be_replaced: bool  # the category has a nominee left


class Ballot:
    """One voter's ballot: categories with nominees, the votes that stand, and those that no
    longer count, for which the voter is asked to vote again."""

    def __init__(self, contest: Contest, user: User) -> None:
        self.contest = contest
        self.bars = bars_of(contest.pk, user.pk)
        self.refusal = REFUSALS["official"] if self.bars.official else ""
        filled = set(
            Entry.objects.on_ballot()
            .filter(contest=contest)
            .order_by()
            .values_list("category", flat=True)
            .distinct()
        )
        self.categories = [c for c in contest.categories.all() if c.pk in filled]
        self.votes: dict[int, Vote] = {}
        self.lost: list[Lost] = []
        for vote in Vote.objects.of_voter(contest, voter_of(contest.pk, user)):
            if why := self._why_lost(vote):
                self.lost.append(
                    Lost(vote.category, vote, why, vote.category_id in filled)
                )
            else:
                self.votes[vote.category_id] = vote
        self.given = sum(c.pk in self.votes for c in self.categories)

    def _why_lost(self, vote: Vote) -> str:
        if vote.voided:
            return ""  # it keeps its position, with the reason
        if vote.entry.status not in ON_BALLOT:
            return _("The entry was removed from the contest.")
        if vote.entry_id in self.bars.own:
            return str(REFUSALS["own"])
        return ""

    def lost_in(self, place: Category) -> Lost | None:
        return next((lost for lost in self.lost if lost.category.pk == place.pk), None)

    @property
    def rows(self) -> list[tuple[Category, Vote | None]]:
        return [(c, self.votes.get(c.pk)) for c in self.categories]

    @property
    def total(self) -> int:
        return len(self.categories)

    @property
    def left(self) -> int:
        return self.total - self.given

    def next_open(self, after: int = 0) -> Category | None:
        """The next category without a vote, from the one after `after`, then from the start."""
        waiting = [c for c in self.categories if c.pk not in self.votes]
        return next(
            (c for c in waiting if c.number > after), waiting[0] if waiting else None
        )

    def skip_to(self, place: Category) -> Category | None:
        """The target of “skip”: the next open category that is not this one."""
        following = self.next_open(place.number)
        return None if following == place else following


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("vote", VOTES_A_MINUTE, 60, by="user", methods="POST")
def category(request: SignedInRequest, edition: str, line: str) -> HttpResponse:
    """The nominees of a category in this voter's own order; POST `entry` votes."""
    if request.method == "POST":
        return _vote(request, edition, line)
    contest = the_contest(edition)
    return _page(request, contest, the_category(contest, line))


def _vote(request: SignedInRequest, edition: str, line: str) -> HttpResponse:
    """The busiest request of the portal in the last hour of a vote: as few queries as possible."""
    pk = whole_number(request.POST.get("entry", ""))
    chosen = None
    if pk is not None:
        chosen = Entry.objects.for_vote(pk, edition, line, request.user)
    if chosen is None:
        return _refused(request, edition, line, _("Choose one of the nominees."), 400)
    try:
        done = cast(chosen, request.user)
    except VoteRefused as refused:
        return _refused(request, edition, line, str(refused.message), 409)
    messages.success(request, _said(done, line, chosen))
    if not done.following:
        return redirect("prizes:my-votes", edition)
    return redirect("prizes:ballot-category", edition, done.following)


def _refused(
    request: SignedInRequest, edition: str, line: str, sentence: str, status: int
) -> HttpResponse:
    contest = the_contest(edition)
    return _page(request, contest, the_category(contest, line), sentence, status)


def _said(done: Cast, line: str, entry: Entry) -> str:
    sentences = {
        "cast": _(
            "Counted. Your receipt: %(receipt)s. Your vote in %(line)s is for “%(title)s”."
        ),
        "change": _(
            "Counted. Your receipt: %(receipt)s. Your vote in %(line)s is now for “%(title)s”."
        ),
        "same": _(
            "Counted already. Your receipt: %(receipt)s. Your vote in %(line)s is for “%(title)s”."
        ),
    }
    return sentences[done.kind] % {
        "line": line,
        "title": entry,
        "receipt": done.receipt,
    }


def _page(
    request: SignedInRequest,
    contest: Contest,
    place: Category,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    user = request.user
    ballot = Ballot(contest, user)
    everybody = Entry.objects.on_ballot().filter(category=place)
    filters = NomineeFilters(_filters(request), queryset=everybody)
    valid = filters.is_valid()
    rows = (filters.qs if valid else everybody).for_list().defer("words", "answers")
    nominees = list(rows.shuffled(seed_of(contest, user)))
    choice = request.GET.get("choice", "")
    for entry in nominees:
        entry.own = entry.pk in ballot.bars.own
    voting = contest.is_open(Phase.Kind.VOTING)
    context = {
        "contest": contest,
        "category": place,
        "ballot": ballot,
        "filters": filters,
        "nominees": nominees,
        "choice": next((e for e in nominees if str(e.pk) == choice), None),
        "vote": ballot.votes.get(place.pk),
        "lost": ballot.lost_in(place),
        "voting": voting,
        "may_vote": voting and not ballot.refusal,
        "phase": contest.phase(Phase.Kind.VOTING),
        "skip": ballot.skip_to(place),
        "refusal": refusal,
        "now": timezone.now(),
        "labels": LABELS,
        "choices": choices_of(everybody),
    }
    return render(request, "prizes/ballot/category.html", context, status=status)


def _filters(request: SignedInRequest) -> Any:
    """The query string without the choice that a link contained."""
    parameters = request.GET.copy()
    parameters.pop("choice", None)
    return parameters


@never_cache
@login_required
@require_safe
def my_votes(request: SignedInRequest, edition: str) -> HttpResponse:
    """The member's votes with receipts; they can be changed and withdrawn until the close."""
    contest = the_contest(edition)
    ballot = Ballot(contest, request.user)
    context = {
        "contest": contest,
        "ballot": ballot,
        "voting": contest.is_open(Phase.Kind.VOTING),
        "phase": contest.phase(Phase.Kind.VOTING),
        "next": ballot.next_open(),
    }
    return render(request, "prizes/ballot/my_votes.html", context)


@login_required
@require_POST
@throttled("vote", VOTES_A_MINUTE, 60, by="user")
def withdraw_vote(request: SignedInRequest, edition: str, line: str) -> HttpResponse:
    contest = the_contest(edition)
    place = the_category(contest, line)
    try:
        taken = withdraw(place, request.user)
    except VoteRefused as refused:
        messages.error(request, str(refused.message))
    else:
        if taken:
            messages.success(
                request, _("%(line)s: your vote is withdrawn.") % {"line": line}
            )
    return redirect("prizes:my-votes", contest.slug)


@login_required
@require_POST
@throttled("vote-mail", MAILS_AN_HOUR, 3600, by="user")
def mail_votes(request: SignedInRequest, edition: str) -> HttpResponse:
    """Send the voter the list of their votes on request."""
    contest = get_object_or_404(Contest.objects.for_page(), slug=edition)
    ballot = Ballot(contest, request.user)
    voting = contest.phase(Phase.Kind.VOTING)
    context = {
        "contest": contest,
        "ballot": ballot,
        "closes": voting and voting.closes_at,
    }
    outbox.send("prizes/votes", request.user, context, leaves_no_trace=True)
    messages.success(request, _("We have sent you the list of your votes."))
    return redirect("prizes:my-votes", contest.slug)
