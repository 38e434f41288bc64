"""What everybody may read: editions, one edition, a category's gallery, one entry."""

from collections import Counter
from typing import Any

from django.db import models
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.paging import keyset_page
from prizes.filters import NomineeFilters
from prizes.forms import NoteForm
from prizes.models import Category, Contest, Entry, Figure, Panel, Phase, Result
from prizes.models.ballot import Vote
from prizes.models.remark import texts_of
from prizes.models.voter import voter_key, voter_of
from prizes.querysets import REVIEWERS, EntryQuerySet
from prizes.workflow import PANEL, Status
from reference import vocabulary

GALLERY_PAGE = 24
STANDING = (Status.WINNER, Status.CHAMPION, Status.NOMINATED)
LABELS = dict(Status.choices)


def the_contest(edition: str) -> Contest:
    return get_object_or_404(Contest.objects.for_page(), slug=edition)


def the_category(contest: Contest, line: str) -> Category:
    """One of the categories that came with the contest."""
    categories = contest.categories.select_related("action_line")
    found: Category = get_object_or_404(categories, action_line=line)
    found.contest = contest
    return found


@require_safe
def contests(request: HttpRequest) -> HttpResponse:
    """All editions, what is live first."""
    found = list(Contest.objects.real().for_list())
    figures: dict[int, dict[str, list[Figure]]] = {}
    for figure in Figure.objects.filter(by="").order_by("pk"):
        figures.setdefault(figure.contest_id, {}).setdefault(figure.kind, []).append(
            figure
        )
    rows = [(c, [figures.get(c.pk, {}).get(kind, []) for kind in SHOWN]) for c in found]
    context = {
        "rows": rows,
        "columns": [Figure.Kind(kind).label for kind in SHOWN],
        "current": list(Contest.objects.current()),
        "phase_names": dict(Phase.Kind.choices),
    }
    return render(request, "prizes/contest_list.html", context)


SHOWN = (
    Figure.Kind.SUBMITTED,
    Figure.Kind.NOMINATED,
    Figure.Kind.COUNTRIES,
    Figure.Kind.VOTES,
)


@require_safe
def contest(request: HttpRequest, edition: str) -> HttpResponse:
    """One edition: what is open, its timetable, rules, categories and figures."""
    found = the_contest(edition)
    counts: Counter[int | None] = Counter()
    public = Entry.objects.public().filter(contest=found).order_by()
    for pk, count in public.values_list("category").annotate(n=models.Count("pk")):
        counts[pk] = count
    context = {
        "contest": found,
        "open": {phase.kind for phase in found.phases.open()},
        "now": timezone.now(),
        "categories": [(c, counts[c.pk]) for c in found.categories.all()],
        "uncategorised": counts[None],
        "total": sum(counts.values()),
        "figures": found.figures.filter(by="").order_by("pk"),
        "breakdowns": breakdowns(found),
        "is_expert": is_expert(request.user, found),
    }
    return render(request, "prizes/contest.html", context)


def is_expert(user: Any, contest: Contest) -> bool:
    return Panel.objects.visible_to(user).filter(category__contest=contest).exists()


def breakdowns(contest: Contest) -> list[tuple[str, list[Any]]]:
    """Figures by category, stakeholder type or region, as rows of a chart."""
    found: dict[str, list[Any]] = {}
    for figure in contest.figures.exclude(by=""):
        label = vocabulary.label(figure.by, figure.code)
        found.setdefault(figure.get_by_display(), []).append((label, figure))
    return list(found.items())


@require_safe
def category(request: HttpRequest, edition: str, line: str) -> HttpResponse:
    """The gallery of a category; shuffled while people vote, the winners first afterwards."""
    found = the_contest(edition)
    place = the_category(found, line)
    rows = Entry.objects.public().filter(category=place)
    filters = NomineeFilters(request.GET, queryset=rows)
    valid = filters.is_valid()
    voting = found.is_open(Phase.Kind.VOTING)
    asked = (filters.qs if valid else rows).for_list().defer("words", "answers")
    ordered = (
        asked.shuffled(seed_of(found, request.user)) if voting else by_standing(asked)
    )
    context = {
        "contest": found,
        "category": place,
        "filters": filters,
        "voting": voting,
        "choices": choices_of(rows),
        "page": keyset_page(request, ordered, GALLERY_PAGE),
        "labels": LABELS,
        "neighbours": neighbours(found, place),
    }
    return render(
        request, "prizes/category.html", context, status=200 if valid else 400
    )


def choices_of(rows: EntryQuerySet) -> dict[str, list[tuple[str, str]]]:
    """The countries and stakeholder types that occur, as (code, name), one query for both."""
    found = list(rows.order_by().values_list("country", "stakeholder_type").distinct())
    kinds = zip(("country", "stakeholder_type"), zip(*found, strict=True), strict=False)
    return {
        kind: [(c, name) for c, name in vocabulary.labels(kind).items() if c in codes]
        for kind, codes in kinds
    }


def neighbours(contest: Contest, place: Category) -> list[Category | None]:
    """The category before and the one after."""
    around = {c.number: c for c in contest.categories.all()}
    return [around.get(place.number - 1), around.get(place.number + 1)]


def seed_of(contest: Contest, user: Any) -> str:
    """Whose order it is: the voter's own; for readers who are not signed in, the day's."""
    if user.is_authenticated:
        return voter_key(contest.pk, user.pk)[:16]
    return timezone.now().date().isoformat()


def by_standing(rows: EntryQuerySet) -> EntryQuerySet:
    """Winners, champions, nominees, and within these as they came."""
    whens = [When(outcome=status, then=Value(n)) for n, status in enumerate(STANDING)]
    standing = Case(*whens, default=Value(len(STANDING)), output_field=IntegerField())
    return rows.annotate(standing=standing).order_by("standing", "pk")


@require_safe
def nominee(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """One entry: the text that voters read; for its people and staff also status and moves."""
    visible = (
        Entry.objects.visible_to(request.user).filter(contest__slug=edition).for_page()
    )
    return entry_page(request, get_object_or_404(visible, pk=pk), NoteForm())


def entry_page(
    request: HttpRequest,
    found: Any,
    form: NoteForm,
    refusal: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    user, contest = request.user, found.contest
    roles = found.roles_of(user)
    decides = bool(roles & PANEL)
    insider = decides or "owner" in roles
    moves = [move for move in found.open_moves(user) if move.name != "submit"]
    on_ballot = found.status == Status.NOMINATED and contest.is_open(Phase.Kind.VOTING)
    outcome = found.outcome
    context = {
        "contest": contest,
        "entry": found,
        "insider": insider,
        "moves": moves,
        "decides": decides,
        "form": form if moves else None,
        "refusal": refusal or [],
        "roles": roles,
        "mine": "owner" in roles,
        "on_ballot": on_ballot,
        "outcome": outcome,
        "outcome_label": LABELS[outcome],
        "my_vote": on_ballot and user.is_authenticated and my_vote(found, user),
        "status": found.status if decides else outcome,
        "status_label": LABELS[found.status if decides else outcome],
        "history": history_of(found, everything=decides) if insider else [],
        "result": Result.objects.visible_to(user).filter(entry=found).first(),
        "reason": reason_of(found) if outcome == Status.WINNER else "",
        "reviewable": bool(user.is_authenticated and user.roles & REVIEWERS)  # type: ignore[union-attr]  # signed in
        and Entry.objects.reviewable_by(user).filter(pk=found.pk).exists(),
    }
    return render(request, "prizes/nominee.html", context, status=status)


def my_vote(entry: Any, user: Any) -> Vote | None:
    voter = voter_of(entry.contest_id, user)
    return Vote.objects.filter(category=entry.category_id, voter=voter).first()


def history_of(entry: Any, *, everything: bool) -> list[dict[str, Any]]:
    """What happened to the entry, the last first, with the statuses' names.

    Decisions that are not public yet are left out, and what is written for the file, unless for
    those who make them.
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


def reason_of(entry: Any) -> str:
    """Why the panel chose this winner."""
    choice = entry.history().filter(move="choose").first()
    return choice.note if choice else ""
