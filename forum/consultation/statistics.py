"""Figures of an open consultation, for page and API."""

from collections import Counter
from typing import NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from forum.base.status import ANSWERED
from forum.consultation.models import Submission
from forum.edition.models import Edition
from reference.names import vocabulary


class Bar(NamedTuple):
    code: str
    label: str
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody needs here


class Meter(NamedTuple):
    """How many of the official inputs have an answer."""

    answered: int
    official: int


def meter(edition: Edition) -> Meter:
    rows = Submission.objects.filter(edition=edition).official().order_by()
    counts = rows.aggregate(
        answered=Count("pk", filter=Q(status__in=ANSWERED)), official=Count("pk")
    )
    return Meter(**counts)


def statistics(edition: Edition) -> dict[str, list[Bar]]:
    """Submissions by kind, stakeholder type and region; no names, no texts."""
    rows = Submission.objects.filter(edition=edition)
    kinds = {kind.code: kind.name for kind in edition.input_kinds.all()}
    types = vocabulary.labels("stakeholder_type")
    regions: Counter[str] = Counter()
    for country, count in rows.counts("country"):
        regions[vocabulary.region_of(country) or "" if country else ""] += count
    names = vocabulary.labels("region")
    unknown = _("Not stated")
    return {
        "kind": [Bar(code, kinds[code], n) for code, n in rows.counts("kind__code")],
        "stakeholder_type": [
            Bar(code, types.get(code, unknown), n)
            for code, n in rows.counts("stakeholder_type")
        ],
        "region": [
            Bar(code, names.get(code, unknown), n) for code, n in regions.most_common()
        ],
    }
