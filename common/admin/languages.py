"""Fields with six languages in the forms of the admin: the original, and folded away the others."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

OTHERS = tuple(
    code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE
)


def original(name: str) -> str:
    """The column from which the others are translated."""
    return build_localized_fieldname(name, settings.LANGUAGE_CODE)


def in_other_languages(*names: str) -> tuple[Any, Any]:
    """The set of fields that holds the other five languages of these fields, folded."""
    columns = [
        build_localized_fieldname(name, code) for code in OTHERS for name in names
    ]
    return _("In the other five languages"), {
        "classes": ("collapse",),
        "fields": columns,
    }


def untranslated(rows: list[Any], *names: str) -> Iterator[tuple[str, int]]:
    """Each language, by its name for the reader, in which some of these rows lack a text that the
    original has, and how many rows that are."""
    for code in OTHERS:
        lacking = sum(any(_lacks(row, name, code) for name in names) for row in rows)
        if lacking:
            yield str(get_language_info(code)["name_translated"]), lacking


def _lacks(row: models.Model, name: str, code: str) -> bool:
    told = getattr(row, build_localized_fieldname(name, code))
    return bool(getattr(row, original(name))) and not told
