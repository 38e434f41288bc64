"""The page on which a reader builds a table of a version, and its files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.limits.throttle import throttled
from reports.figure.files import FORMATS_OF_TABLES
from reports.figure.views import file_response, files_of, version_among
from reports.output.models import Snapshot
from reports.table.forms import TableForm, axes_of
from reports.table.reading import table_of

A_MINUTE = 60  # tables of one reader


def version_with_projects(request: HttpRequest, pk: int, version: int) -> Snapshot:
    """A version that this person may read, of a series about projects. Raises Http404."""
    snapshot = version_among(Snapshot.objects.visible_to(request.user), pk, version)
    if not axes_of(snapshot):
        raise Http404
    return snapshot


@require_safe
@throttled("report-table", A_MINUTE, 60)
def table(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """The form, and the table that the address asks for."""
    snapshot = version_with_projects(request, pk, version)
    form = TableForm(request.GET or None, snapshot)
    context = {"form": form, "publication": snapshot.publication, "snapshot": snapshot}
    if form.is_valid():
        built = table_of(snapshot, form)
        context |= {"figure": built, "files": files_of(built, *FORMATS_OF_TABLES)}
    status = 400 if form.errors else 200
    return render(request, "reports/table/table.html", context, status=status)


@require_safe
@throttled("report-table", A_MINUTE, 60)
def table_file(
    request: HttpRequest, pk: int, version: int, file_format: str
) -> HttpResponse:
    """The same table as CSV, XLSX or JSON."""
    snapshot = version_with_projects(request, pk, version)
    form = TableForm(request.GET, snapshot)
    if file_format not in FORMATS_OF_TABLES or not form.is_valid():
        raise Http404
    return file_response(request, table_of(snapshot, form), file_format)
