"""Import of projects in the browser, for the secretariat and for agencies."""

import csv
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest, role_required
from accounts.roles import Role
from common.sheets import MAX_BYTES
from common.throttle import throttled
from stocktaking.models import ImportJob
from stocktaking.sheet_files import KNOWN, guess, preview
from stocktaking.tasks import run_import

importers = role_required(Role.AGENCY, Role.SECRETARIAT, Role.ADMINISTRATOR)
PREVIEW_ROWS, ERRORS_SHOWN, JOBS_SHOWN = 5, 50, 50
DIGITS = 3  # of the place of a column
REQUIRED = ("title", "organisation")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so
ACCEPTED = ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SheetForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV or XLSX file"),
        max_length=200,
        widget=forms.FileInput({"accept": ACCEPTED}),
        help_text=gettext_lazy(
            "At most 10 MB and 50,000 rows; the first row names the columns. You choose next which "
            "column is which, and see what would happen before anything is written."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("The file is too large: at most 10 MB."))
        self.content = file.read()
        preview(self.content, file.name, PREVIEW_ROWS)
        return file


@require_http_methods(["GET", "HEAD", "POST"])
@importers
@throttled("import", 30, 3600, by="user", methods="POST")
def import_list(request: SignedInRequest) -> HttpResponse:
    """The form for a new file, and the imports so far."""
    form = SheetForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        name = form.cleaned_data["file"].name
        path = default_storage.save(f"imports/{uuid.uuid4().hex}", ContentFile(form.content))
        header, _rows = preview(form.content, name, 0)
        job = ImportJob.objects.create(
            by=request.user, name=name[:200], file=path, mapping=guess(header)
        )
        return redirect(job)
    jobs = ImportJob.objects.visible_to(request.user).select_related("by").defer("errors")
    context = {"form": form, "jobs": jobs[:JOBS_SHOWN]}
    status = 400 if form.errors else 200
    return render(request, "stocktaking/import_list.html", context, status=status)


@require_safe
@importers
def import_job(request: SignedInRequest, pk: int) -> HttpResponse:
    return job_page(request, get_object_or_404(ImportJob.objects.visible_to(request.user), pk=pk))


def job_page(
    request: SignedInRequest, job: ImportJob, problem: str = "", status: int = 200
) -> HttpResponse:
    header, rows = sheet_of(job)
    context = {
        "job": job,
        "problem": problem,
        "header": header,
        "rows": rows,
        "columns": [
            {"name": name, "place": job.mapping.get(name), "required": name in REQUIRED}
            for name in KNOWN
        ],
        "errors": job.errors[:ERRORS_SHOWN],
        "mine": job.by_id == request.user.pk,
    }
    return render(request, "stocktaking/import.html", context, status=status)


def sheet_of(job: ImportJob) -> tuple[list[str], list[list[str]]]:
    """Header and first rows while the file is kept."""
    if job.is_live or not job.file or not default_storage.exists(job.file):
        return [], []
    with default_storage.open(job.file) as file:
        return preview(file.read(), job.name, PREVIEW_ROWS)


@require_POST
@importers
def import_act(request: SignedInRequest, pk: int) -> HttpResponse:
    """Check with these columns, import, or undo; done by a worker."""
    job = get_object_or_404(ImportJob, pk=pk, by=request.user)
    act = request.POST.get("act", "")
    if act == ImportJob.Mode.CHECK and not job.is_live:
        job.mapping = chosen(request.POST)
        missing = [name for name in REQUIRED if name not in job.mapping]
        if missing:
            return job_page(
                request,
                job,
                _("Choose a column for: %(names)s.") % {"names": ", ".join(missing)},
                400,
            )
        job.save(update_fields=["mapping"])
    if not allowed(job, act):
        return job_page(request, job, _("This is not possible now."), 409)
    with transaction.atomic():
        if job.queue(act, as_staff=request.user.is_secretariat):
            run_import.delay_on_commit(job.pk)  # type: ignore[attr-defined]  # Celery's Django task
        else:
            messages.info(request, _("A worker is at it already."))
    return redirect(job)


def allowed(job: ImportJob, act: str) -> bool:
    """Check first, import what was checked, undo what was imported."""
    checked = job.mode == ImportJob.Mode.CHECK and job.state == ImportJob.State.DONE
    broke_off = job.mode == ImportJob.Mode.IMPORT and job.state == ImportJob.State.FAILED
    return {
        ImportJob.Mode.CHECK.value: job.mode == ImportJob.Mode.CHECK,
        ImportJob.Mode.IMPORT.value: checked or broke_off,
        ImportJob.Mode.UNDO.value: job.can_be_undone,
    }.get(act, False)


def chosen(data: Any) -> dict[str, int]:
    """Our column → place in the file, of the selects that were set."""
    places = {name: data.get(f"column-{name}", "") for name in KNOWN}
    return {
        n: int(p) for n, p in places.items() if p.isascii() and p.isdigit() and len(p) <= DIGITS
    }


@require_safe
@importers
def import_errors(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every error by row and column, as a sheet in which nothing runs as a formula."""
    job = get_object_or_404(ImportJob.objects.visible_to(request.user), pk=pk)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="import-errors.csv"'
    writer = csv.writer(response)
    writer.writerow(["row", "column", "message"])
    for row, column, message in job.errors:
        writer.writerow([row, column, f"'{message}" if message.startswith(FORMULA) else message])
    return response
