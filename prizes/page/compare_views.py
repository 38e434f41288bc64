"""Two nominees of a category side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.text.digits import whole_number
from prizes.contest.models import Phase
from prizes.contest.views import the_category, the_contest
from prizes.entry.models import Entry
from prizes.entry.views import LABELS
from prizes.text.reading import with_translations


@require_safe
def compare(request: HttpRequest, edition: str, line: str) -> HttpResponse:
    """`first` and `second` are ids of nominees; without them the page asks which."""
    contest = the_contest(edition)
    place = the_category(contest, line)
    rows = Entry.objects.public().filter(category=place)
    names = list(rows.only("title").order_by("title", "pk"))
    asked = [whole_number(request.GET.get(name, "")) for name in ("first", "second")]
    there = {entry.pk for entry in names}
    chosen = [pk for pk in asked if pk in there]
    sent = all(request.GET.get(name) for name in ("first", "second"))
    problem = ""
    if sent and len(set(chosen)) < len(asked):
        problem = _("Choose two different nominees of this category.")
    by_pk: dict[int, Any] = {}
    if sent and not problem:
        both = rows.filter(pk__in=chosen).for_list().defer("words", "answers")
        by_pk = {entry.pk: entry for entry in with_translations(both)}
    context = {
        "contest": contest,
        "category": place,
        "names": names,
        "selects": [
            ("first", _("First nominee"), asked[0]),
            ("second", _("Second nominee"), asked[1]),
        ],
        "pair": [by_pk[pk] for pk in chosen] if by_pk else [],
        "problem": problem,
        "voting": contest.is_open(Phase.Kind.VOTING),
        "labels": LABELS,
    }
    status = 400 if problem else 200
    return render(request, "prizes/ballot/compare.html", context, status=status)
