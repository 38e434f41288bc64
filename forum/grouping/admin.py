"""All groups of inputs in the admin; what is done with one is done on its page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import ReadOnlyAdmin
from common.dates.admin import ZonedAdmin
from forum.grouping.models import InputGroup


@admin.register(InputGroup)
class InputGroupAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ("edition",)
    list_display = (
        "name",
        "edition",
        "inputs",
        "objections",
        "asked_at",
        "object_by",
        "settled_at",
        "page",
    )
    list_filter = (
        ("edition", admin.RelatedOnlyFieldListFilter),
        ("asked_at", admin.EmptyFieldListFilter),
        ("settled_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("edition",)
    search_fields = ("name",)
    exclude = ("size",)
    readonly_fields = ("inputs", "objections", "page")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_counts()

    @admin.display(description=_("inputs"), ordering="inputs")
    def inputs(self, group: Any) -> int:
        number: int = group.inputs
        return number

    @admin.display(description=_("not the same"), ordering="objections")
    def objections(self, group: Any) -> int:
        number: int = group.objections
        return number

    @admin.display(description=_("Page of the group"))
    def page(self, group: InputGroup) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', group.get_absolute_url(), _("Open the group")
        )
