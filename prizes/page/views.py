"""Pages that show several records: a contest, a gallery, an entry with its moves."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.user.models import User
from common.lists.paging import keyset_page
from common.moves.actors import AnyUser, SignedInRequest
from common.moves.workflow import MoveRefused
from common.records.reading import facts_of
from common.templatetags.names import official_text
from prizes.ballot.models import Vote
from prizes.ballot.order import order_of, places_in, turn_of
from prizes.ballot.voter import voter_of
from prizes.base.remark import texts_of
from prizes.contest.models import Category, Contest, Phase
from prizes.contest.views import the_category, the_contest
from prizes.entry.fields import HEADED
from prizes.entry.filters import NomineeFilters, choices_of
from prizes.entry.forms import NoteForm
from prizes.entry.models import Entry
from prizes.entry.querysets import REVIEWERS, EntryQuerySet
from prizes.entry.views import LABELS, reason_of
from prizes.entry.workflow import PANEL, STAFF, WRITERS, Status
from prizes.page.blind import blind_page
from prizes.page.sharing import share_text
from prizes.panel.models import Panel
from prizes.result.models import Result
from prizes.text.reading import with_translations
from reference.names import vocabulary

GALLERY_PAGE = 24


STANDING = (Status.WINNER, Status.CHAMPION, Status.NOMINATED)


@require_safe
def contest(request: HttpRequest, edition: str) -> HttpResponse:
    """One edition: what is open, its timetable, rules, categories and figures."""
    contest = the_contest(edition)
    counts: Counter[int | None] = Counter()
    public = Entry.objects.public().filter(contest=contest).order_by()
    for pk, count in public.values_list("category").annotate(n=models.Count("pk")):
        counts[pk] = count
    context = {
        "contest": contest,
        "open": {phase.kind for phase in contest.phases.open()},
        "now": timezone.now(),
        "categories": [(c, counts[c.pk]) for c in contest.categories.all()],
        "uncategorised": counts[None],
        "total": sum(counts.values()),
        "figures": contest.figures.filter(by="").order_by("pk"),
        "breakdowns": breakdowns(contest),
        "is_expert": is_expert(request.user, contest),
    }
    return render(request, "prizes/page/contest.html", context)


def is_expert(user: AnyUser, contest: Contest) -> bool:
    return Panel.objects.visible_to(user).filter(category__contest=contest).exists()


def breakdowns(contest: Contest) -> list[tuple[str, list[Any]]]:
    """Figures by category, stakeholder type or region, as rows of a chart."""
    breakdowns: dict[str, list[Any]] = {}
    for figure in contest.figures.exclude(by=""):
        label = vocabulary.label(figure.by, figure.code)
        breakdowns.setdefault(figure.get_by_display(), []).append((label, figure))
    return list(breakdowns.items())


@require_safe
def category(request: HttpRequest, edition: str, line: str) -> HttpResponse:
    """The gallery of a category; shuffled during the vote, winners first afterwards."""
    contest = the_contest(edition)
    category = the_category(contest, line)
    rows = Entry.objects.public().filter(category=category)
    filters = NomineeFilters(request.GET, queryset=rows)
    valid = filters.is_valid()
    voting = contest.is_open(Phase.Kind.VOTING)
    nominees = (filters.qs if valid else rows).for_list().defer("words", "answers")
    ordered = (
        nominees.in_places(
            order_of(places_in([category.pk]), turn_of(contest, request.user))
        )
        if voting
        else by_standing(nominees)
    )
    page = keyset_page(request, ordered, GALLERY_PAGE)
    with_translations(page.object_list)
    context = {
        "contest": contest,
        "category": category,
        "filters": filters,
        "voting": voting,
        "choices": choices_of(rows),
        "page": page,
        "labels": LABELS,
        "neighbours": neighbours(contest, category),
    }
    return render(
        request, "prizes/page/category.html", context, status=200 if valid else 400
    )


def neighbours(contest: Contest, place: Category) -> list[Category | None]:
    """The category before and the one after."""
    around = {c.number: c for c in contest.categories.all()}
    return [around.get(place.number - 1), around.get(place.number + 1)]


def by_standing(rows: EntryQuerySet) -> EntryQuerySet:
    """Winners, champions, nominees, each in order of entry."""
    whens = [When(outcome=status, then=Value(n)) for n, status in enumerate(STANDING)]
    standing = Case(*whens, default=Value(len(STANDING)), output_field=IntegerField())
    return rows.annotate(standing=standing).order_by("standing", "pk")


@require_safe
def nominee(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """One entry: the text that voters read; for its people and staff also status and moves."""
    return entry_page(request, readable_entry(request.user, edition, pk), NoteForm())


def readable_entry(user: AnyUser, edition: str, pk: int) -> Any:
    """The entry, or 404. Experts of a contest without names get it with `is_blind`."""
    here = Entry.objects.filter(contest__slug=edition)
    entry = here.visible_to(user).for_page().filter(pk=pk).first()
    if entry is None and user.is_authenticated:
        blind = here.filter(contest__reviews_anonymous=True).reviewable_by(user)
        entry = blind.annotate(is_blind=Value(True)).for_page().filter(pk=pk).first()
    if entry is None:
        raise Http404
    return entry


def entry_page(
    request: HttpRequest,
    entry: Any,
    form: NoteForm,
    refusal: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    if getattr(entry, "is_blind", False):
        return blind_page(request, entry, form, refusal or [], status)
    user, contest = request.user, entry.contest
    roles = entry.roles_of(user)
    decides = bool(roles & PANEL)
    mine = bool(roles & WRITERS)
    insider = decides or mine
    moves = [move for move in entry.open_moves(user) if move.name != "submit"]
    voting = open_vote(entry)
    on_ballot = voting is not None
    outcome = entry.outcome
    address = request.build_absolute_uri(entry.get_absolute_url())
    with_translations([entry])
    context = {
        "contest": contest,
        "entry": entry,
        "address": address,
        "facts": facts_of(entry, HEADED),
        "insider": insider,
        "moves": moves,
        "decides": decides,
        "form": form if moves else None,
        "refusal": refusal or [],
        "roles": roles,
        "mine": mine,
        "translates": bool(roles & (WRITERS | STAFF)),
        "on_ballot": on_ballot,
        "outcome": outcome,
        "outcome_label": LABELS[outcome],
        "my_vote": on_ballot and user.is_authenticated and my_vote(entry, user),
        "status": entry.status if decides else outcome,
        "status_label": LABELS[entry.status if decides else outcome],
        "history": history_of(entry, everything=decides) if insider else [],
        "result": contest.counted_at
        and Result.objects.visible_to(user).filter(entry=entry).first(),
        "reason": reason_of(entry) if outcome == Status.WINNER else "",
        "reviewable": bool(user.is_authenticated and user.roles & REVIEWERS)  # type: ignore[union-attr]  # signed in
        and Entry.objects.reviewable_by(user).filter(pk=entry.pk).exists(),
    }
    if voting:
        context |= {
            "phase": voting,
            "categories": voting.categories,
            "has_kit": "owner" in roles,
            "share_subject": official_text(contest),
            "share_text": share_text(entry, address),
        }
    return render(request, "prizes/page/nominee.html", context, status=status)


def open_vote(entry: Any) -> Any:
    """The open voting phase of a nominee, with the number of `categories`; else None."""
    if entry.status != Status.NOMINATED:
        return None
    phases = Phase.objects.filter(contest=entry.contest_id, kind=Phase.Kind.VOTING)
    counted = phases.open().annotate(categories=models.Count("contest__categories"))
    return counted.first()


def my_vote(entry: Any, user: User) -> Vote | None:
    voter = voter_of(entry.contest_id, user)
    return Vote.objects.filter(category=entry.category_id, voter=voter).first()


def history_of(entry: Any, *, everything: bool) -> list[dict[str, Any]]:
    """The log of the entry, latest first, with the names of the statuses.

    Decisions that are not public yet, and texts for the file, are shown only to the people who make
    them.
    """
    hidden: set[str] = set() if everything else {"crown", "choose", "revise"}
    if hidden and not entry.contest.has_begun(Phase.Kind.VOTING):
        hidden |= {"nominate", "pass_over", "reconsider"}
    return [
        _row(c, everything=everything) for c in entry.history().exclude(move__in=hidden)
    ]


def _row(change: Any, *, everything: bool) -> dict[str, Any]:
    for_entrant, for_file = texts_of(change)
    return {
        "change": change,
        "source": LABELS.get(change.source),
        "target": LABELS.get(change.target),
        "note": for_entrant,
        "file_note": for_file if everything else "",
    }


@login_required
@require_POST
def entry_move(request: SignedInRequest, edition: str, pk: int) -> HttpResponse:
    """Make the move of the button that was pressed; a refusal is shown beside the form."""
    entry = readable_entry(request.user, edition, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return entry_page(request, entry, form, status=400)
    try:
        name = request.POST.get("move", "")
        moved = entry.move(name, request.user, *form.texts_for(name))
    except KeyError as error:
        raise Http404 from error
    except MoveRefused as error:
        return entry_page(request, entry, form, [str(error.message)], error.http_status)
    except ValidationError as error:
        return entry_page(request, entry, form, list(error.messages), 409)
    messages.success(
        request,
        _("The status is now “%(status)s”.") % {"status": moved.get_status_display()},
    )
    is_blind = getattr(entry, "is_blind", False)
    if is_blind or Entry.objects.visible_to(request.user).filter(pk=pk).exists():
        return redirect(moved)
    return redirect("prizes:contest", edition)
