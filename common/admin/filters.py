"""Filters of admin lists: the queue comes first."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class QueueFilter(admin.SimpleListFilter):
    """Without a choice the list shows the queue: the records with this status."""

    title = _("status")
    parameter_name = "status"
    queue: models.TextChoices

    def lookups(
        self, request: HttpRequest, model_admin: ModelAdmin
    ) -> list[tuple[Any, Any]]:
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
