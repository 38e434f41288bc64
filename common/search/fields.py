"""The generated column that holds the words of a row (docs/search.md)."""

from itertools import chain, repeat
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import models

# The SQL of the search builds vectors by the same table.
CONFIGURATIONS = {
    "en": "english",
    "fr": "french",
    "ru": "russian",
    "es": "spanish",
    "ar": "arabic",
    "zh-hans": "simple",  # of pairs of characters: PostgreSQL knows no Chinese words
}


class Words(models.Func):
    """The stored words of a row, for a GeneratedField: the weightiest field first. All from the
    fourth on have the least weight.

    `language` is the field that names the row's language, or a code such as "en" for all rows.
    """

    arg_joiner = " || "
    template = "%(expressions)s"

    def __init__(self, *fields: str, language: str = "language", **extra: Any) -> None:
        spoken = (
            models.Value(language) if language in CONFIGURATIONS else models.F(language)
        )
        parts = [
            models.Func(
                models.Func(spoken, models.F(name), function="public.search_vector"),
                models.Value(weight),
                function="setweight",
                template='%(function)s(%(expressions)s::"char")',
            )
            for name, weight in zip(fields, chain("ABC", repeat("D")), strict=False)
        ]
        super().__init__(*parts, output_field=SearchVectorField(), **extra)
