"""Filters of entries: the same for the gallery, the ballot and the API."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from common.lists.filters import Filters
from prizes.entry.querysets import EntryQuerySet
from prizes.entry.workflow import Status
from reference.names import vocabulary

OUTCOMES = [
    (s.value, s.label) for s in (Status.NOMINATED, Status.CHAMPION, Status.WINNER)
]


def names(kind: str) -> Any:
    """The codes of a vocabulary with their names, read at first use."""
    return lambda: list(vocabulary.labels(kind).items())


class NomineeFilters(Filters):
    """Filters within one category: words, country, stakeholder type."""

    country = django_filters.MultipleChoiceFilter(
        field_name="country", choices=names("country"), label=_("Country")
    )
    stakeholder_type = django_filters.MultipleChoiceFilter(
        field_name="stakeholder_type", choices=names("stakeholder_type"), label=_("Who")
    )


class EntryFilters(NomineeFilters):
    """The same over all contests, for the API."""

    contest = django_filters.CharFilter(field_name="contest__slug", max_length=20)
    action_line = django_filters.MultipleChoiceFilter(
        field_name="category__action_line", choices=names("action_line")
    )
    outcome = django_filters.MultipleChoiceFilter(choices=OUTCOMES, method="by_outcome")

    def by_outcome(
        self, rows: EntryQuerySet, name: str, values: list[str]
    ) -> EntryQuerySet:
        """By the public outcome: one under embargo does not match."""
        return rows.with_outcome().filter(outcome__in=values) if values else rows


def choices_of(rows: EntryQuerySet) -> dict[str, list[tuple[str, str]]]:
    """The countries and stakeholder types that occur, as (code, name), one query for both."""
    pairs = rows.order_by().values_list("country", "stakeholder_type").distinct()
    return choices_among(list(pairs))


def choices_among(pairs: list[Any]) -> dict[str, list[tuple[str, str]]]:
    """The same for pairs of country and stakeholder type that were read already."""
    kinds = zip(("country", "stakeholder_type"), zip(*pairs, strict=True), strict=False)
    return {
        kind: [(c, name) for c, name in vocabulary.labels(kind).items() if c in codes]
        for kind, codes in kinds
    }
