"""Import of projects in the browser: a dry run that shows what would happen, then the real one."""

import csv
import uuid
from typing import Any, BinaryIO, cast

from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.sheets import MAX_BYTES, ImportResult
from stocktaking.forms import ImportForm
from stocktaking.importing import import_projects

SHOWN_ERRORS = 200
KEPT = 24 * 3600  # seconds in which a checked file may be confirmed
SALT = "stocktaking.import"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so


def page(desk: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Choose a file → see the dry run → confirm. The file waits in the store between the two."""
    if not desk.has_add_permission(request):
        raise PermissionDenied
    context = desk.admin_site.each_context(request) | {
        "title": _("Import projects"), "opts": desk.model._meta, "form": ImportForm(),
    }  # fmt: skip
    if request.method != "POST":
        return _render(request, context)
    if "token" not in request.POST:
        return _check(request, context)
    path = _path(request)
    if "errors" in request.POST:
        return _errors_as_csv(_run(path, request))
    return _import(request, path, context)


def _render(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "admin/stocktaking/project/import.html", context, status=status)


def _check(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The dry run: totals and the first errors; nothing is written."""
    form = ImportForm(request.POST, request.FILES)
    context["form"] = form
    if not form.is_valid():
        return _render(request, context, 400)
    file = form.cleaned_data["file"]
    if file.size > MAX_BYTES:
        form.add_error("file", _("The file is too large: at most 10 MB."))
        return _render(request, context, 400)
    path = default_storage.save(f"imports/{uuid.uuid4().hex}.csv", file)
    try:
        result = _run(path, request)
    except ValidationError as error:
        default_storage.delete(path)
        form.add_error("file", error)
        return _render(request, context, 400)
    token = signing.dumps([path, request.user.pk], salt=SALT)
    shown = {"result": result, "errors": result.errors[:SHOWN_ERRORS], "token": token}
    return _render(request, context | shown)


def _run(path: str, request: HttpRequest, dry_run: bool = True) -> ImportResult:
    with default_storage.open(path) as file:
        return import_projects(cast(BinaryIO, file), dry_run=dry_run, by=request.user)


def _path(request: HttpRequest) -> str:
    """The checked file that the signed token names; it belongs to the person who sent it."""
    try:
        path, user_pk = signing.loads(request.POST["token"], salt=SALT, max_age=KEPT)
    except signing.BadSignature as error:
        raise Http404 from error
    if user_pk != request.user.pk:
        raise Http404
    return str(path)


def _import(request: HttpRequest, path: str, context: dict[str, Any]) -> HttpResponse:
    if not default_storage.exists(path):  # a second click: the first one has done it
        messages.info(request, _("This file has been imported already."))
        return redirect("admin:stocktaking_project_changelist")
    try:
        result = _run(path, request, dry_run=False)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _render(request, context | {"token": request.POST["token"]}, 409)
    default_storage.delete(path)
    messages.success(request, str(result))
    return redirect("admin:stocktaking_project_changelist")


def _errors_as_csv(result: ImportResult) -> HttpResponse:
    """Every error of the file; cells that a spreadsheet would run as a formula are quoted."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="import-errors.csv"'
    writer = csv.writer(response)
    writer.writerow(["row", "column", "message"])
    for error in result.errors:
        message = f"'{error.message}" if error.message.startswith(FORMULA) else error.message
        writer.writerow([error.row, error.column, message])
    return response
