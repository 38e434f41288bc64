"""Messages in the admin, read-only."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import ReadOnlyAdmin
from stocktaking.message.models import Message


class AnswerFilter(admin.SimpleListFilter):
    """Filters for the same messages that the first page of the admin counts."""

    title = _("answer")
    parameter_name = "answer"

    def lookups(
        self, request: HttpRequest, model_admin: ModelAdmin
    ) -> list[tuple[str, Any]]:
        return [("none", _("Waits for an answer"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> models.QuerySet:
        return queryset.unanswered() if self.value() == "none" else queryset


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ("at", "project", "by", "from_staff", "text", "page")
    list_filter = (AnswerFilter, "from_staff")
    list_select_related = ("project", "by")
    search_fields = ("text",)

    @admin.display(description=_("conversation"))
    def page(self, message: Message) -> SafeString:
        page = reverse("stocktaking:project-messages", args=[message.project_id])
        return format_html('<a href="{}">{}</a>', page, _("Read and answer"))
