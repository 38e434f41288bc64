"""The global stocktaking report: all published projects of a period."""

from typing import Any

from django.utils.translation import gettext as _

from reports.builders.stocktaking import (
    BODY,
    CHAPTER,
    CHAPTERS,
    CHARTS,
    COLUMNS,
    FACETS,
    INLINE,
    LIST,
    PAGE,
    chapter_of,
    collect,
    compose,
    live,
    machine,
    page,
    refusals,
    scope_of,
    years_of,
)
from reports.layout.layout import document

__all__ = [
    "BODY",
    "CHAPTER",
    "CHAPTERS",
    "CHARTS",
    "COLUMNS",
    "FACETS",
    "FIELDS",
    "INLINE",
    "LIST",
    "PAGE",
    "chapter_of",
    "collect",
    "compose",
    "document",
    "live",
    "machine",
    "page",
    "refusals",
    "scope_of",
    "title",
]

FIELDS: tuple[str, ...] = ("from_year", "to_year")


def title(publication: Any) -> str:
    """“Global stocktaking report 2026”."""
    return f"{_('Global stocktaking report')} {years_of(publication)}"
