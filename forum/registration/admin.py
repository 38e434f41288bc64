"""Registrations and capacities in the admin."""

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from common.admin.read_only import Kept, KeptAdmin
from forum.base.admin import MovesAdmin
from forum.registration.models import Capacity, Registration
from forum.registration.workflow import REGISTRATION_WORKFLOW


@admin.register(Registration)
class RegistrationAdmin(MovesAdmin):
    """Approval and rejection follow the table of moves, and so does the counter of places."""

    workflow = REGISTRATION_WORKFLOW
    list_display = (
        "name",
        "status_tag",
        "attendance",
        "organization_name",
        "country",
        "edition",
        "created_at",
        "code",
    )
    list_filter = (
        "status",
        "as_speaker",
        "attendance",
        ("edition", admin.RelatedOnlyFieldListFilter),
        "stakeholder_type",
    )
    list_select_related = ("edition", "country")
    search_fields = ("name", "organization_name", "code", "user__email")
    readonly_fields = (
        "edition",
        "user",
        "attendance",
        "as_speaker",
        "status",
        "code",
        "created_at",
        "waitlisted_at",
        "approved_at",
        "history",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People register themselves: nobody else can give their consent."""
        return False


@admin.register(Capacity)
class CapacityAdmin(KeptAdmin):
    list_display = ("edition", "attendance", "places", "taken")
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter), "attendance")
    list_select_related = ("edition",)
    readonly_fields = ("taken",)

    def save_model(
        self, request: HttpRequest, obj: Capacity, form: ModelForm, change: bool
    ) -> None:
        """When there are more places, people on the waiting list move up at once."""
        super().save_model(request, obj, form, change)
        obj.fill()


class CapacityInline(Kept, admin.TabularInline):
    model = Capacity
    readonly_fields = ("taken",)
    extra = 0
