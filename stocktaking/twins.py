"""Published entries that look like one being written: the same project is entered once."""

from typing import NamedTuple

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import F, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stocktaking.models import Organisation, Project

SHOWN = 5
CANDIDATES = 20  # per question
ALIKE = 0.35  # share of three-letter pieces that two texts have in common
SHORTEST = 6  # characters of a title that says something


class Similar(NamedTuple):
    project: Project
    why: str | Promise
    likeness: float  # 0 to 1


def similar_to(project: Project) -> list[Similar]:
    """At most five, the likeliest first: title alike, same website, or a text alike of the same
    organisation. Four queries."""
    others = Project.objects.published().exclude(pk=project.pk).for_list()
    found: dict[int, Similar] = {}
    rows = [
        *_by_title(others, project.title),
        *_by_website(others, project.website),
        *_by_organisation(others, project),
    ]
    for row in rows:
        if row.project.pk not in found or row.likeness > found[row.project.pk].likeness:
            found[row.project.pk] = row
    return sorted(found.values(), key=lambda row: (-row.likeness, row.project.pk))[:SHOWN]


def _by_title(others: QuerySet[Project], title: str) -> list[Similar]:
    if len(title) < SHORTEST:
        return []
    rows = others.filter(title__trigram_similar=title).annotate(
        likeness=TrigramSimilarity("title", title)
    )
    near = rows.filter(likeness__gte=ALIKE).order_by("-likeness", "pk")[:CANDIDATES]
    return [Similar(row, _("a title alike"), row.likeness) for row in near]


def _by_website(others: QuerySet[Project], website: str) -> list[Similar]:
    if not website:
        return []
    rows = others.filter(website=website).order_by("pk")[:SHOWN]
    return [Similar(row, _("the same website"), 0.9) for row in rows]


def _by_organisation(others: QuerySet[Project], project: Project) -> list[Similar]:
    name = project.organisation_name
    if not name or not project.summary:
        return []
    same = Organisation.objects.filter(name__iexact=name)
    rows = others.filter(organisation__in=same).annotate(
        likeness=TrigramSimilarity(F("summary"), project.summary)
    )
    near = rows.filter(likeness__gte=ALIKE).order_by("-likeness", "pk")[:CANDIDATES]
    return [Similar(row, _("a text alike of the same organisation"), row.likeness) for row in near]
