"""Delegations in the admin: quota, reserved seats and focal points."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import KeptAdmin
from forum.registration.capacity import Attendance, Capacity
from forum.registration.delegation import Delegation, FocalPoint


class FocalPointInline(admin.TabularInline):
    model = FocalPoint
    extra = 1


class DelegationAdminForm(ModelForm):
    def clean(self) -> dict[str, Any]:
        """The counters are locked, so that what is checked here is still so when it is saved."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        edition = self.instance.edition if self.instance.pk else data.get("edition")
        seats = data.get("reserved")
        if edition is None or seats is None:
            return data
        capacity = Capacity.lock_all(edition.pk).get(Attendance.ON_SITE)
        stored = (
            Delegation.locked(self.instance.pk)
            if self.instance.pk
            else Delegation(edition=edition)
        )
        try:
            stored.require_seats(seats, capacity)
        except ValidationError as error:
            self.add_error(None, error)
        until, today = data.get("reserved_until"), edition.local_day(timezone.now())
        if seats > stored.reserved and until and until < today:
            self.add_error("reserved_until", _("This day is over."))
        return data


@admin.register(Delegation)
class DelegationAdmin(KeptAdmin):
    form = DelegationAdminForm
    list_display = (
        "name",
        "edition",
        "members",
        "quota",
        "reserved",
        "free_seats",
        "reserved_until",
        "released_at",
    )
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("edition",)
    search_fields = ("name", "focal_points__user__email")
    autocomplete_fields = ("organization",)
    readonly_fields = ("members", "free_seats", "released_at")
    inlines = (FocalPointInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.readonly_fields, "edition") if obj else self.readonly_fields

    def save_model(
        self, request: HttpRequest, obj: Delegation, form: ModelForm, change: bool
    ) -> None:
        """Seats are counted, so they are not simply stored."""
        seats = obj.reserved
        obj.reserved = Delegation.locked(obj.pk).reserved if change else 0
        super().save_model(request, obj, form, change)
        obj.reserve(seats)
