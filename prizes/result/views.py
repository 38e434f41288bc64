"""Results of an edition, as a page and as CSV, and the page of a certificate."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.records.fields import Field
from common.tables.csv_files import csv_response
from prizes.contest.models import Contest
from prizes.contest.views import the_contest
from prizes.entry.amendment import DISQUALIFIED, Amendment
from prizes.entry.fields import EXPORTED
from prizes.entry.models import Entry
from prizes.entry.views import LABELS, reason_of
from prizes.entry.workflow import Status
from prizes.result.models import Result

AWARDED = (Status.WINNER, Status.CHAMPION)
# How the page groups entries: by outcome; others stand there for a special recognition.
GROUPS = (*AWARDED, Amendment.Kind.RECOGNITION, DISQUALIFIED)
HEADER = (
    "contest",
    "category",
    "outcome",
    "rank",
    "votes",
    "amendments",
    *(field.name for field in EXPORTED),
)


def awarded(contest: Contest, user: Any) -> list[Any]:
    """Public winners and champions, and what amendments say of others, with `votes` and `rank`
    where this portal counted."""
    rows = Entry.objects.public().filter(contest=contest).for_list().with_amendments()
    amended = Entry.objects.amended().values("pk")
    chosen = rows.filter(Q(outcome__in=AWARDED) | Q(pk__in=amended))
    chosen = chosen.defer("words", "answers").order_by("category__number", "pk")
    entries: list[Any] = list(chosen)
    counted = Result.objects.visible_to(user).filter(category__contest=contest)
    results = {result.entry_id: result for result in counted}
    for entry in entries:
        entry.counted = results.get(entry.pk)
    return entries


@require_safe
def results(request: HttpRequest, edition: str) -> HttpResponse:
    """Winner and champions of each category, known nominees, figures side by side."""
    contest = the_contest(edition)
    groups: dict[int | None, dict[str, list[Any]]] = {}
    for entry in awarded(contest, request.user):
        group = groups.setdefault(entry.category_id, {name: [] for name in GROUPS})
        group[entry.outcome if entry.outcome in GROUPS else "recognition"].append(entry)
    for group in groups.values():
        group["champion"].sort(key=lambda e: (e.counted.rank if e.counted else 0, e.pk))
    context = {
        "contest": contest,
        "rows": [(c, groups[c.pk]) for c in contest.categories.all() if c.pk in groups],
        "uncategorised": groups.get(None),
        "figures": contest.figures.filter(by="").order_by("pk"),
        "any_counted": bool(contest.counted_at),
    }
    return render(request, "prizes/result/results.html", context)


def cell(entry: Entry, field: Field) -> Any:
    """What an entry says in a field, as its code; a missing title says that it is missing."""
    return str(entry) if field.name == "title" else getattr(entry, field.attname) or ""


def in_a_cell(entry: Any) -> str:
    """The amendments of an entry: day, code and public note of each."""
    zone = entry.contest.zone
    return " | ".join(
        f"{row.confirmed_at.astimezone(zone).date()} {row.kind}: {row.note}"
        for row in entry.public_amendments
    )


@require_safe
def results_csv(request: HttpRequest, edition: str) -> HttpResponse:
    """The same rows for programs; codes, not names."""
    contest = the_contest(edition)
    rows: list[Iterable[Any]] = [HEADER]
    for entry in awarded(contest, None):
        rank, votes = (
            (entry.counted.rank, entry.counted.votes) if entry.counted else ("", "")
        )
        cells = [
            contest.slug,
            entry.category.code if entry.category else "",
            entry.outcome,
            rank,
            votes,
            in_a_cell(entry),
            *(cell(entry, field) for field in EXPORTED),
        ]
        rows.append(cells)
    return csv_response(f"wsis-prizes-{contest.slug}.csv", rows)


NAMES = LABELS | {Amendment.Kind.RECOGNITION.value: Amendment.Kind.RECOGNITION.label}


@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """The printable text of a certificate; its code verifies it here. One that was revoked says
    so, with its day and the public note."""
    rows = Entry.objects.public().for_page()
    amended = Entry.objects.amended().values("pk")
    rows = rows.filter(Q(outcome__in=AWARDED) | Q(pk__in=amended))
    entry: Any = rows.filter(code=code).first()
    if entry is None:
        raise Http404
    outcome = entry.outcome
    if outcome not in (*AWARDED, DISQUALIFIED):
        outcome = Amendment.Kind.RECOGNITION.value
    context = {
        "revoked": outcome == DISQUALIFIED,
        "entry": entry,
        "contest": entry.contest,
        "outcome": outcome,
        "outcome_label": NAMES[outcome],
        "result": Result.objects.visible_to(None).filter(entry=entry).first(),
        "reason": reason_of(entry) if outcome == Status.WINNER else "",
    }
    return render(request, "prizes/result/certificate.html", context)
