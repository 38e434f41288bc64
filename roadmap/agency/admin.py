"""Agencies and their accounts in the admin."""

from django.contrib import admin

from roadmap.agency.models import Agency, AgencyMembership
from roadmap.record.admin import FixedCode, PlainAdmin


class MembershipInline(admin.TabularInline):
    model = AgencyMembership
    extra = 0


@admin.register(Agency)
class AgencyAdmin(FixedCode):
    goes_along = (AgencyMembership,)
    list_display = ("code", "short", "name", "kind")
    list_filter = ("kind",)
    search_fields = ("code", "short", "name", "aliases")
    inlines = (MembershipInline,)


@admin.register(AgencyMembership)
class AgencyMembershipAdmin(PlainAdmin):
    list_display = ("user", "agency", "approves", "since")
    list_filter = ("agency", "approves")
    list_select_related = ("user", "agency")
    search_fields = ("user__email", "agency__short")
    autocomplete_fields = ("agency",)
