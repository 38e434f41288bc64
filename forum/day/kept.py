"""The list of an agenda as HTML, which is the same for all readers without an account: kept until
a session of it changes."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from common.caching.values import remember, remembered
from forum.day.page import AgendaPage, by_day

TEMPLATE = "forum/day/_slots.html"
KEPT = 3600  # seconds; texts of the portal itself change with a new version of it


def slots(
    request: HttpRequest, page: AgendaPage, context: dict[str, Any]
) -> SafeString:
    """The days with their sessions. Kept for the addresses that everybody opens: a draft, another
    time zone, words and filters are drawn each time, and so is the list of somebody who marks
    sessions."""
    is_usual = not (
        request.user.is_authenticated
        or context["draft"]
        or context["local"]
        or page.narrows_besides_day
    )
    key = _key(page) if is_usual else ""
    kept: str | None = remembered(key) if key else None
    if kept is not None:
        return mark_safe(kept)  # noqa: S308  # as the template below has drawn it
    drawn = render_to_string(TEMPLATE, context | {"days": by_day(page.rows)}, request)
    if key:
        remember(key, str(drawn), KEPT)
    return drawn


def _key(page: AgendaPage) -> str:
    """Of all that the list shows: the rows as released, which of them are marked as changed at this
    hour, the clock of the place, the language."""
    rows: Iterable[Any] = page.rows
    said = [
        get_language(),
        page.edition.time_zone,
        [
            (row.pk, row.sequence, row.content_hash, str(row.changed_at), row.is_marked)
            for row in rows
        ],
    ]
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()
    return f"forum-slots-{page.edition.pk}-{digest}"
