"""Texts of sessions in other languages in the admin: what waits, and links to decide on it."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import ReadOnlyAdmin
from forum.text.models import SessionTranslation


@admin.register(SessionTranslation)
class SessionTranslationAdmin(ReadOnlyAdmin):
    list_display = ("session", "language", "page", "kind", "status", "updated_at")
    list_filter = ("status", "kind", "language")
    list_select_related = ("session",)
    search_fields = ("title", "session__title")
    ordering = ("-updated_at", "-pk")

    @admin.display(description=_("text"))
    def page(self, text: SessionTranslation) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', text.get_absolute_url(), _("Read and decide")
        )
