"""Dates of the roadmap, as exact as their source: a day, a month or only a year."""

from functools import lru_cache

from django.utils.translation import gettext

from common.dates import partial
from common.dates.partial import MAX_LENGTH, Moment, Precision, WrittenDateField

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "MAX_LENGTH",
    "Moment",
    "Precision",
    "WrittenDateField",
    "parse",
    "sort_key",
    "span",
    "validate",
]

AFTER_ALL = "~"  # sorts after the hyphen and all digits
FIRST_YEAR, LAST_YEAR = (
    1945,
    2100,
)  # the United Nations' first year; nothing is planned further


@lru_cache(
    maxsize=8192
)  # a time line asks for the same few hundred dates again and again
def parse(text: str) -> Moment:
    """2025, 2025-07 or 2025-07-11. Raises ValidationError with a sentence."""
    return partial.parse(text, FIRST_YEAR, LAST_YEAR)


def validate(text: str) -> None:
    """For text columns that hold a written date or nothing."""
    parse(text)


def sort_key(text: str) -> str:
    """Orders partial dates by the last day that they can mean, as the column `sort_date` does:
    "2025-12" comes after "2025-12-31", "2025" after both; what has no date comes first."""
    return f"{text}{AFTER_ALL}" if text else ""


def span(start: str, end: str) -> str:
    """A period in words of the page's language: one date, or two with a dash."""
    if not start:
        return (
            gettext("until %(date)s") % {"date": parse(end)}
            if end
            else gettext("no date")
        )
    if not end or end == start:
        return str(parse(start))
    return f"{parse(start)} – {parse(end)}"
