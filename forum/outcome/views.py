"""Documents of an edition, and what was written about its sessions."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.files.pdf import NOTHING_RUNS
from common.lists.paging import keyset_page
from forum.edition.models import Edition
from forum.outcome.filters import DocumentFilters
from forum.outcome.forms import COUNTED
from forum.outcome.models import Document, Minutes, OutcomeReport, may_write

PDF = "application/pdf"


@require_safe
def documents(request: HttpRequest, slug: str) -> HttpResponse:
    edition = get_object_or_404(Edition, slug=slug)
    filters = DocumentFilters(
        request.GET,
        queryset=Document.objects.visible_to(request.user)
        .filter(edition=edition)
        .for_list(),
    )
    understood = filters.is_valid()
    reports = (
        OutcomeReport.objects.published()
        .filter(session__edition=edition)
        .select_related("session__released")
    )
    context = {
        "edition": edition,
        "documents": filters.qs,
        "filters": filters,
        "page": keyset_page(request, reports.order_by("-updated_at", "-pk")),
    }
    return render(
        request,
        "forum/outcome/documents.html",
        context,
        status=200 if understood else 400,
    )


@require_safe
def document(request: HttpRequest, pk: int) -> FileResponse:
    """An uploaded document, as a download: browsers never show it as a page of ours."""
    document = get_object_or_404(
        Document.objects.visible_to(request.user).exclude(file=""), pk=pk
    )
    path = str(document.file.name)
    if not default_storage.exists(path):
        raise Http404
    response = FileResponse(
        default_storage.open(path),
        content_type=PDF,
        as_attachment=True,
        filename=f"{document.edition.slug}-{document.kind}-{document.language}-{document.pk}.pdf",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NOTHING_RUNS
    return response


@require_safe
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """The outcome report of a session, once it is published."""
    report = get_object_or_404(
        OutcomeReport.objects.visible_to(request.user).select_related(
            "session__edition"
        ),
        session=pk,
    )
    context = {
        "report": report,
        "session": report.session,
        "may_edit": may_write(report.session, request.user),
        "numbers": numbers_of(report),
    }
    return render(request, "forum/outcome/outcome.html", context)


def numbers_of(report: OutcomeReport) -> list[tuple[Any, int, list[tuple[Any, int]]]]:
    """How many took part: name, number, and its known parts."""
    rows = []
    for whole, *parts in COUNTED:
        total = getattr(report, whole)
        if total is not None:
            known = [(name_of(one), getattr(report, one)) for one in parts]
            rows.append((name_of(whole), total, [p for p in known if p[1] is not None]))
    return rows


def name_of(field: str) -> Any:
    column: Any = OutcomeReport._meta.get_field(field)
    return column.verbose_name


@require_safe
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes of a session, once they are published."""
    found = get_object_or_404(
        Minutes.objects.visible_to(request.user).select_related("session__edition"),
        session=pk,
    )
    context = {
        "text": found,
        "session": found.session,
        "may_edit": may_write(found.session, request.user),
    }
    return render(request, "forum/outcome/minutes.html", context)
