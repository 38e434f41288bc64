"""Similar projects: suggestions for readers, and possible duplicates.

`similar_to` is for readers, `already_entered` for those who write, `likely_twins` for the checks.
"""

from typing import NamedTuple

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, models
from django.db.models import Case, F, Q, QuerySet, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pyroaring import BitMap

from stocktaking.organization.identity import home_of
from stocktaking.organization.models import Organization
from stocktaking.project.models import Project
from stocktaking.search.index import FacetIndex, current_index

SHOWN = 5
NEWEST = 500  # candidates that are compared value by value
CLOSEST = 40  # of which so many have their titles compared
WEIGHTS = {"organization": 4.0, "action_line": 3.0, "country": 2.0, "sdg": 1.0}
TITLE_WEIGHT = 6.0  # for the same title; by share of equal trigrams
TITLES = """
SELECT id, similarity(public.search_fold(title), public.search_fold(%s)) FROM stocktaking_project
WHERE id = ANY(%s)
"""
CANDIDATES = 20  # per question
LIKE_ENOUGH = 0.35  # share of three-letter pieces that two texts have in common
SHORTEST = 6  # characters of a title that says something
TWINS_ALIKE = 0.5  # the same share, of two titles of one organization
TWINS_OF_COUNTRY = 0.65  # of two titles in one country
TWINS_ANYWHERE = 0.9
TEXTS_ALIKE = 0.6  # of two descriptions in one country
TWINS_AT_MOST = 3


def similar_to(project: Project) -> list[Project]:
    """At most five published projects, most similar first; three queries, however many exist."""
    index = current_index()
    slot = index.slot_of.get(project.pk)
    if slot is None:
        return []
    shared = _shared(index, project, slot)
    scores: dict[int, float] = {}
    for candidate in BitMap.union(*(sharing for sharing, _weight in shared))[-NEWEST:]:
        scores[candidate] = sum(
            weight for sharing, weight in shared if candidate in sharing
        )
    scores.pop(slot, None)
    closest = sorted(scores, key=lambda slot: (-scores[slot], -slot))[:CLOSEST]
    if not closest:
        return []
    by_id = {index.ids[slot]: scores[slot] for slot in closest}
    with connection.cursor() as cursor:
        cursor.execute(TITLES, [project.title, list(by_id)])
        for pk, alike in cursor.fetchall():
            by_id[pk] += TITLE_WEIGHT * alike
    best = sorted(by_id, key=lambda pk: (-by_id[pk], -pk))[:SHOWN]
    cards = Project.objects.cards(best)
    return [cards[pk] for pk in best if pk in cards]


def _shared(
    index: FacetIndex, project: Project, slot: int
) -> list[tuple[BitMap, float]]:
    """The projects that share each of this one's values, with the weight of sharing it."""
    shared = [
        (among, WEIGHTS[facet])
        for facet in ("action_line", "sdg", "country")
        for among in index.values[facet].values()
        if slot in among
    ]
    if project.organization_id:
        own = index.carrying([("organization", str(project.organization_id))])
        shared.append((own, WEIGHTS["organization"]))
    return shared or [(BitMap(), 0.0)]


class Similar(NamedTuple):
    project: Project
    why: str | Promise
    likeness: float  # 0 to 1


def already_entered(project: Project) -> list[Similar]:
    """At most five, most likely first: a similar title, the same website, or a similar text of
    the same organization. Four queries."""
    others = Project.objects.published().exclude(pk=project.pk).for_list()
    closest: dict[int, Similar] = {}
    rows = [
        *_by_title(others, project.title),
        *_by_website(others, project.website),
        *_by_organization(others, project),
    ]
    for row in rows:
        if (
            row.project.pk not in closest
            or row.likeness > closest[row.project.pk].likeness
        ):
            closest[row.project.pk] = row
    return sorted(closest.values(), key=lambda row: (-row.likeness, row.project.pk))[
        :SHOWN
    ]


def _by_title(others: QuerySet[Project], title: str) -> list[Similar]:
    if len(title) < SHORTEST:
        return []
    rows = others.filter(title__trigram_similar=title).annotate(
        likeness=TrigramSimilarity("title", title)
    )
    near = rows.filter(likeness__gte=LIKE_ENOUGH).order_by("-likeness", "pk")[
        :CANDIDATES
    ]
    return [Similar(row, _("similar title"), row.likeness) for row in near]


def _by_website(others: QuerySet[Project], website: str) -> list[Similar]:
    if not website:
        return []
    rows = others.filter(website=website).order_by("pk")[:SHOWN]
    return [Similar(row, _("the same website"), 0.9) for row in rows]


def _by_organization(others: QuerySet[Project], project: Project) -> list[Similar]:
    name = project.organization_name
    if not name or not project.summary:
        return []
    same = _organization_of(project)
    if same is None:
        return []
    rows = others.filter(organization=same).annotate(
        likeness=TrigramSimilarity(F("summary"), project.summary)
    )
    near = rows.filter(likeness__gte=LIKE_ENOUGH).order_by("-likeness", "pk")[
        :CANDIDATES
    ]
    return [
        Similar(row, _("similar text by the same organization"), row.likeness)
        for row in near
    ]


def _organization_of(project: Project) -> Organization | None:
    """The listed organization that the project names; a ministry of another country does not
    count."""
    home = home_of(
        project.country_id, project.stakeholder_type_id, project.organization_country_id
    )
    return Organization.objects.namesake(project.organization_name, home)


def likely_twins(project: Project, among: models.QuerySet) -> list[Project]:
    """Possible duplicates, most similar first, each with `is_own`: of the same organization.

    People who enter a project again often spell the organization differently, so title, country and
    text are compared beyond it. A ministry of the same name in another country is another
    organization, and a similar title there is no duplicate.
    """
    if not project.title:
        return []
    same = _organizations_of(project)
    own = Q(organization__in=same) if same else Q(pk=None)
    namesakes = Organization.objects.named(project.organization_name).exclude(
        Q(pk__in=same) | Q(country=None)
    )
    country = Q(country=project.country_id) if project.country_id else Q(pk=None)
    rows = among.exclude(pk=project.pk).annotate(
        alike=TrigramSimilarity("title", project.title),
        is_own=Case(
            When(own, then=True), default=False, output_field=models.BooleanField()
        ),
    )
    near = rows.filter(title__trigram_similar=project.title).filter(
        Q(own, alike__gte=TWINS_ALIKE)
        | Q(country, alike__gte=TWINS_OF_COUNTRY)
        | Q(alike__gte=TWINS_ANYWHERE) & ~Q(organization__in=namesakes.values("pk"))
    )
    twins = list(near.order_by("-is_own", "-alike", "pk")[:TWINS_AT_MOST])
    if len(twins) < TWINS_AT_MOST and project.summary and project.country_id:
        texts = rows.filter(country).annotate(
            text_alike=TrigramSimilarity("summary", project.summary)
        )
        twin_ids = [twin.pk for twin in twins]
        same_text = texts.filter(text_alike__gte=TEXTS_ALIKE).exclude(pk__in=twin_ids)
        twins += same_text.order_by("-text_alike", "pk")[: TWINS_AT_MOST - len(twins)]
    return twins


def _organizations_of(project: Project) -> set[int]:
    organization = _organization_of(project)
    ids = {project.organization_id, organization.pk if organization else None}
    return {pk for pk in ids if pk}
