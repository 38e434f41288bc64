"""Import of projects in the browser, for the secretariat and for agencies."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import format_lazy
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.role.roles import Role
from accounts.session.requests import SignedInRequest, role_required
from common.imports.reader import HEADING_ROWS, MAX_BYTES, MAX_ROWS
from common.limits.throttle import throttled
from common.tables.csv_files import csv_response
from common.tables.xlsx import workbook
from common.text.digits import whole_number
from stocktaking.imports.files import KNOWN, Sheet, guess, refused_rows, sheet_of
from stocktaking.imports.headings import LABELS
from stocktaking.imports.models import ImportJob
from stocktaking.imports.tasks import run_import
from stocktaking.project.period import shown

importers = role_required(Role.AGENCY, Role.SECRETARIAT, Role.ADMINISTRATOR)
PREVIEW_ROWS, ERRORS_SHOWN, JOBS_SHOWN = 5, 50, 50
LAST_COLUMN = 999
REQUIRED = ("title", "organization")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACCEPTED = f".csv,.xlsx,text/csv,{XLSX}"


class SheetForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV or XLSX file"),
        max_length=200,
        widget=forms.FileInput({"accept": ACCEPTED}),
        help_text=format_lazy(
            gettext_lazy(
                "At most {limit} MB and {rows} rows. One row names the columns; you choose next "
                "which row it is and which column is which, and see what would happen before "
                "anything is written."
            ),
            limit=MAX_BYTES // 1024**2,
            rows=f"{MAX_ROWS:,}",
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            limit = {"limit": MAX_BYTES // 1024**2}
            raise ValidationError(
                _("The file is too large: at most %(limit)d MB.") % limit
            )
        self.content = file.read()
        self.sheet = sheet_of(self.content, file.name, PREVIEW_ROWS)
        return file


@require_http_methods(["GET", "HEAD", "POST"])
@importers
@throttled("import", 30, 3600, by="user", methods="POST")
def import_list(request: SignedInRequest) -> HttpResponse:
    """The form for a new file, and the imports so far."""
    form = SheetForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        name = form.cleaned_data["file"].name
        path = default_storage.save(
            f"imports/{uuid.uuid4().hex}", ContentFile(form.content)
        )
        job = ImportJob.objects.create(
            by=request.user,
            name=name[:200],
            file=path,
            mapping=guess(form.sheet.header),
            heading=form.sheet.heading,
            encoding=form.sheet.encoding,
        )
        return redirect(job)
    jobs = (
        ImportJob.objects.visible_to(request.user).select_related("by").defer("errors")
    )
    context = {"form": form, "jobs": jobs[:JOBS_SHOWN]}
    status = 400 if form.errors else 200
    return render(
        request, "stocktaking/imports/import_list.html", context, status=status
    )


@require_safe
@importers
def import_job(request: SignedInRequest, pk: int) -> HttpResponse:
    return job_page(
        request, get_object_or_404(ImportJob.objects.visible_to(request.user), pk=pk)
    )


def job_page(
    request: SignedInRequest, job: ImportJob, problem: str = "", status: int = 200
) -> HttpResponse:
    sheet = kept_sheet(job)
    context = {
        "job": job,
        "problem": problem,
        "sheet": sheet,
        "headings": headings(sheet, job.heading),
        "columns": [
            {
                "name": name,
                "label": label,
                "place": job.mapping.get(name),
                "required": name in REQUIRED,
            }
            for name, label in LABELS.items()
        ],
        "errors": [
            [row, LABELS.get(column, column), sentence]
            for row, column, sentence in job.errors[:ERRORS_SHOWN]
        ],
        "dates": dates_read(job),
        "damaged": [
            (row, LABELS[column], part)
            for row, column, part in job.readings.get("damaged", [])
        ],
        "orders": ImportJob.DateOrder.choices,
        "mine": job.by_id == request.user.pk,
    }
    return render(request, "stocktaking/imports/import.html", context, status=status)


def kept_sheet(job: ImportJob) -> Sheet | None:
    """Heading and first rows while the file is kept."""
    if job.is_live or not job.file or not default_storage.exists(job.file):
        return None
    with default_storage.open(job.file) as file:
        return sheet_of(file.read(), job.name, PREVIEW_ROWS, job.heading)


def headings(sheet: Sheet | None, chosen: int) -> list[tuple[int, str]]:
    """The first rows by number, as choices of the one that names the columns."""
    if sheet is None:
        return []
    rows = [
        (number, " | ".join(filter(None, row)))
        for number, row in enumerate(sheet.top, 1)
    ]
    return [(number, text) for number, text in rows if text or number == chosen]


def dates_read(job: ImportJob) -> list[tuple[str, str]]:
    """Dates as they stand in the file, and as they were read, in the words of the page."""
    return [(written, shown(iso)) for written, iso in job.readings.get("dates", [])]


@require_POST
@importers
def import_act(request: SignedInRequest, pk: int) -> HttpResponse:
    """Check with these columns, import, or undo; done by a worker."""
    job = get_object_or_404(ImportJob, pk=pk, by=request.user)
    act = request.POST.get("act", "")
    if act == "heading" and job.can_be_checked:
        choose_heading(job, request.POST.get("heading", ""))
        return redirect(job)
    if act == ImportJob.Mode.CHECK and job.can_be_checked:
        job.mapping = chosen(request.POST)
        order = request.POST.get("date_order", "")
        job.date_order = order if order in ImportJob.DateOrder else ""
        missing = [name for name in REQUIRED if name not in job.mapping]
        if missing:
            return job_page(
                request,
                job,
                _("Choose a column for: %(names)s.")
                % {"names": ", ".join(str(LABELS[name]) for name in missing)},
                400,
            )
        job.save(update_fields=["mapping", "date_order"])
    if not allowed(job, act):
        return job_page(request, job, _("This is not possible now."), 409)
    with transaction.atomic():
        if job.queue(act, as_staff=request.user.is_secretariat):
            run_import.delay_on_commit(job.pk)  # type: ignore[attr-defined]  # Celery's Django task
        else:
            messages.info(request, _("This is already in progress."))
    return redirect(job)


def choose_heading(job: ImportJob, number: str) -> None:
    """Take another row for the one that names the columns, and guess the columns anew."""
    heading = whole_number(number, HEADING_ROWS)
    if not heading:
        return
    with default_storage.open(job.file) as file:
        data = file.read()
    try:
        sheet = sheet_of(data, job.name, 0, heading)
    except ValidationError:  # an empty row names nothing
        return
    job.heading, job.mapping = sheet.heading, guess(sheet.header)
    job.mode, job.state = ImportJob.Mode.CHECK, ImportJob.State.NEW
    job.save(update_fields=["heading", "mapping", "mode", "state"])


def allowed(job: ImportJob, act: str) -> bool:
    """Check first, import what was checked, undo what was imported."""
    checked = job.mode == ImportJob.Mode.CHECK and job.state == ImportJob.State.DONE
    broke_off = (
        job.mode == ImportJob.Mode.IMPORT and job.state == ImportJob.State.FAILED
    )
    return {
        ImportJob.Mode.CHECK.value: job.can_be_checked,
        ImportJob.Mode.IMPORT.value: checked or broke_off,
        ImportJob.Mode.UNDO.value: job.can_be_undone,
    }.get(act, False)


def chosen(data: Mapping[str, Any]) -> dict[str, int]:
    """Our column → place in the file, of the selects that were set."""
    places = {}
    for name in KNOWN:
        place = whole_number(data.get(f"column-{name}", ""), LAST_COLUMN)
        if place is not None:
            places[name] = place
    return places


@require_safe
@importers
def import_errors(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """The refused rows as they stand in the file, each with what is wrong, to be mended and sent
    again; in a sheet in which nothing runs as a formula."""
    job = get_object_or_404(ImportJob.objects.visible_to(request.user), pk=pk)
    rows = list(rows_with_errors(job))
    name = f"import-{job.pk}-errors.{kind}"
    if kind == "csv":
        return csv_response(name, rows)
    if kind != "xlsx":
        raise Http404
    pieces = workbook(rows[:1], rows[1:], _("Rows to correct"), get_language_bidi())
    response = HttpResponse(b"".join(pieces), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def rows_with_errors(job: ImportJob) -> Iterator[list[str]]:
    """The heading and the refused rows; the sentences alone where the file is kept no more."""
    sentences: dict[int, list[str]] = {}
    for row, column, sentence in job.errors:
        label = f"{LABELS[column]}: " if column in LABELS else ""
        sentences.setdefault(row, []).append(f"{label}{sentence}")
    if job.file and default_storage.exists(job.file):
        with default_storage.open(job.file) as file:
            yield from refused_rows(file.read(), job.name, job.heading, sentences)
        return
    yield [_("Row"), _("What is wrong")]
    for row, found in sentences.items():
        yield [str(row), " ".join(found)]
