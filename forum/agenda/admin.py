"""The released agenda, its releases, stars and calendar addresses in the admin."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from common.admin.read_only import ReadOnlyAdmin
from common.dates.admin import ZonedAdmin
from forum.agenda.models import AgendaRelease, CalendarKey, ReleasedSession, Star


@admin.register(ReleasedSession)
class ReleasedSessionAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ("edition",)
    list_display = (
        "title",
        "edition",
        "day",
        "room",
        "status",
        "sequence",
        "changed_at",
    )
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter), "status")
    list_select_related = ("edition", "room")
    search_fields = ("title", "number")
    ordering = ("-changed_at", "pk")
    # What the page of the session shows in words.
    exclude = (
        "words",
        "people",
        "type_names",
        "track_names",
        "titles",
        "texts",
        "marks",
    )


@admin.register(AgendaRelease)
class AgendaReleaseAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ("edition",)
    list_display = ("edition", "__str__", "at", "by")
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("edition", "by")
    search_fields = ("name", "note")
    exclude = ("content", "changes")  # the page of the release shows them

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[AgendaRelease]:
        return super().get_queryset(request).defer("content")


@admin.register(Star)
class StarAdmin(ReadOnlyAdmin):
    list_display = ("session", "level", "at")
    list_select_related = ("session",)
    search_fields = ("session__title",)
    exclude = ("user",)


@admin.register(CalendarKey)
class CalendarKeyAdmin(ReadOnlyAdmin):
    """Staff see only that somebody has a secret address, not the address."""

    list_display = ("user", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    exclude = ("token",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)
