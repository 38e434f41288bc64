"""Filters that several lists of the roadmap share."""

from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.lists.filters import Filters
from common.text.collation import holding
from reference.names import vocabulary
from roadmap.record.dates import FIRST_YEAR, LAST_YEAR

Choices = list[tuple[str, Any]]


def action_lines() -> Choices:
    return [
        (code, f"{code} {name}")
        for code, name in vocabulary.labels("action_line").items()
    ]


def sdgs() -> Choices:
    return [(code, f"{code} {name}") for code, name in vocabulary.labels("sdg").items()]


def several(
    choices: Choices | Callable[[], Choices], label: str | Promise, **options: Any
) -> django_filters.MultipleChoiceFilter:
    """A filter of several values, joined by “or”."""
    return django_filters.MultipleChoiceFilter(
        choices=choices,
        label=label,
        widget=forms.SelectMultiple(attrs={"size": 5}),
        **options,
    )


def year_filter(method: str = "by_year") -> django_filters.NumberFilter:
    return django_filters.NumberFilter(
        label=_("Year"),
        method=method,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        decimal_places=0,
    )


class NameFilter(Filters):
    """`q` finds a part of the name."""

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return holding(rows, text, "name", "short")
