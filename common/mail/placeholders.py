"""Signs in braces in a text for many readers: which are known, and what stands for them."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

BRACES = re.compile(r"\{([^{}]*)\}")


def require_known(text: str, known: Iterable[str]) -> None:
    """Raises ValidationError that names the first sign that nothing stands for."""
    known = list(known)
    unknown = [sign for sign in BRACES.findall(text) if sign not in known]
    if unknown:
        raise ValidationError(
            _("“{%(sign)s}” is not known. You can use: %(known)s."),
            params={
                "sign": unknown[0][:50],
                "known": " ".join(f"{{{sign}}}" for sign in known),
            },
        )
    if set("{}") & set(BRACES.sub("", text)):
        raise ValidationError(_("A brace is open: write such as {name}."))


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
