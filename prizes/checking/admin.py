"""The desk of held votes: patterns, what a group shares, and the decisions about it."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.admin.read_only import ReadOnlyAdmin
from common.dates.admin import ZonedAdmin
from prizes.ballot.admin import StateFilter
from prizes.ballot.group_void import GroupVoid
from prizes.ballot.models import VoteRefused
from prizes.checking import deciding
from prizes.checking.export import export
from prizes.checking.figures import COLUMNS
from prizes.checking.forms import ReleaseForm, VoidForm
from prizes.checking.group import Group
from prizes.checking.models import HeldDay
from prizes.contest.models import Contest
from prizes.hold.models import Hold, Pattern, Signal

CHANGE = "prizes.change_pattern"


class HeldFilter(admin.SimpleListFilter):
    """The patterns that the first page of the admin counts."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, desk: Any) -> list[tuple[str, Any]]:
        return [("held", Hold.State.HELD.label)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.with_held() if self.value() == "held" else queryset


@admin.register(Pattern)
class PatternAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ("contest",)
    list_display = (
        "contest",
        "rule",
        "found_at",
        "voters",
        "held",
        "confirmed",
        "lapsed",
        "group_page",
    )
    list_filter = (HeldFilter, ("contest", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("contest", "rule")
    fields = ("contest", "rule", "found_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pattern]:
        numbers = {
            state: Count("holds", filter=Q(holds__state=state)) for state in NUMBERED
        }
        rows: QuerySet[Pattern] = super().get_queryset(request)
        return rows.annotate(in_all=Count("holds"), **numbers)

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.group_view)
        return [
            path("<int:pk>/group/", page, name="prizes_pattern_group"),
            *super().get_urls(),
        ]

    @admin.display(description=_("voters"))
    def voters(self, pattern: Any) -> int:
        return int(pattern.in_all)

    @admin.display(description=_("held"))
    def held(self, pattern: Any) -> int:
        return int(pattern.held)

    @admin.display(description=_("confirmed"))
    def confirmed(self, pattern: Any) -> int:
        return int(pattern.confirmed)

    @admin.display(description=_("not confirmed in time"))
    def lapsed(self, pattern: Any) -> int:
        return int(pattern.lapsed)

    @admin.display(description=_("group"))
    def group_page(self, pattern: Pattern) -> str:
        page = reverse("admin:prizes_pattern_group", args=[pattern.pk])
        return format_html('<a href="{}">{}</a>', page, gettext("Look at the group"))

    def group_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the group shares; a POST with `act` decides about it."""
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        rows = Pattern.objects.select_related("contest", "rule")
        pattern = get_object_or_404(rows, pk=pk)
        sent = request.POST if request.method == "POST" else None
        act = sent.get("act", "") if sent is not None else ""
        if sent is not None and act not in ACTS:
            raise Http404
        forms: dict[str, Any] = {
            "release": ReleaseForm(
                sent if act == "release" else None, prefix="release"
            ),
            "void": VoidForm(sent if act == "void" else None, prefix="void"),
        }
        refusal = ""
        if act and (act not in forms or forms[act].is_valid()):
            try:
                said = ACTS[act](pattern, request.user, forms)
            except VoteRefused as refused:
                refusal = str(refused.message)
            else:
                messages.success(request, said)
                self.log_change(request, pattern, said)
                return redirect("admin:prizes_pattern_group", pattern.pk)
        return self._group_page(request, pattern, forms, refusal)

    def _group_page(
        self, request: HttpRequest, pattern: Pattern, forms: Any, refusal: str
    ) -> HttpResponse:
        group = Group(pattern)
        proposals = GroupVoid.objects.open().select_related("proposed_by")
        proposal = proposals.filter(pattern=pattern).first()
        context = self.admin_site.each_context(request) | {
            "title": gettext("Group of votes: %(contest)s")
            % {"contest": pattern.contest},
            "opts": self.opts,
            "pattern": pattern,
            "contest": pattern.contest,
            "group": group,
            "forms": forms,
            "refusal": refusal,
            "proposal": proposal,
            "why_not": proposal.why_not_second(request.user) if proposal else "",
            "decided": pattern.voids.exclude(confirmed_at=None, dismissed_at=None),
        }
        bad = refusal or any(form.errors for form in forms.values())
        return render(
            request,
            "admin/prizes/pattern/group.html",
            context,
            status=409 if refusal else 400 if bad else 200,
        )


NUMBERED = (Hold.State.HELD, Hold.State.CONFIRMED, Hold.State.LAPSED)


def _release(pattern: Pattern, by: User, forms: Any) -> str:
    count = deciding.release(pattern, by, forms["release"].cleaned_data["reason"])
    sentence = ngettext(
        "The votes of %(count)d voter are released: they count.",
        "The votes of %(count)d voters are released: they count.",
        count,
    )
    return sentence % {"count": count}


def _propose(pattern: Pattern, by: User, forms: Any) -> str:
    data = forms["void"].cleaned_data
    group = deciding.propose(pattern, by, data["reason"], data["told"])
    count = group.cases.count()
    sentence = ngettext(
        "Proposed to declare %(count)d vote void. A second person must confirm.",
        "Proposed to declare %(count)d votes void. A second person must confirm.",
        count,
    )
    return sentence % {"count": count}


def _proposal_of(pattern: Pattern) -> GroupVoid:
    group = GroupVoid.objects.open().filter(pattern=pattern).first()
    if group is None:
        raise VoteRefused(GroupVoid.DECIDED)
    return group


def _confirm(pattern: Pattern, by: User, forms: Any) -> str:
    count = deciding.confirm(_proposal_of(pattern), by)
    sentence = ngettext(
        "%(count)d vote is declared void.", "%(count)d votes are declared void.", count
    )
    return sentence % {"count": count}


def _dismiss(pattern: Pattern, by: User, forms: Any) -> str:
    deciding.dismiss(_proposal_of(pattern), by)
    return gettext("The proposal is dismissed. The votes stay as they are.")


ACTS: dict[str, Callable[[Pattern, Any, Any], str]] = {
    "release": _release,
    "void": _propose,
    "confirm": _confirm,
    "dismiss": _dismiss,
}


@admin.register(GroupVoid)
class GroupVoidAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ("pattern", "contest")
    list_display = (
        "pattern",
        "reason",
        "proposed_by",
        "proposed_at",
        "confirmed_by",
        "confirmed_at",
        "votes",
    )
    list_filter = (StateFilter,)
    list_select_related = (
        "pattern__rule",
        "pattern__contest",
        "proposed_by",
        "confirmed_by",
    )
    search_fields = ("reason",)
    fields = (
        "pattern",
        "reason",
        "told",
        "proposed_by",
        "proposed_at",
        "confirmed_by",
        "confirmed_at",
        "dismissed_by",
        "dismissed_at",
        "votes",
    )


class DeviceFilter(admin.AllValuesFieldListFilter):
    """The kind of device; what was not recognized has a name to press too."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield choice | {"display": choice["display"] or gettext("Not stated")}


@admin.register(Signal)
class SignalAdmin(ZonedAdmin, ReadOnlyAdmin):
    """The log of votes for an audit: never for whom, never who it was."""

    change_list_template = "admin/prizes/signal/change_list.html"
    zone_from = ("contest",)
    list_display = (
        "contest",
        "hour",
        "network",
        "device",
        "age",
        "votes",
        "seconds",
        "before_void",
    )
    list_filter = (
        ("contest", admin.RelatedOnlyFieldListFilter),
        ("device", DeviceFilter),
        "age",
    )
    list_select_related = ("contest",)
    search_fields = ("network__startswith",)
    fields = (
        "contest",
        "hour",
        "network",
        "device",
        "domain",
        "age",
        "votes",
        "seconds",
        "before_void",
    )

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.export_view)
        return [
            path("export.csv", page, name="prizes_signal_export"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        contests = Contest.objects.filter(signal_key__isnull=False)
        more = (extra_context or {}) | {"contests": contests}
        return super().changelist_view(request, more)

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """All signals of the contest in the address (`?contest=…`)."""
        if not request.user.has_perm("prizes.view_signal"):
            raise PermissionDenied
        return export(request)


@admin.register(HeldDay)
class HeldDayAdmin(ReadOnlyAdmin):
    list_display = ("contest", "category", "day", *COLUMNS)
    list_filter = (("contest", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("contest", "category__contest")
    fields = ("contest", "category", "day", *COLUMNS)
