"""Filters of the desk: the queue comes first, and no filter reads the whole table."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stocktaking.workflow import Status

FIRST_ENTRIES = 2004  # the year in which the Stocktaking database was opened


class QueueFilter(admin.SimpleListFilter):
    """Without a choice the list is the queue, what has this status; all is one click away."""

    title = _("status")
    parameter_name = "status"
    queue: models.TextChoices

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return [*type(self.queue).choices, ("all", _("All"))]

    def value(self) -> str:
        return super().value() or self.queue.value

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet
    ) -> models.QuerySet:
        return (
            queryset if self.value() == "all" else queryset.filter(status=self.value())
        )

    def choices(self, changelist: Any) -> Iterator[Any]:
        for code, label in self.lookup_choices:
            yield {
                "selected": self.value() == code,
                "query_string": changelist.get_query_string(
                    {self.parameter_name: code}
                ),
                "display": label,
            }


class StatusFilter(QueueFilter):
    queue = Status.SUBMITTED


class YearFilter(admin.SimpleListFilter):
    title = _("year of the project")
    parameter_name = "entry_year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return [
            (str(y), str(y)) for y in range(timezone.now().year, FIRST_ENTRIES - 1, -1)
        ]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet
    ) -> models.QuerySet:
        year = self.value()
        return (
            queryset.filter(year=int(year)) if year and year.isdecimal() else queryset
        )
