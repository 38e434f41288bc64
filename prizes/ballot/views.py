"""Voting: one category after the other, on any phone, without scripts."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.user.models import User
from common.limits.throttle import throttled
from common.moves.actors import SignedInRequest
from common.text.digits import whole_number
from prizes.ballot.barring import bars_of
from prizes.ballot.models import (
    REFUSALS,
    BallotEvent,
    Cast,
    Vote,
    VoteRefused,
    cast,
    withdraw,
)
from prizes.ballot.profile import VoterProfileForm, completed, sent_with
from prizes.ballot.screen import screen
from prizes.ballot.vote_list import (
    fulfil,
    send_list,
    waiting_after_the_close,
    wants_list,
    wish_of,
)
from prizes.ballot.voter import voter_of
from prizes.contest.models import Category, Contest, Phase
from prizes.contest.views import the_category, the_contest
from prizes.entry.models import Entry
from prizes.entry.views import LABELS
from prizes.entry.workflow import ON_BALLOT
from prizes.hold.models import Hold
from prizes.hold.signals import circumstances, opened_now

VOTES_A_MINUTE = 60
MAILS_AN_HOUR = 5


VOID = gettext_lazy("This vote was declared void:")  # the reason follows
REMOVED = gettext_lazy("The entry was removed from the contest.")


class Lost(NamedTuple):
    """A vote that no longer counts, and why; of a void one the event has the reason."""

    category: Category
    vote: Vote
    why: str | Promise
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
        self.voter = voter_of(contest.pk, user)
        self.hold = Hold.objects.of_voter(contest.pk, self.voter).first()
        self.votes: dict[int, Vote] = {}
        self.lost: list[Lost] = []
        for vote in Vote.objects.of_voter(contest, self.voter):
            if why := self._why_lost(vote):
                self.lost.append(
                    Lost(vote.category, vote, why, vote.category_id in filled)
                )
            else:
                self.votes[vote.category_id] = vote
        self.given = sum(c.pk in self.votes for c in self.categories)

    def _why_lost(self, vote: Vote) -> str | Promise:
        if vote.voided:
            return VOID
        if vote.entry.status not in ON_BALLOT:
            return REMOVED
        if vote.entry_id in self.bars.own:
            return REFUSALS["own"]
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
        chosen = Entry.objects.for_votes({line: pk}, edition, request.user).get(line)
    if chosen is None:
        sentence = _("Choose one of the nominees.")
        return _refused(request, edition, line, Refused(400, sentence))
    if chosen.bar == "profile" and sent_with(request.POST):
        profile = completed(request.user, request.POST)
        if profile.errors:
            return _refused(request, edition, line, Refused(400, "", chosen, profile))
        chosen.bar = ""
    try:
        done = cast(chosen, request.user, circumstances(request, 1))
    except VoteRefused as refused:
        refusal = Refused(409, str(refused.message), chosen)
        return _refused(request, edition, line, refusal)
    messages.success(request, _said(done, line, chosen))
    if not done.following:
        return redirect("prizes:my-votes", edition)
    return redirect("prizes:ballot-category", edition, done.following)


class Refused(NamedTuple):
    """A vote that was not counted: the status of the answer, why, what was chosen, and the
    questions about the voter with their errors. The choice is asked about again."""

    status: int
    sentence: str = ""
    chosen: Entry | None = None
    profile: Any = None


def _refused(
    request: SignedInRequest, edition: str, line: str, refused: Refused
) -> HttpResponse:
    contest = the_contest(edition)
    return _page(request, contest, the_category(contest, line), refused)


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
    held = _(
        "%(line)s: your vote for “%(title)s” is recorded and held. Receipt %(receipt)s."
    )
    sentence = sentences[done.kind] if done.counts else held
    return sentence % {
        "line": line,
        "title": entry,
        "receipt": done.receipt,
    }


def _page(
    request: SignedInRequest,
    contest: Contest,
    place: Category,
    refused: Refused | None = None,
) -> HttpResponse:
    refused = refused or Refused(200)
    user = request.user
    ballot = Ballot(contest, user)
    kept = refused.chosen and str(refused.chosen.pk)
    choice = kept or request.GET.get("choice", "")
    profile = refused.profile
    if ballot.bars.incomplete and profile is None:
        profile = VoterProfileForm(user)
    shown = screen(request, contest, place, choice)
    for entry in (*shown.object_list, shown.choice):
        if entry:
            entry.own = entry.pk in ballot.bars.own
    voting = contest.is_open(Phase.Kind.VOTING)
    context = {
        "contest": contest,
        "category": place,
        "ballot": ballot,
        "page": shown,
        "filters": shown.filters,
        "nominees": shown.object_list,
        "choice": shown.choice,
        "vote": ballot.votes.get(place.pk),
        "lost": ballot.lost_in(place),
        "voting": voting,
        "may_vote": voting and not ballot.refusal,
        "phase": contest.phase(Phase.Kind.VOTING),
        "skip": ballot.skip_to(place),
        "refusal": refused.sentence,
        "profile": profile,
        "now": timezone.now(),
        "opened": request.POST.get("opened") or opened_now(user.pk),
        "labels": LABELS,
        "choices": shown.choices,
    }
    return render(
        request, "prizes/ballot/category.html", context, status=refused.status
    )


@never_cache
@login_required
@require_safe
def my_votes(request: SignedInRequest, edition: str) -> HttpResponse:
    """The member's votes with receipts; they can be changed and withdrawn until the close."""
    contest = the_contest(edition)
    ballot = Ballot(contest, request.user)
    wish = wish_of(contest, request.user)
    if wish and not wish.sent_at and ballot.total and not ballot.left:
        if fulfil(wish, ballot):
            messages.success(request, _("We have sent you the list of your votes."))
        wish = wish_of(contest, request.user)
    context = {
        "contest": contest,
        "ballot": ballot,
        "earlier_voids": BallotEvent.objects.earlier_voids(contest, ballot.voter),
        "wish": wish,
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
@throttled("vote", VOTES_A_MINUTE, 60, by="user")
def wish_list(request: SignedInRequest, edition: str) -> HttpResponse:
    """POST `wanted` is "1" or empty: whether the list comes by mail at the end."""
    contest = get_object_or_404(Contest.objects.for_page(), slug=edition)
    wanted = request.POST.get("wanted") == "1"
    wants_list(contest, request.user, wanted=wanted)
    messages.success(
        request,
        _("You will get the list of your votes by e-mail at the end.")
        if wanted
        else _("You will not get the list of your votes by e-mail."),
    )
    return redirect("prizes:my-votes", contest.slug)


def send_lists() -> int:
    """Send the lists that people wished for, once voting is over; returns how many."""
    sent = 0
    for wish in waiting_after_the_close():
        sent += fulfil(wish, Ballot(wish.contest, wish.user))
    return sent


@login_required
@require_POST
@throttled("vote-mail", MAILS_AN_HOUR, 3600, by="user")
def mail_votes(request: SignedInRequest, edition: str) -> HttpResponse:
    """Send the voter the list of their votes on request."""
    contest = get_object_or_404(Contest.objects.for_page(), slug=edition)
    send_list(contest, request.user, Ballot(contest, request.user))
    messages.success(request, _("We have sent you the list of your votes."))
    return redirect("prizes:my-votes", contest.slug)
