"""The list of contests, and how a page finds its contest and category."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from prizes.contest.models import Category, Contest, Phase
from prizes.contest.rules import Figure


def the_contest(edition: str) -> Contest:
    return get_object_or_404(Contest.objects.for_page(), slug=edition)


def the_category(contest: Contest, line: str) -> Category:
    """One of the categories that came with the contest."""
    for category in contest.categories.all():
        if category.action_line_id == line:
            category.contest = contest
            return category
    raise Http404


@require_safe
def contests(request: HttpRequest) -> HttpResponse:
    """All editions, live ones first."""
    contests = list(Contest.objects.real().for_list())
    figures: dict[int, dict[str, list[Figure]]] = {}
    for figure in Figure.objects.filter(by="").order_by("pk"):
        figures.setdefault(figure.contest_id, {}).setdefault(figure.kind, []).append(
            figure
        )
    rows = [
        (c, [figures.get(c.pk, {}).get(kind, []) for kind in SHOWN]) for c in contests
    ]
    context = {
        "rows": rows,
        "columns": [Figure.Kind(kind).label for kind in SHOWN],
        "current": list(Contest.objects.current()),
        "phase_names": dict(Phase.Kind.choices),
    }
    return render(request, "prizes/contest/contest_list.html", context)


SHOWN = (
    Figure.Kind.SUBMITTED,
    Figure.Kind.NOMINATED,
    Figure.Kind.COUNTRIES,
    Figure.Kind.VOTES,
)
