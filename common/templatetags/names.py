"""Names of bodies, agencies, editions and places in the language of the page."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from modeltranslation.utils import build_localized_fieldname

from common.text.collation import reading_language
from common.text.official_names import official_name

register = template.Library()


@register.filter
def official(name: str) -> SafeString:
    """The official name in the reader's language, else the English one marked as English."""
    text = str(name or "")
    translated = official_name(text)
    if translated is not None:
        return format_html("<bdi>{}</bdi>", translated)
    if (get_language() or "en").startswith("en"):
        return format_html("<bdi>{}</bdi>", text)
    return format_html('<bdi lang="en">{}</bdi>', text)


@register.filter
def worded(row: Any, name: str) -> SafeString:
    """The text of a field with six languages in the reader's, else the English one, from which the
    others are translated, marked as English."""
    language = worded_in(row, name)
    text = getattr(row, build_localized_fieldname(name, language)) or ""
    if language == reading_language():
        return format_html("<bdi>{}</bdi>", text)
    return format_html('<bdi lang="{}">{}</bdi>', language, text)


@register.filter
def worded_in(row: Any, name: str) -> str:
    """The language in which a reader gets the text of such a field."""
    here = reading_language()
    told = getattr(row, build_localized_fieldname(name, here))
    return here if told else settings.LANGUAGE_CODE


@register.filter
def official_text(name: object) -> str:
    """The same without marks, for page titles and sentences."""
    text = str(name or "")
    return official_name(text) or text


@register.filter
def isolated(name: object) -> SafeString:
    """A name or title inside a sentence, which may be written in the other direction."""
    return format_html("<bdi>{}</bdi>", name)


@register.simple_tag
def comma() -> str:
    """What stands between two parts of a line; Arabic and Chinese have commas of their own."""
    return pgettext("between two parts of a line", ", ")
