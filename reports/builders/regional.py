"""The stocktaking report of one ITU region, or of the international projects outside the six."""

from typing import Any

from django.utils.translation import gettext as _

from reports.builders.scope import INTERNATIONAL
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

FIELDS: tuple[str, ...] = ("region", "from_year", "to_year")


def title(publication: Any) -> str:
    """“Regional stocktaking report 2026: Africa”; International is not called a region."""
    year = years_of(publication)
    if publication.region_id == INTERNATIONAL:
        return _("Stocktaking report on international projects %(year)s") % {
            "year": year
        }
    where = f": {publication.region.name}" if publication.region else ""
    return f"{_('Regional stocktaking report')} {year}{where}"
