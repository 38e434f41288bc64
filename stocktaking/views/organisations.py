"""Organisations for everybody: the list, one organisation with its entries and figures."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from common.caches import revocable
from common.paging import keyset_page
from reference import vocabulary
from stocktaking.models import Organisation, OrganisationRole
from stocktaking.people_filters import OrganisationFilters

YEARS = 12  # of the chart
NAMED = 50  # people on an organisation's page


@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    rows = Organisation.objects.visible_to(request.user).for_list()
    filters = OrganisationFilters(request.GET, rows)
    understood = filters.is_valid()
    context: dict[str, Any] = {"filters": filters}
    if understood:
        context["page"] = keyset_page(request, filters.qs)
    status = 200 if understood else 400
    return render(request, "stocktaking/organisation_list.html", context, status=status)


@require_safe
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """One organization; a merged one leads to its successor, as long as the merge stands."""
    merged = Organisation.objects.filter(pk=pk, successor__isnull=False).first()
    if merged:
        return revocable(
            redirect("stocktaking:organisation", merged.successor_id, permanent=True)
        )
    visible = Organisation.objects.visible_to(request.user)
    found = get_object_or_404(
        visible.select_related("country__region", "stakeholder_type"), pk=pk
    )
    entries = found.projects.published()
    context = {
        "organisation": found,
        "page": keyset_page(
            request, entries.for_list().order_by("-published_at", "-pk")
        ),
        "lines": counted(entries, "main_action_line", vocabulary.labels("action_line")),
        "years": by_year(entries),
        "people": OrganisationRole.objects.filter(organisation=found).shown()[:NAMED],
    }
    return render(request, "stocktaking/organisation.html", context)


def counted(
    rows: models.QuerySet, field: str, labels: dict[str, str]
) -> list[SimpleNamespace]:
    """Rows by the code in a field, with names, the largest first: what `_bars.html` takes."""
    found = rows.order_by().values_list(field).annotate(count=models.Count("pk"))
    bars = [
        SimpleNamespace(code=code, label=labels.get(code, code), count=count)
        for code, count in found
        if code
    ]
    return sorted(bars, key=lambda bar: -bar.count)


def by_year(rows: models.QuerySet) -> Iterable[SimpleNamespace]:
    """Entries by the year in which they came to the database, the last twelve years with any."""
    found = (
        rows.order_by("-year")
        .values_list("year")
        .annotate(count=models.Count("pk"))[:YEARS]
    )
    return [
        SimpleNamespace(code=year, label=str(year), count=count)
        for year, count in found
    ]
