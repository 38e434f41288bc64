"""Rows that match what a reader types, best first (docs/search.md)."""

import re
from typing import Self

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import models

from common.search.query import TextQuery, parse

LITERAL = re.compile(
    r'"|\bor\b', re.IGNORECASE
)  # phrases and alternatives stand as they are


class WantedWords(SearchQuery):
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


class Forms(WantedWords):
    """Words that begin with a reader's word, and the two words of which it may be made."""

    def __init__(self, text: str, configurations: tuple[str, ...]) -> None:
        super().__init__(text, configurations)
        self.function = "public.search_forms"


class SearchQuerySet(models.QuerySet):
    """For models whose field `words` is GeneratedField(expression=Words(…), …) with a GIN index."""

    def search(self, text: str) -> Self:
        """Rows with all the words, also within longer words, and none of the unwanted ones; an
        empty text matches all."""
        query, _cut = parse(text)
        matches = self
        if query.wanted:
            matches = matches.filter(self._having(query))
        if query.unwanted:
            matches = matches.filter(
                words=WantedWords(query.unwanted, query.configurations, invert=True)
            )
        return matches

    @staticmethod
    def _having(query: TextQuery) -> models.Q:
        having = models.Q(words=WantedWords(query.wanted, query.configurations))
        if LITERAL.search(query.wanted):
            return having
        each = models.Q()
        for word in query.wanted.split():
            each &= models.Q(words=WantedWords(word, query.configurations)) | models.Q(
                words=Forms(word, query.configurations)
            )
        return having | each

    def best_first(self, text: str) -> Self:
        """The same rows, best matches first."""
        query, _cut = parse(text)
        rank = SearchRank(
            models.F("words"), WantedWords(query.wanted, query.configurations)
        )
        return self.order_by(rank.desc(), "-pk")
