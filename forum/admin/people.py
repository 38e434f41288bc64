"""People of the Forum, registrations, and what people keep of the agenda."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from forum.admin.moves import KeptAdmin, MovesAdmin, ReadOnlyAdmin
from forum.models import CalendarKey, Capacity, Participation, Person, Registration, Star
from forum.workflow import REGISTRATION_WORKFLOW


@admin.register(Person)
class PersonAdmin(KeptAdmin):
    list_display = ("name", "organisation", "country", "is_public")
    list_filter = ("is_public", "country__region")
    list_select_related = ("country",)
    search_fields = ("name", "organisation")
    raw_id_fields = ("user",)
    readonly_fields = ("is_public", "created_at")


@admin.register(Participation)
class ParticipationAdmin(ReadOnlyAdmin):
    """Changed on the page of the session, where clashes are seen."""

    list_display = ("person", "role", "session")
    list_filter = ("role",)
    list_select_related = ("person", "session")
    search_fields = ("person__name", "session__title")


@admin.register(Registration)
class RegistrationAdmin(MovesAdmin):
    """Approving and refusing follow the table; the counter of places follows them."""

    workflow = REGISTRATION_WORKFLOW
    list_display = (
        "name", "organisation_name", "country", "edition", "attendance", "status_tag",
        "created_at", "code",
    )  # fmt: skip
    list_filter = (
        "status", "attendance", ("edition", admin.RelatedOnlyFieldListFilter), "stakeholder_type",
    )  # fmt: skip
    list_select_related = ("edition", "country")
    search_fields = ("name", "organisation_name", "code", "user__email")
    readonly_fields = (
        "edition", "user", "attendance", "status", "code", "created_at", "waitlisted_at",
        "approved_at", "history",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People register themselves: their consent is theirs to give."""
        return False


@admin.register(Capacity)
class CapacityAdmin(KeptAdmin):
    list_display = ("edition", "attendance", "places", "taken")
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter), "attendance")
    list_select_related = ("edition",)
    readonly_fields = ("taken",)


@admin.register(Star)
class StarAdmin(ReadOnlyAdmin):
    list_display = ("session", "at")
    list_select_related = ("session",)
    search_fields = ("session__title",)
    exclude = ("user",)


@admin.register(CalendarKey)
class CalendarKeyAdmin(ReadOnlyAdmin):
    """That somebody has a secret address is all that the desk can see of it."""

    list_display = ("user", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    exclude = ("token",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)
