"""Slots that staff offer to organizers and speakers."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from forum.offer.models import OfferedSlot
from forum.room.admin import OfComingEdition, edition_asked_for, with_zone


@admin.register(OfferedSlot)
class OfferedSlotAdmin(OfComingEdition, admin.ModelAdmin):
    """Hours of one day, by the clock of the venue."""

    list_display = ("day", "hours_text", "room", "track", "edition")
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter), "day")
    list_select_related = ("edition", "room", "track")
    list_per_page = 50

    @admin.display(description=_("time"), ordering="since")
    def hours_text(self, row: OfferedSlot) -> Any:
        return with_zone(row.hours_text, row.edition.zone)

    def get_form(
        self,
        request: HttpRequest,
        obj: OfferedSlot | None = None,
        change: bool = False,
        **options: Any,
    ) -> type[ModelForm]:
        """The fields name the clock, and offer rooms of the edition only."""
        form: Any = super().get_form(request, obj, change, **options)
        edition = edition_asked_for(request, obj)
        if "since" in form.base_fields and edition:
            for name in ("since", "until"):
                form.base_fields[name].help_text = edition.zone.label
            form.base_fields["room"].queryset = edition.rooms.in_columns()
        return form
