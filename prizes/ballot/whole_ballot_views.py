"""The whole ballot on one page: every category with its nominees; it can be sent repeatedly."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.limits.throttle import throttled
from common.moves.actors import SignedInRequest
from common.text.digits import whole_number
from prizes.ballot.models import Cast, Vote, VoteRefused, cast_all
from prizes.ballot.order import order_of, places_in, turn_of
from prizes.ballot.profile import VoterProfileForm, completed, sent_with
from prizes.ballot.views import VOTES_A_MINUTE, Ballot, Lost
from prizes.contest.models import Category, Contest, Phase
from prizes.contest.views import the_contest
from prizes.entry.models import Entry
from prizes.hold.signals import circumstances, opened_now

CHOICE, BEFORE = (
    "vote-",
    "was-",
)  # fields of a category: what is chosen, what stood in the page
NO_NOMINEE = gettext_lazy("Choose one of the nominees.")

Refusals = dict[str, str | Promise]


class BallotCategory(NamedTuple):
    """A category of the ballot; `choice` is the id of the selected nominee."""

    category: Category
    vote: Vote | None
    lost: Lost | None
    nominees: list[Entry]
    choice: int | None
    refusal: str | Promise


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("vote", VOTES_A_MINUTE, 60, by="user", methods="POST")
def ballot(request: SignedInRequest, edition: str) -> HttpResponse:
    """All categories and nominees; POST `vote-<category>` votes in each category that changed."""
    if request.method == "POST":
        return _send(request, edition)
    return _page(request, the_contest(edition))


def _send(request: SignedInRequest, edition: str) -> HttpResponse:
    choices = changed(request.POST)
    ids = {code: whole_number(pk) for code, pk in choices.items()}
    chosen = Entry.objects.for_votes(
        {code: pk for code, pk in ids.items() if pk is not None}, edition, request.user
    )
    refusals: Refusals = dict.fromkeys(choices.keys() - chosen.keys(), NO_NOMINEE)
    counted = 0
    outcomes: list[Cast] = []
    if profile := _incomplete_profile(request, chosen):
        page = the_contest(edition)
        return _page(request, page, refusals, ids, 400, profile)
    try:
        noted = circumstances(request, len(chosen))
        outcomes = cast_all(list(chosen.values()), request.user, noted)
    except VoteRefused as refused:
        refusals |= dict.fromkeys(chosen, refused.message)
    else:
        refusals |= {
            code: done.refusal
            for code, done in zip(chosen, outcomes, strict=True)
            if done.refusal
        }
        counted = sum(not done.refusal for done in outcomes)
    if counted:
        messages.success(
            request, _counted(counted, all(done.counts for done in outcomes))
        )
    if counted and not refusals:
        return redirect("prizes:my-votes", edition)
    status = 409 if chosen else 400
    return _page(request, the_contest(edition), refusals, ids, status)


def _incomplete_profile(request: SignedInRequest, chosen: dict[str, Entry]) -> Any:
    """What the voter said of themselves with the votes, when it has errors; complete answers are
    saved, and no longer bar the chosen nominees."""
    if not sent_with(request.POST):
        return None
    profile = completed(request.user, request.POST)
    if profile.errors:
        return profile
    for entry in chosen.values():
        if entry.bar == "profile":
            entry.bar = ""
    return None


def changed(form: QueryDict) -> dict[str, str]:
    """The choices that differ from the page as it was opened, by category, so that an old page
    does not undo a change made elsewhere meanwhile."""
    choices = {
        name.removeprefix(CHOICE): str(value)
        for name, value in form.items()
        if name.startswith(CHOICE)
    }
    return {
        code: pk
        for code, pk in choices.items()
        if pk and pk != form.get(f"{BEFORE}{code}")
    }


def _counted(votes: int, counts: bool) -> str:
    sentence = (
        ngettext("%(count)d vote is counted.", "%(count)d votes are counted.", votes)
        if counts
        else ngettext(
            "%(count)d vote is recorded and held.",
            "%(count)d votes are recorded and held.",
            votes,
        )
    )
    return sentence % {"count": votes}


def _page(
    request: SignedInRequest,
    contest: Contest,
    refusals: Refusals | None = None,
    choices: dict[str, int | None] | None = None,
    status: int = 200,
    profile: Any = None,
) -> HttpResponse:
    ballot = Ballot(contest, request.user)
    voting = contest.is_open(Phase.Kind.VOTING)
    nominees: dict[int | None, list[Entry]] = defaultdict(list)
    order = order_of(
        places_in([c.pk for c in ballot.categories]), turn_of(contest, request.user)
    )
    sheet = Entry.objects.sheet(contest)
    for entry in sorted(sheet, key=lambda entry: order[entry.pk]):
        entry.own = entry.pk in ballot.bars.own
        nominees[entry.category_id].append(entry)
    places = [
        BallotCategory(
            category,
            vote,
            ballot.lost_in(category),
            nominees[category.pk],
            (choices or {}).get(category.code) or (vote.entry_id if vote else None),
            (refusals or {}).get(category.code, ""),
        )
        for category, vote in ballot.rows
    ]
    context = {
        "contest": contest,
        "ballot": ballot,
        "places": places,
        "voting": voting,
        "may_vote": voting and not ballot.refusal,
        "phase": contest.phase(Phase.Kind.VOTING),
        "next": ballot.next_open(),
        "profile": profile
        or (VoterProfileForm(request.user) if ballot.bars.incomplete else None),
        "refused": [place for place in places if place.refusal],
        "sent": refusals is not None,
        "opened": request.POST.get("opened") or opened_now(request.user.pk),
    }
    return render(request, "prizes/ballot/ballot.html", context, status=status)
