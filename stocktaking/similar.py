"""Projects like one: same organisation, lines, goals, country, and titles that are alike."""

from django.db import connection
from pyroaring import BitMap

from stocktaking.facets import FacetIndex, current_index
from stocktaking.models import Project

SHOWN = 5
NEWEST = 500  # candidates that are compared value by value
CLOSEST = 40  # of which so many have their titles compared
WEIGHTS = {"organisation": 4.0, "action_line": 3.0, "country": 2.0, "sdg": 1.0}
TITLE_WEIGHT = 6.0  # for the same title; by share of equal trigrams
ALIKE = """
SELECT id, similarity(public.search_fold(title), public.search_fold(%s)) FROM stocktaking_project
WHERE id = ANY(%s)
"""


def similar_to(project: Project) -> list[Project]:
    """At most five published projects, the most alike first; three queries, however many exist."""
    index = current_index()
    slot = index.slot_of.get(project.pk)
    if slot is None:
        return []
    shared = _shared(index, project, slot)
    scores: dict[int, float] = {}
    for candidate in BitMap.union(*(found for found, _weight in shared))[-NEWEST:]:
        scores[candidate] = sum(weight for found, weight in shared if candidate in found)
    scores.pop(slot, None)
    closest = sorted(scores, key=lambda found: (-scores[found], -found))[:CLOSEST]
    if not closest:
        return []
    by_id = {index.ids[found]: scores[found] for found in closest}
    with connection.cursor() as cursor:
        cursor.execute(ALIKE, [project.title, list(by_id)])
        for pk, alike in cursor.fetchall():
            by_id[pk] += TITLE_WEIGHT * alike
    best = sorted(by_id, key=lambda pk: (-by_id[pk], -pk))[:SHOWN]
    cards = Project.objects.cards(best)
    return [cards[pk] for pk in best if pk in cards]


def _shared(index: FacetIndex, project: Project, slot: int) -> list[tuple[BitMap, float]]:
    """The projects that share each of this one's values, with what sharing it counts."""
    found = [
        (among, WEIGHTS[facet])
        for facet in ("action_line", "sdg", "country")
        for among in index.values[facet].values()
        if slot in among
    ]
    if project.organisation_id:
        own = index.carrying([("organisation", str(project.organisation_id))])
        found.append((own, WEIGHTS["organisation"]))
    return found or [(BitMap(), 0.0)]
