"""Rows of the moderation desk: canned reasons to edit, the others to read."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.admin.deletion import DeletesMistakes
from stocktaking.models import (
    Batch,
    DeskClaim,
    Merge,
    Message,
    OrganisationTrust,
    Reason,
    ReasonText,
    Reminder,
    SavedView,
    Screening,
    WebsiteCheck,
)


class TextInline(admin.TabularInline):
    model = ReasonText
    extra = 0
    max_num = 6


@admin.register(Reason)
class ReasonAdmin(DeletesMistakes):
    """Past decisions keep the words that were sent; a reason itself is only ever offered."""

    goes_along = (ReasonText,)
    list_display = ("code", "move", "order", "active")
    list_filter = ("move", "active")
    show_full_result_count = False
    search_fields = ("code", "texts__label", "texts__text")
    inlines = (TextInline,)


class ReadOnly(admin.ModelAdmin):
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return False


@admin.register(OrganisationTrust)
class OrganisationTrustAdmin(ReadOnly):
    """Levels are changed at the desk, from an entry of the organisation."""

    list_display = ("organisation", "status")
    list_filter = ("status",)
    list_select_related = ("organisation",)
    search_fields = ("organisation__name",)


@admin.register(DeskClaim)
class DeskClaimAdmin(ReadOnly):
    list_display = ("project", "by", "until")
    list_select_related = ("project", "by")


@admin.register(SavedView)
class SavedViewAdmin(ReadOnly):
    list_display = ("name", "by", "query")
    list_select_related = ("by",)
    search_fields = ("name",)


@admin.register(Screening)
class ScreeningAdmin(ReadOnly):
    list_display = ("project", "worst", "at")
    list_filter = ("worst",)
    list_select_related = ("project",)


@admin.register(WebsiteCheck)
class WebsiteCheckAdmin(ReadOnly):
    list_display = ("url", "alive", "problem", "at")
    list_filter = ("alive",)
    search_fields = ("url",)


@admin.register(Batch)
class BatchAdmin(ReadOnly):
    list_display = ("created_at", "move", "by", "finished_at", "undo_at")
    list_filter = ("move",)
    list_select_related = ("by",)


@admin.register(Merge)
class MergeAdmin(ReadOnly):
    list_display = ("at", "loser", "survivor", "by", "undone_at")
    list_select_related = ("loser", "survivor", "by")
    search_fields = ("loser__title", "survivor__title")


class AnswerFilter(admin.SimpleListFilter):
    """The same messages that the desk counts."""

    title = _("answer")
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("Waits for an answer"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> models.QuerySet:
        return queryset.unanswered() if self.value() == "none" else queryset


@admin.register(Message)
class MessageAdmin(ReadOnly):
    list_display = ("at", "project", "by", "from_staff", "text", "page")
    list_filter = (AnswerFilter, "from_staff")
    list_select_related = ("project", "by")
    search_fields = ("text",)

    @admin.display(description=_("conversation"))
    def page(self, message: Message) -> SafeString:
        page = reverse("stocktaking:project-messages", args=[message.project_id])
        return format_html('<a href="{}">{}</a>', page, _("Read and answer"))


@admin.register(Reminder)
class ReminderAdmin(ReadOnly):
    list_display = ("about", "project", "kind", "to", "sent_at")
    list_filter = ("kind",)
    list_select_related = ("project", "to")
