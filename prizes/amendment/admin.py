"""Amendments of results in the admin: one officer proposes, another one confirms or dismisses."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import ReadOnlyAdmin
from common.dates.admin import ZonedAdmin
from common.lists.paging import keyset_page
from common.moves.workflow import MoveRefused
from common.text.digits import whole_number
from prizes.amendment.forms import AmendmentForm
from prizes.ballot.admin import StateFilter
from prizes.contest.models import Contest
from prizes.entry.amendment import Amendment
from prizes.entry.models import Entry

ACTS = ("confirm", "dismiss")


class AmendmentsMixin(admin.ModelAdmin):
    """A page beside the form of a contest on which its results are amended."""

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.amendments_view)
        return [
            path("<int:pk>/amendments/", page, name="prizes_contest_amendments"),
            *super().get_urls(),
        ]

    def amendments_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All amendments; the form for an entry of the category that `?line=` names."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        contest = get_object_or_404(Contest, pk=pk)
        if request.POST.get("act") in ACTS:
            return self._decide_on_amendment(request, contest)
        line = request.GET.get("line", "")
        category = contest.categories.filter(action_line=line[:20]).first()
        sent = [request.POST] if request.method == "POST" else []
        form = AmendmentForm(contest, category, request.user, *sent)
        if sent and form.is_valid():
            amendment = form.save()
            self.log_change(request, contest, f"amendment {amendment.pk}: propose")
            messages.success(
                request, gettext("Proposed. A second person must confirm it.")
            )
            return redirect(self._address(contest))
        own = Entry.objects.concerning(request.user).values("pk")
        rows = Amendment.objects.filter(entry__contest=contest).exclude(entry__in=own)
        rows = rows.select_related(
            "entry", "proposed_by", "confirmed_by", "dismissed_by"
        )
        context = self.admin_site.each_context(request) | {
            "title": gettext("Amendments of the results"),
            "opts": self.opts,
            "contest": contest,
            "categories": contest.categories.all(),
            "category": category,
            "form": form,
            "page": keyset_page(request, rows.order_by("-proposed_at", "-pk")),
        }
        status = 400 if form.errors else 200
        page = "admin/prizes/contest/amendments.html"
        return render(request, page, context, status=status)

    def _decide_on_amendment(
        self, request: HttpRequest, contest: Contest
    ) -> HttpResponse:
        act = request.POST["act"]
        key = whole_number(request.POST.get("amendment", ""))
        if key is None:
            raise Http404
        rows = Amendment.objects.filter(entry__contest=contest)
        amendment = get_object_or_404(rows, pk=key)
        try:
            getattr(amendment, act)(request.user)
        except MoveRefused as refused:
            messages.error(request, str(refused.message))
        else:
            self.log_change(request, contest, f"amendment {amendment.pk}: {act}")
            messages.success(
                request,
                gettext("Confirmed: the results are amended.")
                if act == "confirm"
                else gettext("Dismissed: the results stay as they are."),
            )
        return redirect(self._address(contest))

    @staticmethod
    def _address(contest: Contest) -> str:
        return reverse("admin:prizes_contest_amendments", args=[contest.pk])


@admin.register(Amendment)
class AmendmentAdmin(ZonedAdmin, ReadOnlyAdmin):
    """All contests; amendments of entries that concern the reader are left out."""

    zone_from = ("entry", "contest")
    list_display = (
        "entry",
        "kind",
        "proposed_by",
        "proposed_at",
        "confirmed_by",
        "confirmed_at",
        "page",
    )
    list_filter = (StateFilter, "kind")
    list_select_related = (
        "entry__contest",
        "proposed_by",
        "confirmed_by",
    )
    search_fields = ("entry__title",)

    def get_queryset(self, request: HttpRequest) -> Any:
        own = Entry.objects.concerning(request.user).values("pk")
        return super().get_queryset(request).exclude(entry__in=own)

    @admin.display(description=_("results"))
    def page(self, amendment: Amendment) -> SafeString:
        """The page on which a second officer decides."""
        address = reverse(
            "admin:prizes_contest_amendments", args=[amendment.entry.contest_id]
        )
        return format_html('<a href="{}">{}</a>', address, gettext("Look at it"))
