"""Registers at the desk: roadmaps, agencies and their accounts, bodies, resolutions and so on."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from common.admin.deletion import DeletesMistakes
from roadmap.admin.base import URLS, KeptAdmin
from roadmap.models import (
    ActionLineReview,
    Agency,
    AgencyMembership,
    Body,
    Document,
    Figure,
    Issue,
    Meeting,
    Office,
    Paragraph,
    Relation,
    Resolution,
    Roadmap,
)


class PlainAdmin(admin.ModelAdmin):
    list_per_page = 50
    show_full_result_count = False
    formfield_overrides = URLS


class FixedCode(DeletesMistakes, PlainAdmin):
    """The code is in addresses and files: it is chosen once."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("code",) if obj else ()


@admin.register(Roadmap)
class RoadmapAdmin(FixedCode):
    list_display = ("code", "name", "owner", "order")
    list_select_related = ("owner",)
    search_fields = ("code", "name")
    autocomplete_fields = ("owner",)


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


class OfficeInline(admin.TabularInline):
    model = Office
    extra = 0
    autocomplete_fields = ("agency",)


@admin.register(Body)
class BodyAdmin(KeptAdmin):
    goes_along = (Office,)
    list_display = ("code", "short", "name")
    search_fields = ("code", "short", "name")
    inlines = (OfficeInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.readonly_fields, "code") if obj else self.readonly_fields


class RelationInline(admin.TabularInline):
    model = Relation
    fk_name = "resolution"
    extra = 0
    autocomplete_fields = ("target",)


class ParagraphInline(admin.StackedInline):
    model = Paragraph
    extra = 0
    autocomplete_fields = ("asked",)


@admin.register(Resolution)
class ResolutionAdmin(KeptAdmin):
    goes_along = (Paragraph, Relation)
    list_display = ("symbol", "title", "body", "adopted")
    list_filter = ("body",)
    list_select_related = ("body",)
    search_fields = ("symbol", "title")
    autocomplete_fields = ("body", "action_lines")
    inlines = (ParagraphInline, RelationInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.readonly_fields, "code") if obj else self.readonly_fields


@admin.register(Paragraph)
class ParagraphAdmin(PlainAdmin):
    list_display = ("resolution", "number", "summary")
    list_select_related = ("resolution",)
    search_fields = ("resolution__symbol", "number", "summary")
    autocomplete_fields = ("resolution", "asked")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Meeting)
class MeetingAdmin(KeptAdmin):
    list_display = ("title", "body", "start", "place")
    list_filter = ("body",)
    list_select_related = ("body",)
    search_fields = ("title", "place")
    autocomplete_fields = ("body", "milestone")


@admin.register(Figure)
class FigureAdmin(KeptAdmin):
    list_display = ("subject", "written", "as_of", "source")
    list_filter = ("subject",)
    search_fields = ("written", "source")


class IssueInline(admin.TabularInline):
    model = Issue
    extra = 0
    formfield_overrides = URLS


@admin.register(Document)
class DocumentAdmin(KeptAdmin):
    goes_along = (Issue,)
    list_display = ("title", "issuer", "milestone")
    list_select_related = ("issuer", "milestone")
    search_fields = ("title",)
    autocomplete_fields = ("issuer", "milestone")
    inlines = (IssueInline,)


@admin.register(ActionLineReview)
class ActionLineReviewAdmin(KeptAdmin):
    list_display = ("action_line", "section", "agency", "version")
    list_filter = ("section", "agency")
    list_select_related = ("action_line", "agency")
    search_fields = ("text", "source")
    autocomplete_fields = ("action_line", "agency")
