"""Filters of the list of resolutions."""

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.lists.filters import Filters
from roadmap.agency.filters import agencies
from roadmap.body.filters import bodies
from roadmap.record.filters import several, year_filter
from roadmap.resolution.models import Resolution


class ResolutionFilter(Filters):
    body = several(bodies, _("Body"))
    agency = several(agencies, _("Responsible agency"), method="by_agency")
    year = year_filter()

    class Meta:
        model = Resolution
        fields: tuple[str, ...] = ()

    def by_agency(self, rows: QuerySet, name: str, codes: list[str]) -> models.QuerySet:
        return rows.filter(paragraphs__asked__in=codes).distinct() if codes else rows

    def by_year(self, rows: QuerySet, name: str, year: int) -> models.QuerySet:
        return rows.filter(adopted__startswith=f"{int(year):04}")
