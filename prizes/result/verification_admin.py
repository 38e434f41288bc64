"""Verifying the record of a vote in the admin: a worker does it, the page says how far it is."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext

from common.admin.read_only import ReadOnlyAdmin
from common.dates.admin import ZonedAdmin
from common.moves.actors import SignedInRequest
from prizes.contest.models import Contest
from prizes.result.tasks import work_on_verifications
from prizes.result.verification import Verification

SHOWN = 20


class VerifyMixin(admin.ModelAdmin):
    """A page for each contest with the latest verifications."""

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.verify_page)
        return [
            path("<int:pk>/verify/", page, name="prizes_contest_verify"),
            *super().get_urls(),
        ]

    def verify_page(self, request: SignedInRequest, pk: int) -> HttpResponse:
        """Show what was found; posting begins, or stops what is under way."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        contest = get_object_or_404(Contest, pk=pk)
        jobs = Verification.objects.filter(contest=contest).order_by("-pk")
        if request.method == "POST":
            self._begin_or_stop(request, contest)
            return redirect("admin:prizes_contest_verify", contest.pk)
        rows = list(jobs.select_related("by")[:SHOWN])
        context = self.admin_site.each_context(request) | {
            "title": gettext("Verify the record: %(contest)s") % {"contest": contest},
            "opts": self.opts,
            "contest": contest,
            "rows": rows,
            "live": next((job for job in rows if job.is_live), None),
            "current": Verification.objects.current(contest),
        }
        return render(request, "admin/prizes/contest/verify.html", context)

    def _begin_or_stop(self, request: SignedInRequest, contest: Contest) -> None:
        with transaction.atomic():
            Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
            live = Verification.objects.live().filter(contest=contest).first()
            if "stop" in request.POST:
                stopped = live is not None and live.cancel()
                if stopped:
                    messages.success(request, gettext("The work was stopped."))
            elif live is None:
                Verification.objects.create(contest=contest, by=request.user)
                work_on_verifications.delay_on_commit()  # type: ignore[attr-defined]


@admin.register(Verification)
class VerificationAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ("contest",)
    list_display = ("contest", "state", "events", "problem", "hour", "finished_at")
    list_filter = ("state",)
    list_select_related = ("contest",)
    exclude = ("token", "votes", "totals")
