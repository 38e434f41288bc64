"""The log of votes as a file for an audit: hour, kind of device, network and domain as codes, and
what became of the votes.

Voters have numbers that hold in this file only; there is no choice in it.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse

from common.tables.csv_files import csv_response
from common.text.digits import whole_number
from prizes.contest.models import Contest
from prizes.hold.models import Hold, Signal

HEADER = (
    "contest",
    "voter_in_this_file",
    "hour_utc",
    "device",
    "network",
    "domain",
    "account_age_hours_max",
    "votes",
    "seconds",
    "before_void",
    "state",
    "deleted",
)


DELETED = "when the votes are counted, or 90 days after the hour"


def export(request: HttpRequest) -> HttpResponse:
    """Of one contest (`?contest=…`); 404 for any other."""
    pk = whole_number(request.GET.get("contest", ""))
    contest = Contest.objects.filter(pk=pk).first() if pk is not None else None
    if contest is None:
        raise Http404
    rows: list[Any] = [HEADER, *lines(contest)]
    return csv_response(f"wsis-prizes-{contest.slug}-vote-log.csv", rows)


def lines(contest: Contest) -> Iterator[tuple[Any, ...]]:
    """In the order of a hash, so that the order says nothing about when somebody voted first."""
    state = Hold.objects.filter(contest=contest, voter=OuterRef("voter"))
    rows = Signal.objects.filter(contest=contest).annotate(
        state=Subquery(state.values("state")[:1])
    )
    numbers: dict[str, int] = {}
    for row in rows.order_by("voter", "hour", "pk").iterator(chunk_size=5000):
        number = numbers.setdefault(row.voter, len(numbers) + 1)
        yield (
            contest.slug,
            number,
            row.hour.strftime("%Y-%m-%dT%H:00Z"),
            row.device,
            row.network,
            row.domain,
            row.age,
            row.votes,
            row.seconds,
            "yes" if row.before_void else "no",
            row.state or "never held",
            DELETED,
        )
