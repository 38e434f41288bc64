"""Rooms, session types and tracks in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin

from common.admin.read_only import KeptAdmin
from forum.base.admin import DeletesWithParts
from forum.edition.models import Edition
from forum.room.models import Room, SessionType, Track


@admin.register(Room)
class RoomAdmin(DeletesWithParts, KeptAdmin):
    list_display = ("name", "building", "capacity", "edition")
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter), "building")
    list_select_related = ("edition",)
    search_fields = ("name", "building")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        coming = Edition.objects.current_or_next()
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        return ({"edition": coming.pk} if coming else {}) | initial


@admin.register(SessionType, Track)
class TermAdmin(DeletesWithParts, TranslationAdmin):
    """The files in forum/data are the source of the names: a change made here has to be made
    there too."""

    list_display = ("code", "name", "order")
    search_fields = ("code", "name_en")
    list_per_page = 50

    def get_readonly_fields(
        self, request: HttpRequest, obj: SessionType | None = None
    ) -> tuple[str, ...]:
        """URLs and files use the code, so it never changes."""
        return ("code",) if obj else ()
