"""Filters of reports: the same for the list and the API."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from common.lists.filters import Filters
from reference.names import vocabulary
from reports.publication.models import Publication, PublicationQuerySet
from reports.report.models import FIRST_YEAR, LAST_YEAR


def regions() -> Any:
    """The six regions of ITU and International, with names in the active language."""
    return list(vocabulary.labels("region").items())


class PublicationFilters(Filters):
    """Series, region, and the year a report is about."""

    series = django_filters.MultipleChoiceFilter(
        choices=Publication.Series.choices, label=_("Series")
    )
    region = django_filters.MultipleChoiceFilter(choices=regions, label=_("Region"))
    year = django_filters.NumberFilter(
        method="by_year",
        label=_("Year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        decimal_places=0,
    )

    @property
    def selects(self) -> list[tuple[str, Any, list[Any], list[str]]]:
        """Name, label, choices and chosen values of the lists that a page offers."""
        return [
            (
                name,
                self.filters[name].label,
                list(self.form.fields[name].choices),
                self.data.getlist(name),
            )
            for name in ("series", "region")
        ]

    def by_year(
        self, rows: PublicationQuerySet, name: str, year: int
    ) -> PublicationQuerySet:
        return rows.about_year(int(year))
