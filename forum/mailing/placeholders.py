"""The signs in braces of a mail: which there are, what stands for them, and how they are marked."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from forum.edition.models import Edition

PLACEHOLDERS = {
    "name": _("name of the reader"),
    "edition": _("name of the edition"),
    "first_day": _("first day of the edition"),
    "agenda": _("address of the agenda"),
    "my_agenda": _("address of the reader’s own agenda"),
}
BRACES = re.compile(r"\{([^{}]*)\}")


def require_known(text: str) -> None:
    """Raises ValidationError that names the first sign that nothing stands for."""
    rest = BRACES.sub("", text)
    unknown = [sign for sign in BRACES.findall(text) if sign not in PLACEHOLDERS]
    if unknown:
        raise ValidationError(
            _("“{%(sign)s}” is not known. You can use: %(known)s."),
            params={
                "sign": unknown[0][:50],
                "known": " ".join(f"{{{sign}}}" for sign in PLACEHOLDERS),
            },
        )
    if "{" in rest or "}" in rest:
        raise ValidationError(_("A brace is open: write such as {name}."))


def values_for(edition: Edition, name: str, language: str) -> dict[str, str]:
    """What stands for each sign, for one reader in their language."""
    with translation.override(language):
        day = edition.start_date
        return {
            "name": name,
            "edition": edition.title,
            "first_day": date_format(day, "DATE_FORMAT") if day else "",
            "agenda": settings.SITE_URL + reverse("forum:agenda", args=[edition.slug]),
            "my_agenda": settings.SITE_URL + reverse("forum:my-agenda"),
        }


def filled(text: str, values: dict[str, str]) -> str:
    return BRACES.sub(lambda match: values.get(match[1], match[0]), text)


def marked(text: str, values: dict[str, str]) -> SafeString:
    """The same as HTML, in which what was filled in is marked."""
    parts: list[Any] = []
    at = 0
    for match in BRACES.finditer(text):
        parts.append(conditional_escape(text[at : match.start()]))
        value = values.get(match[1], match[0])
        parts.append(format_html("<mark><bdi>{}</bdi></mark>", value))
        at = match.end()
    parts.append(conditional_escape(text[at:]))
    return mark_safe("".join(parts))  # noqa: S308  (every part is escaped)
