"""Printing for many people: what can be printed, how far each job is, and the files."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.session.requests import secretariat_only
from common.moves.actors import SignedInRequest
from common.text.digits import BIGGEST_ID, whole_number
from forum.edition.models import Edition
from forum.printing.kinds import KINDS
from forum.printing.models import PrintJob
from forum.printing.tasks import print_job

PAGE = ["GET", "HEAD", "POST"]
SHOWN = 50


@secretariat_only
@require_http_methods(PAGE)
def printing(request: SignedInRequest, slug: str) -> HttpResponse:
    """What can be printed, and the last jobs of the edition; posting stops one."""
    edition = get_object_or_404(Edition, slug=slug)
    jobs = PrintJob.objects.visible_to(request.user).of_edition(edition)
    if request.method == "POST":
        number = whole_number(request.POST.get("job", ""), BIGGEST_ID) or 0
        if get_object_or_404(jobs, pk=number).stop(request.user):
            messages.success(request, _("The work was stopped."))
        else:
            messages.error(request, _("This is not possible now."))
        return redirect("forum:printing", slug=slug)
    rows = [(job, KINDS[job.kind]) for job in jobs[:SHOWN] if job.kind in KINDS]
    context = {"edition": edition, "kinds": KINDS.values(), "rows": rows}
    return render(request, "forum/printing/printing.html", context)


@secretariat_only
@require_http_methods(PAGE)
def print_kind(request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
    """Choose how one kind is printed, and begin."""
    edition = get_object_or_404(Edition, slug=slug)
    if kind not in KINDS:
        raise Http404
    chosen = KINDS[kind]
    job = PrintJob(edition=edition, kind=kind, by=request.user)
    data = [request.POST] if request.method == "POST" else []
    form = chosen.form_for(job, *data)
    if form.is_bound and form.is_valid():
        job.options = form.cleaned_data
        with transaction.atomic():
            job.save()
            print_job.delay_on_commit(job.pk)  # type: ignore[attr-defined]  # of PortalTask
        return redirect(job)
    context = {"edition": edition, "kind": chosen, "form": form}
    status = 400 if form.is_bound else 200
    return render(request, "forum/printing/kind.html", context, status=status)


@secretariat_only  # type: ignore[arg-type]  # the answer is a stream
@require_safe
def printed_file(request: SignedInRequest, slug: str, pk: int) -> FileResponse:
    """The file, for staff, while it is kept."""
    jobs = PrintJob.objects.visible_to(request.user).filter(edition__slug=slug)
    job = get_object_or_404(jobs, pk=min(pk, BIGGEST_ID))
    if not job.can_be_fetched or not default_storage.exists(job.file):
        raise Http404
    name = f"{slug}-{job.kind}-{job.pk}.pdf"
    file = default_storage.open(job.file)
    response = FileResponse(file, as_attachment=True, filename=name)
    response["Cache-Control"] = "no-store"
    return response
