"""Public pages of organizations: the list, and one organization with its projects and figures."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from common.caching.headers import revocable
from common.lists.paging import keyset_page
from common.moves.actors import SignedInRequest
from reference.names import vocabulary
from stocktaking.organization.filters import OrganizationFilters
from stocktaking.organization.models import Organization
from stocktaking.organization.roles import OrganizationRole

YEARS = 12  # of the chart


NAMED = 50  # people on an organization's page


@require_safe
def organization_list(request: HttpRequest) -> HttpResponse:
    rows = Organization.objects.visible_to(request.user).for_list()
    filters = OrganizationFilters(request.GET, rows)
    understood = filters.is_valid()
    context: dict[str, Any] = {"filters": filters}
    if understood:
        context["page"] = keyset_page(request, filters.qs)
    status = 200 if understood else 400
    return render(
        request,
        "stocktaking/organization/organization_list.html",
        context,
        status=status,
    )


@require_safe
def organization(request: HttpRequest, pk: int) -> HttpResponse:
    """One organization; a merged one redirects to its successor."""
    merged = Organization.objects.filter(pk=pk, successor__isnull=False).first()
    if merged:
        return revocable(
            redirect("stocktaking:organization", merged.successor_id, permanent=True)
        )
    visible = Organization.objects.visible_to(request.user)
    organization = get_object_or_404(
        visible.select_related("country__region", "stakeholder_type"), pk=pk
    )
    projects = organization.projects.published()
    context = {
        "organization": organization,
        "page": keyset_page(
            request, projects.for_list().order_by("-published_at", "-pk")
        ),
        "lines": counted(
            projects, "main_action_line", vocabulary.labels("action_line")
        ),
        "years": by_year(projects),
        "people": OrganizationRole.objects.filter(organization=organization).shown()[
            :NAMED
        ],
    }
    return render(request, "stocktaking/organization/organization.html", context)


def counted(
    rows: models.QuerySet, field: str, labels: dict[str, str]
) -> list[SimpleNamespace]:
    """Rows by the code in a field, with names, largest first: the input of `_bars.html`."""
    counts = rows.order_by().values_list(field).annotate(count=models.Count("pk"))
    bars = [
        SimpleNamespace(code=code, label=labels.get(code, code), count=count)
        for code, count in counts
        if code
    ]
    return sorted(bars, key=lambda bar: -bar.count)


def by_year(rows: models.QuerySet) -> Iterable[SimpleNamespace]:
    """Projects by the year in which they were added to the database: the last twelve years with
    any."""
    counts = (
        rows.order_by("-year")
        .values_list("year")
        .annotate(count=models.Count("pk"))[:YEARS]
    )
    return [
        SimpleNamespace(code=year, label=str(year), count=count)
        for year, count in counts
    ]


MIN_TEXT, MAX_TEXT, SUGGESTIONS = 2, 100, 10


@login_required
@require_safe
def organization_names(request: SignedInRequest) -> HttpResponse:
    """Options of the autocompletion: confirmed organizations with this text in a name or alias."""
    text = request.GET.get("organization_name", "").strip().replace("\0", "")
    organizations = Organization.objects.none()
    if MIN_TEXT <= len(text) <= MAX_TEXT:
        organizations = Organization.objects.suggested(text)[:SUGGESTIONS]
    return render(
        request,
        "stocktaking/organization/_names.html",
        {"organizations": organizations},
    )
