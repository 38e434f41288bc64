"""The figures of a contest, as a page and as CSV."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.tables.csv_files import csv_response
from prizes.contest.models import Contest
from prizes.contest.views import the_contest
from prizes.statistics.figures import is_public, may_read, tables_of

HEADER = ("contest", "table", "code", "label", "count")


def _readable(request: HttpRequest, edition: str) -> tuple[Contest, bool]:
    """The contest, and whether its exact figures are shown. Raises Http404 for who may not read
    them yet."""
    contest = the_contest(edition)
    user: Any = request.user
    if not may_read(contest, user):
        raise Http404
    return contest, bool(user.is_authenticated and user.is_secretariat)


@require_safe
def statistics(request: HttpRequest, edition: str) -> HttpResponse:
    """Bars with their numbers: each chart is its own table."""
    contest, exact = _readable(request, edition)
    context = {
        "contest": contest,
        "tables": tables_of(contest, exact=exact),
        "exact": exact,
        "is_public": is_public(contest),
    }
    return render(request, "prizes/statistics/statistics.html", context)


@require_safe
def statistics_csv(request: HttpRequest, edition: str) -> HttpResponse:
    """The same numbers, a row each."""
    contest, exact = _readable(request, edition)
    rows = [
        [contest.slug, table.name, row.code, row.label, row.count]
        for table in tables_of(contest, exact=exact)
        for row in table.rows
    ]
    return csv_response(f"wsis-prizes-{contest.slug}-statistics.csv", [HEADER, *rows])
