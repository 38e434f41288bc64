"""Texts of entries in other languages in the admin: what waits, and links to decide on it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import ReadOnlyAdmin
from prizes.text.models import EntryTranslation


@admin.register(EntryTranslation)
class EntryTranslationAdmin(ReadOnlyAdmin):
    """Texts of entries that are not sealed."""

    list_display = ("entry", "language", "page", "kind", "status", "updated_at")
    list_filter = ("status", "kind", "language")
    list_select_related = ("entry__contest",)
    search_fields = ("title", "entry__title")
    ordering = ("-updated_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        readable = EntryTranslation.objects.visible_to(request.user)  # type: ignore[arg-type]  # staff
        return rows.filter(pk__in=readable.order_by().values("pk"))

    @admin.display(description=_("text"))
    def page(self, text: EntryTranslation) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', text.get_absolute_url(), _("Read and decide")
        )
