"""Filters of the list of attendees."""

from django.db import models

from common.lists.filters import Filters
from common.text.collation import holding
from forum.registration.models import Registration


class AttendeeFilters(Filters):
    class Meta:
        model = Registration
        fields: tuple[str, ...] = ()

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return holding(rows, text, "name", "organization_name")
