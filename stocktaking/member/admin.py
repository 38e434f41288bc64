"""Members in the admin; fast with half a million members."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.user.models import User
from common.admin.paginator import LimitedPaginator
from stocktaking.member.models import Member
from stocktaking.organization.models import Organization

FOUND_AT_MOST = 1000


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    list_display = (
        "user",
        "organization",
        "stakeholder_type",
        "country",
        "listed",
        "created_at",
    )
    list_filter = ("listed", "stakeholder_type", "country__region")
    list_select_related = ("user", "organization", "stakeholder_type", "country")
    # columns that an index puts in order; the others would sort half a million rows each time
    sortable_by = ("user", "listed", "created_at")
    list_per_page = 50
    show_full_result_count = False
    paginator = LimitedPaginator
    search_fields = ("user__email",)
    search_help_text = gettext_lazy(
        "Part of the e-mail address, last name or organization; at most 1,000 results."
    )
    autocomplete_fields = ("organization",)
    formfield_overrides = {
        models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}
    }
    readonly_fields = ("consented_at", "created_at")

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Three trigram look-ups instead of one condition over three joined tables."""
        text = search_term.strip()
        if not text:
            return queryset, False
        users = User.objects.filter(
            models.Q(email__icontains=text) | models.Q(last_name__icontains=text)
        ).order_by()
        organizations = (
            Organization.objects.like(text).order_by().values_list("pk", flat=True)
        )
        members = set(users.values_list("member", flat=True)[:FOUND_AT_MOST])
        staff = Member.objects.filter(
            organization__in=list(organizations[:FOUND_AT_MOST])
        )
        members |= set(staff.order_by().values_list("pk", flat=True)[:FOUND_AT_MOST])
        return queryset.filter(pk__in=members - {None}), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        total, estimated = Member.objects.estimated()
        title = (
            _(
                "About %(count)s members; the list shows the 10,000 newest. Search to find others."
            )
            if estimated
            else _("%(count)s members")
        )
        named = {"title": title % {"count": intcomma(total)}}
        return super().changelist_view(request, named | (extra_context or {}))
