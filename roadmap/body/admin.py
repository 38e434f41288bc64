"""Bodies and their offices in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from roadmap.body.models import Body, Office
from roadmap.record.admin import PublicRecordAdmin


class OfficeInline(admin.TabularInline):
    model = Office
    extra = 0
    autocomplete_fields = ("agency",)


@admin.register(Body)
class BodyAdmin(PublicRecordAdmin):
    goes_along = (Office,)
    list_display = ("code", "short", "name")
    search_fields = ("code", "short", "name")
    inlines = (OfficeInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Body | None = None) -> Any:
        return (*self.readonly_fields, "code") if obj else self.readonly_fields
