"""Changes of the agenda in pages and mails: old → new."""

from typing import Any

from django import template
from django.utils.translation import get_language_bidi

from forum import changes
from forum.models import Edition

register = template.Library()
ISOLATE, END = "\u2068", "\u2069"


@register.filter
def differences(row: dict[str, Any], edition: Edition) -> list[changes.Difference]:
    return changes.differences(row, edition)


@register.filter
def slot(row: dict[str, Any], edition: Edition) -> str:
    return changes.slot_of(row, edition)


@register.filter
def marked(session: Any) -> list[changes.Difference]:
    return changes.marked(session)


def in_plain_text(difference: changes.Difference) -> str:
    """“Popov, ITU Tower → Room L, CICG” for a mail or a feed; the arrow points where one reads."""
    if not difference.old:
        return ""
    if get_language_bidi():
        return f"{ISOLATE}{difference.old}{END} ← {ISOLATE}{difference.new}{END}"
    return f"{difference.old} → {difference.new}"


register.filter("in_plain_text", in_plain_text)
