"""Changes of the agenda in pages and mails: old → new."""

from typing import Any

from django import template

from forum.agenda import changes
from forum.agenda.changes import in_plain_text
from forum.edition.models import Edition

register = template.Library()


@register.filter
def differences(row: dict[str, Any], edition: Edition) -> list[changes.Difference]:
    return changes.differences(row, edition)


@register.filter
def slot(row: dict[str, Any], edition: Edition) -> str:
    return changes.slot_of(row, edition)


@register.filter
def marked(session: Any) -> list[changes.Difference]:
    return changes.marked(session)


register.filter("in_plain_text", in_plain_text)
