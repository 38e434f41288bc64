"""The pages of an import: upload, columns, check, progress, undo, the sheet of refused rows."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import format_lazy
from django.utils.translation import get_language_bidi, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from common.dates.partial import shown
from common.imports.files import Sheet, refused_rows, rows_of, sheet_of
from common.imports.importer import IMPORTERS, Importer
from common.imports.models import ImportJob
from common.imports.reader import HEADING_ROWS, MAX_BYTES, MAX_ROWS, Question
from common.imports.tasks import run_import
from common.limits.throttle import throttled
from common.moves.actors import SignedInRequest
from common.tables.csv_files import csv_response
from common.tables.xlsx import workbook
from common.text.digits import whole_number

PREVIEW_ROWS, ERRORS_SHOWN, JOBS_SHOWN = 5, 50, 50
LAST_COLUMN = 999
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACCEPTED = f".csv,.xlsx,text/csv,{XLSX}"
Kind = type[Importer[Any]]


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

    def __init__(self, kind: Kind, *args: Any) -> None:
        super().__init__(*args)
        self.kind = kind

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            limit = {"limit": MAX_BYTES // 1024**2}
            raise ValidationError(
                _("The file is too large: at most %(limit)d MB.") % limit
            )
        self.content = file.read()
        self.sheet = sheet_of(
            self.content, file.name, self.kind.headings(), PREVIEW_ROWS
        )
        return file


def of_kind(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a page the kind of import in its address, for those to whom the kind opens it."""

    @wraps(view)
    def page(request: HttpRequest, kind: str, **parts: Any) -> HttpResponse:
        if kind not in IMPORTERS:
            raise Http404
        importer = IMPORTERS[kind]
        return importer.guard(view)(request, kind=importer, **parts)

    return page


@require_http_methods(["GET", "HEAD", "POST"])
@of_kind
@throttled("import", 30, 3600, by="user", methods="POST")
def import_list(request: SignedInRequest, kind: Kind) -> HttpResponse:
    """The form for a new file, and the imports so far."""
    form = SheetForm(kind, request.POST or None, request.FILES or None)
    if form.is_valid():
        path = default_storage.save(
            f"imports/{uuid.uuid4().hex}", ContentFile(form.content)
        )
        job = ImportJob.objects.create(
            kind=kind.kind,
            by=request.user,
            name=form.cleaned_data["file"].name[:200],
            file=path,
            mapping=kind.headings().guess(form.sheet.header),
            heading=form.sheet.heading,
            encoding=form.sheet.encoding,
        )
        return redirect(job)
    jobs = jobs_of(request, kind).select_related("by").defer("errors")
    context = {
        "kind": kind,
        "lead": kind.lead(request.user),
        "form": form,
        "jobs": jobs[:JOBS_SHOWN],
    }
    status = 400 if form.errors else 200
    return render(request, "common/imports/import_list.html", context, status=status)


def jobs_of(request: SignedInRequest, kind: Kind) -> Any:
    return ImportJob.objects.visible_to(request.user).filter(kind=kind.kind)


@require_safe
@of_kind
def import_job(request: SignedInRequest, kind: Kind, pk: int) -> HttpResponse:
    return job_page(request, kind, get_object_or_404(jobs_of(request, kind), pk=pk))


def job_page(
    request: SignedInRequest,
    kind: Kind,
    job: ImportJob,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    sheet = kept_sheet(kind, job)
    undone = job.mode == ImportJob.Mode.UNDO
    context = {
        "kind": kind,
        "job": job,
        "problem": problem,
        "sheet": sheet,
        "headings": headings(sheet, job.heading),
        "columns": [(column, job.mapping.get(column.name)) for column in kind.columns],
        "has_dates": any(column.is_date for column in kind.columns),
        "left": left_as_they_are(kind, job) if undone else [],
        "errors": [
            [row, kind.label_of(column), sentence]
            for row, column, sentence in job.errors[:ERRORS_SHOWN]
        ],
        "dates": [
            (written, shown(iso)) for written, iso in job.readings.get("dates", [])
        ],
        "damaged": [
            (row, kind.label_of(column), part)
            for row, column, part in job.readings.get("damaged", [])
        ],
        "questions": [
            (question, job.decisions.get(question.key)) for question in open_in(job)
        ],
        "orders": ImportJob.DateOrder.choices,
        "mine": job.by_id == request.user.pk,
    }
    return render(request, "common/imports/import.html", context, status=status)


def left_as_they_are(kind: Kind, job: ImportJob) -> list[Any]:
    """The records that an undo has not touched, as far as they are still there."""
    keys = [key for key, _column, _sentence in job.errors]
    records = kind.model._default_manager.in_bulk(keys)
    return [records[key] for key in keys if key in records]


def kept_sheet(kind: Kind, job: ImportJob) -> Sheet | None:
    """Heading and first rows while the file is kept."""
    if job.is_live or not job.file or not default_storage.exists(job.file):
        return None
    return sheet_of(stored(job), job.name, kind.headings(), PREVIEW_ROWS, job.heading)


def stored(job: ImportJob) -> bytes:
    with default_storage.open(job.file) as file:
        return bytes(file.read())


def headings(sheet: Sheet | None, chosen: int) -> list[tuple[int, str]]:
    """The first rows by number, as choices of the one that names the columns."""
    if sheet is None:
        return []
    rows = [
        (number, " | ".join(filter(None, row)))
        for number, row in enumerate(sheet.top, 1)
    ]
    return [(number, text) for number, text in rows if text or number == chosen]


@require_POST
@of_kind
def import_act(request: SignedInRequest, kind: Kind, pk: int) -> HttpResponse:
    """Check with these columns, import, or undo; done by a worker. Or stop the worker."""
    job = get_object_or_404(jobs_of(request, kind), pk=pk, by=request.user)
    act = request.POST.get("act", "")
    if act == "cancel" and job.cancel():
        return redirect(job)
    if act == "heading" and job.can_be_checked:
        choose_heading(kind, job, request.POST.get("heading", ""))
        return redirect(job)
    problem, status = refusal(kind, job, act, request.POST)
    if problem:
        return job_page(request, kind, job, problem, status)
    with transaction.atomic():
        if job.enqueue(mode=act, as_staff=request.user.is_secretariat):
            run_import.delay_on_commit(job.pk)  # type: ignore[attr-defined]  # Celery's Django task
        else:
            messages.info(request, _("This is already in progress."))
    return redirect(job)


def refusal(
    kind: Kind, job: ImportJob, act: str, data: Mapping[str, Any]
) -> tuple[str, int]:
    """Why this cannot be done, with the status of the answer. What was chosen is kept."""
    if act == ImportJob.Mode.CHECK and job.can_be_checked:
        missing = choose_columns(kind, job, data)
        if missing:
            sentence = _("Choose a column for: %(names)s.")
            return sentence % {"names": ", ".join(missing)}, 400
    if act == ImportJob.Mode.IMPORT and (undecided := decide(job, data)):
        sentence = ngettext(
            "%(count)d question about the file is not answered yet.",
            "%(count)d questions about the file are not answered yet.",
            undecided,
        )
        return sentence % {"count": undecided}, 400
    return ("", 200) if job.can(act) else (_("This is not possible now."), 409)


def open_in(job: ImportJob) -> list[Question]:
    """What the check of a file found that its person has to decide."""
    if not job.is_checked:
        return []
    return [Question(*question) for question in job.readings.get("questions", [])]


def decide(job: ImportJob, data: Mapping[str, Any]) -> int:
    """Keep the answers; how many questions have none."""
    questions = open_in(job)
    for question in questions:
        answer = data.get(f"question-{question.key}", "")
        if question.takes(answer):
            job.decisions[question.key] = answer
    if questions:
        job.save(update_fields=["decisions"])
    return sum(question.key not in job.decisions for question in questions)


def choose_heading(kind: Kind, job: ImportJob, number: str) -> None:
    """Take another row for the one that names the columns, and guess the columns anew."""
    heading = whole_number(number, HEADING_ROWS)
    if not heading:
        return
    try:
        sheet = sheet_of(stored(job), job.name, kind.headings(), 0, heading)
    except ValidationError:  # an empty row names nothing
        return
    job.heading, job.mapping = sheet.heading, kind.headings().guess(sheet.header)
    job.mode, job.state = ImportJob.Mode.CHECK, ImportJob.State.NEW
    job.save(update_fields=["heading", "mapping", "mode", "state"])


def choose_columns(kind: Kind, job: ImportJob, data: Mapping[str, Any]) -> list[str]:
    """Keep which column is which; the names of those that have to be chosen and are not."""
    job.mapping = {}
    for column in kind.columns:
        place = whole_number(data.get(f"column-{column.name}", ""), LAST_COLUMN)
        if place is not None:
            job.mapping[column.name] = place
    order = data.get("date_order", "")
    job.date_order = order if order in ImportJob.DateOrder else ""
    missing = [
        str(column.label)
        for column in kind.columns
        if column.is_asked and column.name not in job.mapping
    ]
    if not missing:
        job.save(update_fields=["mapping", "date_order"])
    return missing


@require_safe
@of_kind
def import_errors(
    request: SignedInRequest, kind: Kind, pk: int, form: str
) -> HttpResponse:
    """The refused rows as they stand in the file, each with what is wrong, to be corrected and
    sent again; in a sheet in which nothing runs as a formula."""
    job = get_object_or_404(jobs_of(request, kind), pk=pk)
    rows = list(rows_with_errors(kind, job))
    name = f"import-{job.pk}-errors.{form}"
    if form == "csv":
        return csv_response(name, rows)
    if form != "xlsx":
        raise Http404
    pieces = workbook(rows[:1], rows[1:], _("Rows to correct"), get_language_bidi())
    response = HttpResponse(b"".join(pieces), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def rows_with_errors(kind: Kind, job: ImportJob) -> Iterator[list[str]]:
    """The heading and the refused rows; the sentences alone where the file is kept no more."""
    sentences: dict[int, list[str]] = {}
    known = {column.name for column in kind.columns}
    for row, column, sentence in job.errors:
        label = f"{kind.label_of(column)}: " if column in known else ""
        sentences.setdefault(row, []).append(f"{label}{sentence}")
    if job.file and default_storage.exists(job.file):
        sheet = rows_of(stored(job), job.name, kind.headings())
        yield from refused_rows(sheet, job.heading, sentences)
        return
    yield [_("Row"), _("What is wrong")]
    for row, found in sentences.items():
        yield [str(row), " ".join(found)]
