"""The count in the admin: one officer proposes, another one confirms; then the results."""

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import ReadOnlyAdmin
from common.dates.admin import ZonedAdmin
from common.moves.workflow import MoveRefused
from common.text.digits import whole_number
from prizes.ballot.admin import StateFilter
from prizes.contest.models import Contest
from prizes.result.files import RecordFile
from prizes.result.models import CountProposal, Result, count_votes, standing_proposal
from prizes.result.preview import preview

CHANGELIST = "admin:prizes_contest_changelist"


@admin.action(description=_("Count the votes and freeze the results"))
def count(
    desk: ModelAdmin, request: HttpRequest, chosen: QuerySet[Contest]
) -> HttpResponse | None:
    """Go to the page that shows what would be frozen; one contest at a time."""
    contests = list(chosen[:2])
    if len(contests) > 1:
        messages.error(request, gettext("Choose one contest."))
        return None
    return redirect("admin:prizes_contest_count", contests[0].pk)


class CountMixin(admin.ModelAdmin):
    """A page for each contest with what the count would freeze."""

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.count_page)
        return [
            path("<int:pk>/count/", page, name="prizes_contest_count"),
            *super().get_urls(),
        ]

    def count_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        contest = get_object_or_404(Contest, pk=pk)
        refusal = ""
        if request.method == "POST":
            act = self._dismiss if request.POST.get("act") == "dismiss" else self._count
            try:
                return act(request, contest)
            except MoveRefused as refused:
                refusal = str(refused.message)
        return self._count_page(request, contest, refusal)

    def _count(self, request: HttpRequest, contest: Contest) -> HttpResponse:
        results = count_votes(contest, request.user, request.POST.get("digest", ""))
        if not results:
            messages.success(
                request, gettext("Proposed. A second person must confirm the count.")
            )
            return redirect("admin:prizes_contest_count", contest.pk)
        sentence = gettext(
            "The votes of %(contest)s are counted. Results frozen: %(results)d."
            " Champions: %(champions)d."
        )
        champions = sum(result.champion for result in results)
        values = {"contest": contest, "results": len(results), "champions": champions}
        messages.success(request, sentence % values)
        self.log_change(request, contest, sentence % values)
        return redirect(CHANGELIST)

    def _dismiss(self, request: HttpRequest, contest: Contest) -> HttpResponse:
        """Close the proposal: nothing is frozen, and the count can be proposed anew."""
        key = whole_number(request.POST.get("proposal", ""))
        proposal = get_object_or_404(CountProposal, pk=key, contest=contest)
        proposal.dismiss(request.user)  # type: ignore[arg-type]  # staff
        self.log_change(request, contest, f"count {proposal}: dismiss")
        messages.success(request, gettext("Dismissed: nothing is frozen."))
        return redirect("admin:prizes_contest_count", contest.pk)

    @transaction.atomic
    def _count_page(
        self, request: HttpRequest, contest: Contest, refusal: str
    ) -> HttpResponse:
        """The preview, or a sentence when the votes cannot be counted now."""
        seen = proposal = None
        try:
            seen = preview(contest)
        except MoveRefused as refused:
            refusal = refusal or str(refused.message)
        if seen:
            proposal = standing_proposal(contest, seen)
        context = self.admin_site.each_context(request) | {
            "title": gettext("Count the votes: %(contest)s") % {"contest": contest},
            "opts": self.opts,
            "contest": contest,
            "seen": seen,
            "refusal": refusal,
            "proposal": proposal,
            "why_not": proposal.why_not_second(request.user) if proposal else "",
            "changelist": reverse(CHANGELIST),
        }
        status = 409 if refusal and request.method == "POST" else 200
        return render(
            request, "admin/prizes/contest/count.html", context, status=status
        )


@admin.register(Result)
class ResultAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ("category", "contest")
    list_display = ("category", "rank", "entry", "votes", "champion", "frozen_at", "by")
    list_filter = ("champion",)
    list_select_related = ("category__contest", "entry", "by")
    search_fields = ("entry__title", "category__contest__title")


@admin.register(CountProposal)
class CountProposalAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ("contest",)
    list_display = (
        "contest",
        "proposed_by",
        "proposed_at",
        "confirmed_by",
        "confirmed_at",
        "preview",
    )
    list_filter = (StateFilter,)
    list_select_related = ("contest", "proposed_by", "confirmed_by")

    @admin.display(description=_("count"))
    def preview(self, proposal: CountProposal) -> str:
        """The page on which a second officer confirms."""
        if proposal.contest.counted_at:
            return ""
        page = reverse("admin:prizes_contest_count", args=[proposal.contest_id])
        return format_html('<a href="{}">{}</a>', page, gettext("Look at the count"))


@admin.register(RecordFile)
class RecordFileAdmin(ReadOnlyAdmin):
    list_display = ("contest", "file", "size", "sha256", "made_at")
    list_select_related = ("contest",)
    fields = ("contest", "file", "size", "sha256", "lines", "withheld", "made_at")
