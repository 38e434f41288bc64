"""Images and documents of projects in the admin: which are held, and why. Read-only."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import KeptAdmin
from stocktaking.file.models import Attachment


@admin.register(Attachment)
class AttachmentAdmin(KeptAdmin):
    list_display = (
        "of_project",
        "kind",
        "scan",
        "virus",
        "size",
        "public_since",
        "at",
        "open_it",
    )
    list_filter = ("scan", "kind")
    list_select_related = ("project",)
    search_fields = ("project__title",)
    ordering = ("-at", "-pk")
    fields = readonly_fields = (
        "project",
        "kind",
        "size",
        "sha256",
        "scan",
        "virus",
        "asked_at",
        "public_since",
        "by",
        "at",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("project"))
    def of_project(self, attachment: Attachment) -> str:
        return f"{attachment.project.number} {attachment.project}"

    @admin.display(description=_("file"))
    def open_it(self, attachment: Attachment) -> SafeString | str:
        if not attachment.is_served:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', attachment.get_absolute_url(), _("Open")
        )
