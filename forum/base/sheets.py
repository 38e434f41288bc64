"""Lists of the admin as a sheet: the rows that the filters and words of the list leave."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import get_language_bidi

from common.tables.csv_files import csv_response
from common.tables.xlsx import workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE = 500  # rows read from the database
# heading → the cell of a row
Columns = dict[Any, Callable[[Any], Any]]


def download(
    name: str, columns: Columns, rows: Iterator[Any], title: str, file_format: str
) -> HttpResponseBase:
    """The rows as a download `<name>.csv` or `<name>.xlsx`; 404 for another format."""
    heads = [str(heading) for heading in columns]
    cells = ([str(cell(row)) for cell in columns.values()] for row in rows)
    if file_format == "csv":
        return csv_response(f"{name}.csv", [heads, *cells])
    if file_format != "xlsx":
        raise Http404
    pieces = workbook([heads], cells, title, get_language_bidi())
    response = StreamingHttpResponse(pieces, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


class SheetAdmin(admin.ModelAdmin):
    """A list with two links that give what it shows as CSV and as Excel."""

    change_list_template = "admin/forum/sheet_list.html"
    sheet_name: ClassVar[str]
    sheet_columns: ClassVar[Columns]

    def sheet_rows(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """What the cells need is read with the rows."""
        return rows

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export.<str:file_format>", view, name=name), *super().get_urls()]

    def export_view(self, request: HttpRequest, file_format: str) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
            return redirect(name)
        return download(
            self.sheet_name,
            self.sheet_columns,
            self.sheet_rows(rows).iterator(AT_ONCE),
            str(self.opts.verbose_name_plural),
            file_format,
        )
