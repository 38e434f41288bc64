"""Filters of the archive: the same for the page and the API."""

import django_filters
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.lists.filters import Filters
from common.text.collation import holding
from reports.archive.models import FIRST_YEAR, LAST_YEAR, ArchivedEdition


class ArchiveFilters(Filters):
    """Words of title, description or ISBN, the series, and the year of publication."""

    series = django_filters.ChoiceFilter(
        choices=ArchivedEdition.Series.choices, label=_("Series")
    )
    year = django_filters.NumberFilter(
        label=_("Year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        decimal_places=0,
    )

    class Meta:
        model = ArchivedEdition
        fields: tuple[str, ...] = ()

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return holding(rows, text, "title", "note", "isbn")
