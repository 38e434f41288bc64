"""The releases of all editions as an Atom feed."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from forum.agenda.changes import differences, in_plain_text, slot_of
from forum.agenda.models import AgendaRelease
from forum.agenda.views import conditional
from forum.edition.models import Edition

FEED_SIZE = 20


FEED_ROWS = 50  # sessions that a feed names of one kind of change


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The releases of all editions as an Atom feed, newest first."""
    base = settings.SITE_URL
    rows = list(AgendaRelease.objects.newest_first().defer("content")[:FEED_SIZE])
    atom = Atom1Feed(
        title=_("WSIS Forum: releases of the agenda"),
        link=f"{base}{request.path}",
        description="",
        feed_url=f"{base}{request.path}",
        language=get_language(),
    )
    for row in rows:
        changed = [
            line for kind in row.changed() for line in feed_lines(row.edition, *kind)
        ]
        atom.add_item(
            title=f"{row.edition}: {row}",
            link=f"{base}{row.get_absolute_url()}",
            description="\n".join(filter(None, [row.note, *changed])),
            updateddate=row.at,
            pubdate=row.at,
            unique_id=f"{base}/forum/{row.edition.slug}/releases/{row.number}",
        )
    text = atom.writeString("utf-8").encode()
    modified = http_date(rows[0].at.timestamp()) if rows else None
    return conditional(request, text, "application/atom+xml; charset=utf-8", modified)


def feed_lines(edition: Edition, kind: str, rows: list[dict[str, Any]]) -> list[str]:
    """Lines about one kind of change in the feed: how many sessions, and old → new for each."""
    lines = [f"{kind}: {len(rows)}"]
    for row in rows[:FEED_ROWS]:
        told = [
            f"{one.name}: {in_plain_text(one)}" if one.old else one.name
            for one in differences(row, edition)
        ]
        told = told or list(filter(None, [slot_of(row, edition)]))
        lines.append(" – ".join([row["title"], *told]))
    if len(rows) > FEED_ROWS:
        more = len(rows) - FEED_ROWS
        text = ngettext("and %(number)d more", "and %(number)d more", more)
        lines.append(text % {"number": more})
    return lines
