"""Names in the order of the reader's alphabet, and matched however their accents are typed.

The embedded PostgreSQL is built without ICU, and an order that depends on the machine would break
its indexes: the database computes the sort key of a name itself. It is the same on every machine,
and each language has an index of it.
"""

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import QuerySet
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def reading_language() -> str:
    language = get_language() or settings.LANGUAGE_CODE
    return language if language in LANGUAGES else settings.LANGUAGE_CODE


class SortKey(models.Func):
    """The sort key of a name in the alphabet of one language, as bytes that compare as text."""

    function = "public.name_sort_key"
    template = '%(function)s(%(expressions)s) COLLATE "C"'
    output_field = models.TextField()

    def __init__(self, name: Any, language: str, **extra: Any) -> None:
        super().__init__(name, models.Value(language), **extra)


class InReadersOrder(models.Func):
    """The position of a name for the reader of this page: for order_by and `Meta.ordering`.

    With `translated` the name is the one in the reader's language. The language is looked up when a
    query is made, not when it is written.
    """

    output_field = models.TextField()

    def __init__(
        self, name: str | models.F, *, translated: bool = False, **extra: Any
    ) -> None:
        self.translated = translated
        super().__init__(name, **extra)

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        language = reading_language()
        name: Any = self.source_expressions[0]
        if self.translated:
            here, in_english = (
                models.F(build_localized_fieldname(name.name, code))
                for code in (language, "en")
            )
            name = Coalesce(NullIf(here, models.Value("")), in_english)
        return SortKey(name, language).resolve_expression(*args, **kwargs)


def sort_indexes(field: str, name: str) -> list[models.Index]:
    """Indexes for the sorted list of a table, one for each language."""
    return [
        models.Index(
            SortKey(field, code), "id", name=f"{name}_{code.replace('-', '_')}"
        )
        for code in LANGUAGES
    ]


class Folded(models.Func):
    """A text without accents, case and punctuation between its words."""

    function = "public.search_fold"
    output_field = models.TextField()


class Trimmed(Folded):
    """A reader's word, folded like the texts in which it is looked for."""

    template = "btrim(%(function)s(%(expressions)s))"


def folded_index(field: str, name: str) -> GinIndex:
    """For `holding` where a table is large."""
    return GinIndex(OpClass(Folded(field), name="gin_trgm_ops"), name=name)


def holding(rows: QuerySet, text: str, *fields: str) -> Any:
    """Rows in which these fields contain each word of the text, whatever the accents."""
    kept = rows.alias(**{f"folded_{name}": Folded(name) for name in fields})
    for word in text.replace("\x00", " ").split():
        anywhere = models.Q()
        for name in fields:
            anywhere |= models.Q(
                **{f"folded_{name}__contains": Trimmed(models.Value(word))}
            )
        kept = kept.filter(anywhere)
    return kept
