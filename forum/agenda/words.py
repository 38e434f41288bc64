"""The words of a released session for the search, in all languages in which it can be read."""

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from common.search.fields import CONFIGURATIONS, Words


class WordsOfTexts(models.Func):
    """The words of the texts in other languages, each by the rules of its language."""

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        super().__init__(*expressions, output_field=SearchVectorField(), **extra)

    def as_sql(  # type: ignore[override]  # none of the options of a function
        self, compiler: Any, connection: Any, **extra: Any
    ) -> Any:
        column, parameters = compiler.compile(self.source_expressions[0])
        parts = [
            f"setweight(public.search_vector('{code}', "
            f"coalesce({column} #>> '{{{code},{name}}}', '')), '{weight}'::\"char\")"
            for code in CONFIGURATIONS
            for name, weight in (("title", "A"), ("description", "B"))
        ]
        return " || ".join(parts), [*parameters] * len(parts)


class AllWords(models.Func):
    """The words of the row itself, and those of its texts in other languages."""

    arg_joiner = " || "
    template = "%(expressions)s"

    def __init__(self, *fields: str, texts: str = "texts", **extra: Any) -> None:
        super().__init__(
            Words(*fields),
            WordsOfTexts(models.F(texts)),
            output_field=SearchVectorField(),
            **extra,
        )
