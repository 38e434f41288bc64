"""Filters of lists: the same set for page, API and export, with a sentence for unknown
parameters."""

import re
from typing import Any

import django_filters
from django.db import models
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.search.query import MAX_LENGTH
from common.search.queryset import SearchQuerySet

NAMED = 3  # unknown parameters that are repeated to the reader
# Ignored without a message: what pagers, sign-in pages and mailings add to an address.
PASSED_BY = re.compile(r"cursor|page_size|format|lang|utm_\w+|fbclid|gclid", re.ASCII)


class Filters(django_filters.FilterSet):
    """A FilterSet that refuses parameters it does not know; `q` searches the words of the records.

    `is_valid()` and `errors` cover both; `qs` leaves out what is refused. Facets that take several
    values are MultipleChoiceFilter or ModelMultipleChoiceFilter: `?sdg=4&sdg=9` means “or”.
    Browsers also send empty fields; an empty value does not filter.
    """

    shows_only: frozenset[str] = (
        frozenset()
    )  # names that change how rows are printable, not which

    q = django_filters.CharFilter(
        method="by_text", max_length=MAX_LENGTH, label=gettext_lazy("Search words")
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(None if data is None else self._filled(data), *args, **kwargs)

    @classmethod
    def _filled(cls, data: dict[str, Any]) -> QueryDict:
        """The parameters without empty values; unknown names stay, to be refused."""
        sent = data.lists() if isinstance(data, QueryDict) else data.items()
        filled = QueryDict(mutable=True)
        for name, value in sent:
            values = value if isinstance(value, list | tuple) else [value]
            if name in cls.base_filters:
                values = [one for one in values if one not in ("", None)]
            if values:
                filled.setlist(name, list(values))
        return filled

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return rows.search(text) if isinstance(rows, SearchQuerySet) else rows

    @cached_property
    def unknown(self) -> list[str]:
        return [
            n for n in self.data if n not in self.filters and not PASSED_BY.fullmatch(n)
        ]

    def is_valid(self) -> bool:
        return super().is_valid() and not self.unknown

    @property
    def problems(self) -> dict[str, list[Any]]:
        """Parameter → sentences: invalid values and parameters that do not exist."""
        problems = {name: list(texts) for name, texts in self.form.errors.items()}
        no_such_filter = {
            printable(name): [_("There is no filter with this name.")]
            for name in self.unknown
        }
        return problems | dict(list(no_such_filter.items())[:NAMED])

    @property
    def problem_lines(self) -> list[tuple[str, Any]]:
        """The same for a page: the label of the filter, and a sentence."""
        return [
            (self._name_on_page(name), sentence)
            for name, sentences in self.problems.items()
            for sentence in sentences
        ]

    def _name_on_page(self, name: str) -> str:
        if name in self.form.fields:
            return str(self.form.fields[name].label or name)
        return f"“{name}”"

    @property
    def narrows(self) -> bool:
        """Whether any parameter may leave rows out."""
        return any(
            name in self.filters and name not in self.shows_only for name in self.data
        )

    def keeping(self) -> dict[str, set[Any]]:
        """Filter → keys of the rows that it alone leaves: the counts beside one filter are those
        of the rows that all the others leave."""
        self.is_valid()
        values = self.form.cleaned_data if self.is_bound else {}
        names = [
            name for name in self.data if name not in self.shows_only and name in values
        ]
        return {
            name: set(
                self.filters[name]
                .filter(self.queryset, values[name])
                .order_by()
                .values_list("pk", flat=True)
            )
            for name in names
        }

    @property
    def chosen_besides_text(self) -> bool:
        """Whether anything narrows the list apart from the words."""
        others = self.shows_only | {"q"}
        return any(name in self.filters and name not in others for name in self.data)

    @property
    def query(self) -> str:
        """The query string of this search without its page; pagers and exports extend it."""
        kept = self.data.copy()
        kept.pop("cursor", None)
        return str(kept.urlencode())


def printable(text: str) -> str:
    """User input made short and printable enough to repeat in a message."""
    return "".join(c if c.isprintable() else "�" for c in text[:40])
