"""Filters that several lists of the Forum use."""

from collections.abc import Callable
from typing import Any

import django_filters

from reference.names import vocabulary


def choices_of(kind: str) -> Callable[[], list[tuple[str, str]]]:
    """The codes and names of a vocabulary, as choices of a filter."""
    return lambda: list(vocabulary.labels(kind).items())


class Rows(django_filters.ModelMultipleChoiceFilter):
    """One or more rows of a small table: `?track=YOUTH&track=GENDER` means “or”."""

    def __init__(self, **options: Any) -> None:
        super().__init__(distinct=False, **options)
