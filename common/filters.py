"""Filters of lists: the same set for page, API and export, and a sentence for what is unknown."""

import re
from typing import Any

import django_filters
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from common.search import MAX_LENGTH, SearchQuerySet

NAMED = 3  # unknown parameters that are repeated to the reader
# Not ours to answer, not worth a complaint: what pagers, doors and mailings add to an address.
PASSED_BY = re.compile(r"cursor|page_size|format|lang|utm_\w+|fbclid|gclid", re.ASCII)


class Filters(django_filters.FilterSet):
    """A FilterSet that refuses names it does not know; `q` searches the words of the records.

    `is_valid()` and `errors` speak of both; `qs` leaves out what is refused. Facets that take
    several values are MultipleChoiceFilter or ModelMultipleChoiceFilter: `?sdg=4&sdg=9` is “or”.
    """

    q = django_filters.CharFilter(method="by_text", max_length=MAX_LENGTH)

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return rows.search(text) if isinstance(rows, SearchQuerySet) else rows

    @cached_property
    def unknown(self) -> list[str]:
        return [n for n in self.data if n not in self.filters and not PASSED_BY.fullmatch(n)]

    def is_valid(self) -> bool:
        return super().is_valid() and not self.unknown

    @property
    def problems(self) -> dict[str, list[Any]]:
        """Parameter → sentences: values that are refused and parameters that do not exist."""
        found = {name: list(texts) for name, texts in self.form.errors.items()}
        strangers = {
            shown(name): [_("There is no filter with this name.")] for name in self.unknown
        }
        return found | dict(list(strangers.items())[:NAMED])

    @property
    def query(self) -> str:
        """The query string of this search without its page: pagers and exports add to it."""
        kept = self.data.copy()
        kept.pop("cursor", None)
        return str(kept.urlencode())


def shown(text: str) -> str:
    """Something a stranger sent, short and printable enough to be repeated."""
    return "".join(c if c.isprintable() else "�" for c in text[:40])
