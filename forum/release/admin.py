"""The form of a release, and the releases that workers have made or could not make."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import ReadOnlyAdmin
from common.moves.workflow import MoveRefused
from common.text.digits import BIGGEST_ID, whole_number
from forum.release.forms import ReleaseForm
from forum.release.models import ReleaseJob
from forum.release.tasks import release_agendas


@admin.register(ReleaseJob)
class ReleaseJobAdmin(ReadOnlyAdmin):
    list_display = ("edition", "name", "state", "percent", "by", "created_at")
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter), "state")
    list_select_related = ("edition", "by")
    search_fields = ("name", "note")
    exclude = ("token", "lease_until")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.release_view)
        return [
            path("release/", view, name="forum_session_release"),
            *super().get_urls(),
        ]

    def release_view(self, request: HttpRequest) -> HttpResponse:
        """Name the next release of an edition's agenda and hand it to a worker. `?job=` fills the
        form as it was for a job that could not be done."""
        if not request.user.has_perm("forum.change_session"):
            raise PermissionDenied
        if request.method == "POST":
            form = ReleaseForm(request.POST)
        else:
            form = ReleaseForm(initial=typed_before(request.GET.get("job", "")))
        refused, status = "", 200
        if form.is_valid():
            try:
                with transaction.atomic():
                    job = form.begin(request.user)
                    release_agendas.delay_on_commit()  # type: ignore[attr-defined]  # of PortalTask
            except MoveRefused as error:
                refused, status = str(error.message), error.http_status
            else:
                return redirect(job)
        elif form.errors:
            status = 400
        context = self.admin_site.each_context(request) | {
            "title": _("Release the agenda"),
            "opts": self.model._meta,
            "form": form,
            "refused": refused,
        }
        return render(
            request, "admin/forum/session/release.html", context, status=status
        )


def typed_before(number: str) -> dict[str, object]:
    """The values of a job, for the form; nothing if there is none of this number."""
    rows = ReleaseJob.objects.filter(pk=whole_number(number, BIGGEST_ID) or 0)
    return rows.values("edition", "name", "note", "early_reason").first() or {}
