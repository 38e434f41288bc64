"""Names of codes, cached in the process: pages, facets and charts use this, not the database.

Each vocabulary is read with one query, in all languages, and kept for `KEPT` seconds. The next
reader then reads it again, so that every process knows an edit within a minute; the process that
made the edit forgets at once.
"""

import re
import time
import unicodedata
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname

from common.text.folding import fold
from reference.action_line.models import SDG, ActionLine, MatrixCell
from reference.country.models import Country, Region
from reference.term.models import (
    ActivityType,
    CoverageLevel,
    StakeholderType,
    TargetGroup,
    Technology,
)

KEPT = 60.0  # seconds
NUMBER_WIDTH = 10
DIGITS = re.compile(r"\d+")
MARKS = re.compile(r"[^\w\ufffd]|_")
# Letters that no accent can be taken from, as PostgreSQL's unaccent has them.
PLAIN_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"}
)

KINDS: dict[str, type[models.Model]] = {
    "action_line": ActionLine,
    "sdg": SDG,
    "region": Region,
    "country": Country,
    "stakeholder_type": StakeholderType,
    "activity_type": ActivityType,
    "coverage": CoverageLevel,
    "target_group": TargetGroup,
    "technology": Technology,
}

_held: dict[str, tuple[float, Any]] = {}


def labels(kind: str) -> dict[str, str]:
    """Code → name in the current language, in the vocabulary's order; must not be modified.

    Action lines are the 18 that a project can choose; their parent C7 is not among them. Countries
    are in the alphabetical order of the language, International last.
    """
    names = every_name(kind)
    return names.get(get_language() or "", names[settings.LANGUAGE_CODE])


def label(kind: str, code: str) -> str:
    """The name of one code; the code itself when the vocabulary does not have it."""
    return labels(kind).get(code, code)


def every_name(kind: str) -> dict[str, dict[str, str]]:
    """Language → code → name: every name of a code, whatever the page's language."""
    return _hold(kind, lambda: _read(KINDS[kind]))


def country_aliases() -> dict[str, tuple[str, ...]]:
    """Country → its other common names in any language; used by the search, never shown."""
    return _hold(
        "country_aliases",
        lambda: {
            code: tuple(names)
            for code, names in Country.objects.values_list("pk", "aliases")
        },
    )


def country_named(text: str) -> str:
    """The code of a country by its name in any language, a common name or the code itself."""
    return _hold("country_by_name", _read_country_names).get(fold(text), "")


def region_of(country: str) -> str | None:
    """The ITU region of a country; None for an unknown code."""
    return _regions().get(country)


def countries_of(region: str) -> tuple[str, ...]:
    """The countries of an ITU region, by code."""
    return tuple(code for code, of in _regions().items() if of == region)


def colours() -> dict[str, str]:
    """SDG → its colour as #RRGGBB."""
    return _hold("colours", lambda: dict(SDG.objects.values_list("code", "colour")))


def matrix() -> dict[str, tuple[str, ...]]:
    """Action line → the SDGs that the matrix of WSIS and SDGs links with it, in order."""
    return _hold("matrix", _read_matrix)


def forget() -> None:
    """Drop what is cached; called after a load and after an edit, once it is committed."""
    _held.clear()


def _hold(key: str, read: Callable[[], Any]) -> Any:
    until, value = _held.get(key, (0.0, None))
    now = time.monotonic()
    if now >= until:
        value = read()
        _held[key] = (now + KEPT, value)
    return value


def _regions() -> dict[str, str]:
    return _hold(
        "regions",
        lambda: dict(Country.objects.order_by("pk").values_list("pk", "region_id")),
    )


def _read(model: type[models.Model]) -> dict[str, dict[str, str]]:
    """Language → code → name."""
    rows = list(_rows(model))
    names = {}
    for language, _name in settings.LANGUAGES:
        column = build_localized_fieldname("name", language)
        named = [
            (row["order"], row["pk"], row[column] or row["name_en"] or row["pk"])
            for row in rows
        ]
        if model is Country:
            named.sort(key=lambda row: (row[0], sort_key(row[2], language)))
        names[language] = {code: name for _order, code, name in named}
    return names


def _rows(model: type[models.Model]) -> models.QuerySet[Any, dict[str, Any]]:
    columns = [
        build_localized_fieldname("name", code) for code, _name in settings.LANGUAGES
    ]
    rows = model._default_manager.order_by("order", "pk")
    if model is ActionLine:
        rows = rows.filter(number__isnull=False)
    return rows.values("pk", "order", *columns)


def _read_country_names() -> dict[str, str]:
    codes = {fold(code): code for code in labels("country")}
    for names in every_name("country").values():
        codes |= {fold(name): code for code, name in names.items()}
    for code, aliases in country_aliases().items():
        codes |= {fold(alias): code for alias in aliases if fold(alias) not in codes}
    return codes


def _read_matrix() -> dict[str, tuple[str, ...]]:
    goals_of: dict[str, tuple[str, ...]] = {}
    cells = MatrixCell.objects.order_by("action_line__order", "sdg__order")
    for line, sdg in cells.values_list("action_line_id", "sdg_id"):
        goals_of[line] = (*goals_of.get(line, ()), sdg)
    return goals_of


def sort_key(name: str, language: str) -> Any:
    """The position of a name in the alphabet of its language: the database's `name_sort_key` for
    names that are held in the process.

    Chinese goes by pinyin: GB 18030 holds the common characters in that order. Arabic ignores the
    article, as United Nations lists do. Accents do not count; numbers sort by value.
    """
    text = name.casefold()
    if language == "es":
        text = text.replace("ñ", "n\ufffd")
    letters = unicodedata.normalize("NFKD", text.replace("й", "и\ufffd"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    spaced = " ".join(MARKS.sub(" ", bare.translate(PLAIN_LETTERS)).split())
    key = DIGITS.sub(lambda number: number[0].zfill(NUMBER_WIDTH), spaced)
    if language == "zh-hans":
        return key.encode("gb18030")
    return key.removeprefix("ال") if language == "ar" else key
