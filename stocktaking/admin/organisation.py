"""The authority list of organisations: confirm new names, merge spellings."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stocktaking.admin.role import DomainInline
from stocktaking.forms import chosen_ids
from stocktaking.models import Organisation

MAX_AT_ONCE = 20
TWO = 2  # spellings at least, to have something to merge


class ConfirmedFilter(admin.SimpleListFilter):
    title = gettext_lazy("confirmed")
    parameter_name = "confirmed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return [
            ("no", gettext_lazy("Waits to be confirmed")),
            ("yes", gettext_lazy("Confirmed")),
            ("merged", gettext_lazy("Merged into another")),
        ]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        match self.value():
            case "no":
                return queryset.filter(confirmed_at=None, successor=None)
            case "yes":
                return queryset.filter(confirmed_at__isnull=False, successor=None)
            case "merged":
                return queryset.exclude(successor=None)
        return queryset


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ("name", "country", "stakeholder_type", "confirmed_at", "successor")
    list_filter = (ConfirmedFilter, "stakeholder_type", "country__region")
    list_select_related = ("country", "stakeholder_type", "successor")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("known_as",)
    readonly_fields = ("successor", "created_at")
    inlines = (DomainInline,)
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    actions = ("confirm", "merge")

    def get_urls(self) -> list[URLPattern]:
        merge = self.admin_site.admin_view(self.merge_view)
        return [path("merge/", merge, name="stocktaking_organisation_merge"), *super().get_urls()]

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """In the type-ahead of another record only names that are still in use are offered."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.filter(successor=None)
        return super().get_search_results(request, queryset, search_term)

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        """Organisations are merged, not deleted: entries and old addresses point to them."""
        return False

    @admin.action(description=gettext_lazy("Confirm the names"))
    def confirm(self, request: HttpRequest, chosen: models.QuerySet) -> None:
        count = chosen.filter(confirmed_at=None).update(confirmed_at=timezone.now())
        text = ngettext("%(count)d name confirmed.", "%(count)d names confirmed.", count)
        messages.success(request, text % {"count": count})

    @admin.action(description=gettext_lazy("Merge into one"))
    def merge(self, request: HttpRequest, chosen: models.QuerySet) -> HttpResponse | None:
        ids = list(chosen.filter(successor=None).values_list("pk", flat=True)[: MAX_AT_ONCE + 1])
        if not TWO <= len(ids) <= MAX_AT_ONCE:
            messages.error(
                request,
                _("Choose 2 to %(limit)d organisations that are not merged yet.")
                % {"limit": MAX_AT_ONCE},
            )
            return None
        query = urlencode({"ids": ",".join(map(str, ids))})
        return redirect(f"{reverse('admin:stocktaking_organisation_merge')}?{query}")

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """Which of the spellings stays; the others become its aliases."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else request.GET
        ids = chosen_ids(data.get("ids", ""), MAX_AT_ONCE)
        with transaction.atomic():
            rows = Organisation.objects.filter(pk__in=ids, successor=None).order_by("pk")
            found = {str(row.pk): row for row in rows.select_for_update()}
            if len(found) < TWO:
                raise Http404
            survivor = found.pop(data.get("survivor", ""), None)
            if request.method == "POST" and survivor:
                return self._merged(request, survivor, list(found.values()))
        counted = rows.annotate(entries=models.Count("projects"))
        context = self.admin_site.each_context(request) | {
            "title": _("Merge into one"),
            "opts": self.model._meta,
            "organisations": counted,
            "ids": ",".join(map(str, ids)),
            "missing": request.method == "POST",
        }
        return render(request, "admin/stocktaking/organisation/merge.html", context)

    def _merged(
        self, request: HttpRequest, survivor: Organisation, others: list[Organisation]
    ) -> HttpResponse:
        for other in others:
            survivor.absorb(other, by=request.user)
        messages.success(
            request, _("Their entries now belong to “%(name)s”.") % {"name": survivor.name}
        )
        return redirect("admin:stocktaking_organisation_change", survivor.pk)
