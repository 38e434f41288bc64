"""Filters of the list of meetings."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.lists.filters import Filters
from common.text.collation import holding
from roadmap.body.filters import bodies
from roadmap.meeting.models import Meeting
from roadmap.record.filters import several, year_filter


class MeetingFilter(Filters):
    body = several(bodies, _("Body"))
    year = year_filter()

    class Meta:
        model = Meeting
        fields: tuple[str, ...] = ()

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return holding(rows, text, "title", "place")

    def by_year(self, rows: Any, name: str, year: Any) -> models.QuerySet:
        return rows.in_year(int(year))
