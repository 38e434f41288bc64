"""Entry points to the Stocktaking database: a page per country, region, line and Goal, and
collections."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from reference.action_line.models import ActionLine
from reference.country.models import Country
from reference.names import vocabulary
from stocktaking.exploring.models import Collection
from stocktaking.search.filters import Facet, ProjectSearch
from stocktaking.search.parameters import TITLES, is_known

PROFILED = ("country", "region", "action_line", "sdg")
LATEST = 5
BARS = 12  # rows of a chart; the list has them all
COLLECTION_ROWS = 20


@require_safe
def profile(request: HttpRequest, facet: str, code: str) -> HttpResponse:
    """The projects of one country, region, action line or Goal."""
    if facet not in PROFILED or not is_known(facet, code):
        raise Http404
    search = ProjectSearch(QueryDict(urlencode({facet: code})))
    return render(
        request,
        "stocktaking/exploring/profile.html",
        {
            "facet": facet,
            "code": code,
            "kind": TITLES[facet],
            "name": vocabulary.label(facet, code),
            "facts": FACTS[facet](code),
            **overview(search),
        },
    )


def overview(search: ProjectSearch) -> dict[str, Any]:
    """Figures, charts and the latest projects of a search, for a page about it.

    Facets by which the search itself selects are left out, and so are the regions of selected
    countries.
    """
    given = {name for name, codes in search.chosen.items() if codes}
    given |= {"region"} if "country" in given else set()
    facets = {facet.name: facet for facet in search.facets}
    years = [value.code for value in facets["year"].values if value.count]
    return {
        "search": search,
        "latest": search.page(1, LATEST),
        "countries": len([value for value in facets["country"].values if value.count])
        if "country" not in given
        else 0,
        "years": (years[-1], years[0]) if years else None,
        "charts": [
            top(facet)
            for name, facet in facets.items()
            if name not in given and facet.values
        ],
    }


def top(facet: Facet) -> dict[str, Any]:
    """The rows of a chart: values with projects, countries by number, years newest first."""
    rows = [value for value in facet.values if value.count]
    if facet.name in {"country", "sdg", "action_line"}:
        rows.sort(key=lambda value: -value.count)
    return {"name": facet.name, "title": facet.title, "rows": rows[:BARS]}


def country_facts(code: str) -> dict[str, Any]:
    country = (
        Country.objects.select_related("region")
        .prefetch_related("commissions")
        .get(pk=code)
    )
    return {"country": country}


def line_facts(code: str) -> dict[str, Any]:
    goals = vocabulary.labels("sdg")
    linked = [
        (goal, goals[goal])
        for goal in vocabulary.matrix().get(code, ())
        if goal in goals
    ]
    return {"line": ActionLine.objects.get(pk=code), "goals": linked}


def goal_facts(code: str) -> dict[str, Any]:
    lines = vocabulary.labels("action_line")
    linked = [line for line, goals in vocabulary.matrix().items() if code in goals]
    return {"lines": [(line, lines[line]) for line in lines if line in linked]}


def region_facts(code: str) -> dict[str, Any]:
    names = vocabulary.labels("country")
    inside = set(vocabulary.countries_of(code))
    return {
        "countries": [(code, name) for code, name in names.items() if code in inside]
    }


FACTS = {
    "country": country_facts,
    "action_line": line_facts,
    "sdg": goal_facts,
    "region": region_facts,
}


@require_safe
def profiles(request: HttpRequest) -> HttpResponse:
    """Links to all profile pages with their numbers, and the collections."""
    search = ProjectSearch(QueryDict())
    kinds = []
    for facet in ("region", "action_line", "sdg", "country"):
        counts = search.counts[facet]
        values = [
            (code, name, counts.get(code, 0))
            for code, name in vocabulary.labels(facet).items()
        ]
        kinds.append({"facet": facet, "title": TITLES[facet], "values": values})
    collections = Collection.objects.visible_to(request.user)
    context = {"kinds": kinds, "collections": collections}
    return render(request, "stocktaking/exploring/profiles.html", context)


@require_safe
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    """A search to which the secretariat gave a name; it runs at each reading."""
    collection = get_object_or_404(
        Collection.objects.visible_to(request.user), slug=slug
    )
    search = ProjectSearch(QueryDict(collection.query))
    context = {"collection": collection, **overview(search)}
    context["latest"] = search.page(1, COLLECTION_ROWS)
    return render(request, "stocktaking/exploring/collection.html", context)
