"""The authority list of organizations: confirm new names, rename, merge and split."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.db import models, transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.admin.deletion import DeletesMistakes
from common.admin.read_only import ReadOnlyAdmin
from stocktaking.organization import restructuring_admin
from stocktaking.organization.models import Organization
from stocktaking.organization.restructuring import Restructuring, rename
from stocktaking.organization.restructuring_admin import MAX_AT_ONCE, TWO
from stocktaking.organization.roles import OrganizationDomain
from stocktaking.organization.roles_admin import DomainInline
from stocktaking.organization.trust import OrganizationTrust


class ConfirmedFilter(admin.SimpleListFilter):
    title = gettext_lazy("confirmed")
    parameter_name = "confirmed"

    def lookups(
        self, request: HttpRequest, model_admin: ModelAdmin
    ) -> list[tuple[Any, Any]]:
        return [
            ("no", gettext_lazy("Awaiting confirmation")),
            ("yes", gettext_lazy("Confirmed")),
            ("merged", gettext_lazy("Merged into another")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet
    ) -> models.QuerySet:
        match self.value():
            case "no":
                return queryset.filter(confirmed_at=None, successor=None)
            case "yes":
                return queryset.filter(confirmed_at__isnull=False, successor=None)
            case "merged":
                return queryset.exclude(successor=None)
        return queryset


@admin.register(Organization)
class OrganizationAdmin(DeletesMistakes):
    """Organizations in use are merged, not deleted: projects and old addresses refer to them."""

    goes_along = (OrganizationDomain, OrganizationTrust)
    list_display = ("name", "place", "stakeholder_type", "confirmed_at", "successor")
    list_filter = (ConfirmedFilter, "stakeholder_type", "country__region")
    list_select_related = ("country", "stakeholder_type", "successor")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("known_as",)
    readonly_fields = ("successor", "created_at")
    inlines = (DomainInline,)
    actions = ("confirm", "merge")

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("merge", "merge/", restructuring_admin.merge),
            ("split", "<int:pk>/split/", restructuring_admin.split),
            ("undo", "undo/<int:pk>/", restructuring_admin.undo),
        )
        return [
            *(
                path(
                    route,
                    self.admin_site.admin_view(partial(page, self)),
                    name=f"stocktaking_organization_{name}",
                )
                for name, route, page in pages
            ),
            *super().get_urls(),
        ]

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """The autocompletion of other admin forms offers only names that are still in use."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.filter(successor=None).offered()  # type: ignore[attr-defined]  # ours
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=gettext_lazy("country"), ordering="country")
    def place(self, organization: Organization) -> str:
        return organization.place or "–"

    @admin.action(description=gettext_lazy("Confirm the names"))
    def confirm(self, request: HttpRequest, chosen: models.QuerySet) -> None:
        count = chosen.filter(confirmed_at=None).update(confirmed_at=timezone.now())
        text = ngettext(
            "%(count)d name confirmed.", "%(count)d names confirmed.", count
        )
        messages.success(request, text % {"count": count})

    @admin.action(description=gettext_lazy("Merge into one"))
    def merge(
        self, request: HttpRequest, chosen: models.QuerySet
    ) -> HttpResponse | None:
        ids = list(
            chosen.filter(successor=None).values_list("pk", flat=True)[
                : MAX_AT_ONCE + 1
            ]
        )
        if not TWO <= len(ids) <= MAX_AT_ONCE:
            messages.error(
                request,
                _("Choose 2 to %(limit)d organizations that are not merged yet.")
                % {"limit": MAX_AT_ONCE},
            )
            return None
        query = urlencode({"ids": ",".join(map(str, ids))})
        return redirect(f"{reverse('admin:stocktaking_organization_merge')}?{query}")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Besides the form: how to merge and split, what was done, and its undo."""
        organization = self.get_object(request, object_id)
        context: dict[str, Any] = {}
        if organization:
            context = {
                "organization": organization,
                "restructurings": Restructuring.objects.of(organization),
            }
        return super().change_view(
            request, object_id, form_url, context | (extra_context or {})
        )

    def save_model(
        self, request: HttpRequest, obj: Organization, form: ModelForm, change: bool
    ) -> None:
        """A new name is copied to the records that repeat it; the old one becomes an alias."""
        old_name = form.initial.get("name", "") if change else ""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if old_name and old_name != obj.name:
                rename(obj, old_name, request.user)


@admin.register(OrganizationTrust)
class OrganizationTrustAdmin(ReadOnlyAdmin):
    """Levels are changed at the desk, from a project of the organization."""

    list_display = ("organization", "status")
    list_filter = ("status",)
    list_select_related = ("organization",)
    search_fields = ("organization__name",)
