"""Rows found by what a reader types, the best first (docs/search.md)."""

import re
from typing import Self

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import models

from common.search.query import TextQuery, parse

LITERAL = re.compile(
    r'"|\bor\b', re.IGNORECASE
)  # phrases and alternatives stand as they are


class Asked(SearchQuery):
    """A reader's words as one tsquery over the configurations that can match them."""

    def __init__(
        self, text: str, configurations: tuple[str, ...], *, invert: bool = False
    ) -> None:
        super().__init__(text, invert=invert, search_type="raw")
        self.function = "public.search_query"
        self.template = "%(function)s(%(expressions)s::regconfig[])"
        self.set_source_expressions(
            [models.Value(text), models.Value(list(configurations))]
        )


class Forms(Asked):
    """Words that begin with a reader's word, and the two words of which it may be made."""

    def __init__(self, text: str, configurations: tuple[str, ...]) -> None:
        super().__init__(text, configurations)
        self.function = "public.search_forms"


class SearchQuerySet(models.QuerySet):
    """For models whose field `words` is GeneratedField(expression=Words(…), …) with a GIN index."""

    def search(self, text: str) -> Self:
        """Rows with all the words, also as parts of others, and none of the unwanted ones; an empty
        text finds all."""
        asked, _cut = parse(text)
        found = self
        if asked.wanted:
            found = found.filter(self._having(asked))
        if asked.unwanted:
            found = found.filter(
                words=Asked(asked.unwanted, asked.configurations, invert=True)
            )
        return found

    @staticmethod
    def _having(asked: TextQuery) -> models.Q:
        having = models.Q(words=Asked(asked.wanted, asked.configurations))
        if LITERAL.search(asked.wanted):
            return having
        each = models.Q()
        for word in asked.wanted.split():
            each &= models.Q(words=Asked(word, asked.configurations)) | models.Q(
                words=Forms(word, asked.configurations)
            )
        return having | each

    def best_first(self, text: str) -> Self:
        """The same rows, those that fit the words best first."""
        asked, _cut = parse(text)
        rank = SearchRank(models.F("words"), Asked(asked.wanted, asked.configurations))
        return self.order_by(rank.desc(), "-pk")
