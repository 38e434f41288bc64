"""All certificates of a contest in one file: chosen, made by a worker, fetched."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext

from common.admin.read_only import ReadOnlyAdmin
from common.text.digits import BIGGEST_ID, whole_number
from prizes.certificate.models import CertificateJob, awarded_entries
from prizes.certificate.tasks import print_certificates
from prizes.contest.models import Contest

SHOWN = 20


class CertificatesForm(forms.ModelForm):
    class Meta:
        model = CertificateJob
        fields = ("language", "form")


class CertificatesMixin(admin.ModelAdmin):
    """A page beside the form of a contest."""

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("certificates/", self.certificates_view, "certificates"),
            ("certificates/<int:job>/", self.certificates_file, "certificates_file"),
        )
        return [
            *(
                path(
                    f"<int:pk>/{address}",
                    self.admin_site.admin_view(view),
                    name=f"prizes_contest_{name}",
                )
                for address, view, name in pages
            ),
            *super().get_urls(),
        ]

    def certificates_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose language and form, and begin; the last jobs, each with its file."""
        contest = self._contest_of(request, pk)
        jobs = CertificateJob.objects.of_contest(contest)
        if request.method == "POST" and "retry" in request.POST:
            return self._try_again(request, contest)
        if request.method == "POST" and "job" in request.POST:
            number = whole_number(request.POST["job"], BIGGEST_ID) or 0
            if get_object_or_404(jobs, pk=number).stop(request.user):
                messages.success(request, gettext("The work was stopped."))
            return redirect("admin:prizes_contest_certificates", pk)
        by: Any = request.user
        job = CertificateJob(contest=contest, by=by)
        data = request.POST if request.method == "POST" else None
        form = CertificatesForm(data, instance=job)
        if form.is_bound and form.is_valid():
            with transaction.atomic():
                form.save()
                print_certificates.delay_on_commit(job.pk)  # type: ignore[attr-defined]  # of Celery
            self.log_change(request, contest, f"certificates: {job.form}")
            return redirect(job)
        context = self.admin_site.each_context(request) | {
            "title": gettext("Certificates"),
            "opts": self.opts,
            "contest": contest,
            "count": awarded_entries().filter(contest=contest).count(),
            "form": form,
            "jobs": jobs[:SHOWN],
        }
        page = "admin/prizes/contest/certificates.html"
        return render(request, page, context, status=400 if form.errors else 200)

    @transaction.atomic
    def _try_again(self, request: HttpRequest, contest: Contest) -> HttpResponse:
        """Have a job that failed done again as it was asked for; a second press begins nothing."""
        number = whole_number(request.POST["retry"], BIGGEST_ID) or 0
        jobs = CertificateJob.objects.of_contest(contest)
        job = get_object_or_404(jobs.select_for_update(of=("self",)), pk=number)
        if job.can_be_retried and job.retry(request.user):
            print_certificates.delay_on_commit(job.pk)  # type: ignore[attr-defined]  # of Celery
            self.log_change(request, contest, f"certificates {job.pk}: retry")
            messages.success(request, gettext("The work begins again within a minute."))
        else:
            messages.error(request, gettext("This is not possible now."))
        return redirect(job)

    def certificates_file(
        self, request: HttpRequest, pk: int, job: int
    ) -> FileResponse:
        """The file, while it is kept."""
        contest = self._contest_of(request, pk)
        jobs = CertificateJob.objects.of_contest(contest)
        found = get_object_or_404(jobs, pk=min(job, BIGGEST_ID))
        if not found.can_be_fetched or not default_storage.exists(found.file):
            raise Http404
        name = f"certificates-{contest.slug}-{found.language}.{found.form}"
        file = default_storage.open(found.file)
        response = FileResponse(file, as_attachment=True, filename=name)
        response["Cache-Control"] = "no-store"
        return response

    def _contest_of(self, request: HttpRequest, pk: int) -> Contest:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(Contest, pk=pk)


@admin.register(CertificateJob)
class CertificateJobAdmin(ReadOnlyAdmin):
    list_display = ("contest", "language", "form", "state", "printed", "created_at")
    list_filter = (("contest", admin.RelatedOnlyFieldListFilter), "state")
    list_select_related = ("contest",)
    exclude = ("token", "file")
