"""The reports of an edition as the secretariat waits for them: a list, and the same as a sheet."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.session.requests import secretariat_only
from common.lists.paging import keyset_page
from common.tables.csv_files import inert
from common.tables.xlsx import workbook_response
from forum.edition.models import Edition
from forum.outcome.calls import (
    CONDITIONS,
    ChairSummary,
    ReportCall,
    State,
    reporting,
    with_state,
)


@secretariat_only
@require_safe
def reports(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of the list, with the number of sessions in each state."""
    edition = get_object_or_404(Edition, slug=slug)
    state = state_of(request)
    counts = reporting(edition).aggregate(
        **{name: models.Count("pk", filter=CONDITIONS[name]) for name in State.values}
    )
    page = keyset_page(request, rows_of(edition, state))
    context = {
        "edition": edition,
        "call": ReportCall.objects.filter(edition=edition).first(),
        "page": page,
        "rows": [(row, State(row.report_state).label) for row in page.object_list],
        "states": [(one.value, one.label, counts[one.value]) for one in State],
        "state": state,
        "languages": settings.LANGUAGES,
        "summary": ChairSummary.of(edition, get_language() or settings.LANGUAGE_CODE),
    }
    return render(request, "forum/outcome/reports.html", context)


def state_of(request: HttpRequest) -> str:
    """The state that the address asks for; "" for all."""
    code = request.GET.get("state", "")
    return code if code in State.values else ""


def rows_of(edition: Edition, state: str) -> models.QuerySet[Any]:
    sessions = reporting(edition)
    chosen = sessions.filter(CONDITIONS[state]) if state else sessions
    return with_state(chosen).prefetch_related("organizers").order_by("start", "pk")


@secretariat_only
@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole list with the addresses to which the secretariat may write."""
    edition = get_object_or_404(Edition, slug=slug)
    rows = rows_of(edition, state_of(request)).select_related("edition", "owner")
    head = [
        _("Number"),
        _("Session"),
        _("Time"),
        _("Organizers"),
        _("E-mail address"),
        _("Report"),
        _("Reminders"),
    ]
    return workbook_response(
        f"reports-{edition.slug}-{timezone.now():%Y-%m-%d}.xlsx",
        [head],
        cells(rows),
        _("Reports"),
        get_language_bidi(),
    )


def cells(rows: models.QuerySet[Any]) -> Iterator[list[Any]]:
    for row in rows:
        yield [
            inert(row.number),
            inert(row.title),
            row.time_text(),
            inert("; ".join(row.organizer_names)),
            inert(row.owner.email if row.owner else ""),
            str(State(row.report_state).label),
            row.reminded,
        ]
