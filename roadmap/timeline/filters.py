"""Filters of the time line; the same for page, API, calendar and export."""

from typing import Any

import django_filters
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.lists.filters import Filters
from roadmap.agency.filters import agencies
from roadmap.body.filters import bodies
from roadmap.milestone.models import Milestone
from roadmap.record.filters import action_lines, sdgs, several, year_filter
from roadmap.resolution.models import Resolution
from roadmap.roadmap.filters import tracks


class MilestoneFilter(Filters):
    track = several(tracks, _("Roadmap"), field_name="roadmap")
    kind = several(Milestone.Kind.choices, _("Kind"))
    status = several(Milestone.Progress.choices, _("Progress"), field_name="progress")
    body = several(bodies, _("Body"))
    agency = several(agencies, _("Agency"), method="by_agency")
    action_line = several(action_lines, _("Action line"), field_name="action_lines")
    sdg = several(sdgs, _("SDG"), field_name="sdgs")
    resolution = django_filters.ModelChoiceFilter(
        queryset=Resolution.objects.only("code", "symbol"),
        field_name="resolutions",
        label=_("Resolution"),
    )
    year = year_filter()

    class Meta:
        model = Milestone
        fields: tuple[str, ...] = ()

    def by_agency(self, rows: Any, name: str, codes: list[str]) -> models.QuerySet:
        return rows.of_agency(codes) if codes else rows

    def by_year(self, rows: Any, name: str, year: Any) -> models.QuerySet:
        return rows.in_year(int(year))
