"""What every desk of the roadmap shares: versions are kept, nothing public is deleted."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.zones import in_words

URLS: dict[type[models.Field], dict[str, Any]] = {models.URLField: {"assume_scheme": "https"}}


class KeptAdmin(admin.ModelAdmin):
    """For a PublicRecord: each saved change is the next version, shown below the form."""

    list_per_page = 50
    show_full_result_count = False
    formfield_overrides = URLS
    readonly_fields: ClassVar[Any] = ("version", "kept_versions")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self.keep(request, form.instance)

    def keep(self, request: HttpRequest, record: Any) -> None:
        record.keep(by=request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was public once stays; its text may be corrected, and the older one is kept."""
        return obj is not None and not obj.version and super().has_delete_permission(request, obj)

    @admin.display(description=_("versions"))
    def kept_versions(self, record: Any) -> SafeString:
        if not record.pk:
            return SafeString("–")
        return format_html_join(
            "", "<p>{} – {}: {} {}</p>",
            ((v.version, in_words(v.at), v.get_kind_display(), v.by or gettext("the portal"))
             for v in record.versions()[:50]),
        )  # fmt: skip


class ReadOnlyAdmin(admin.ModelAdmin):
    """For rows that are written once and never changed by hand."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
