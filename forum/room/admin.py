"""Rooms, breaks, session types and tracks in the admin."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from common.admin.read_only import KeptAdmin
from common.dates.zones import NamedZone, geneva
from common.text.digits import whole_number
from forum.base.admin import DeletesWithParts
from forum.edition.models import Edition
from forum.room.models import Coordinator, Room, SessionType, Track
from forum.room.times import BlockedTime, RoomHours, Walk


class OfComingEdition(admin.ModelAdmin):
    """A new row belongs to the edition that is being prepared, unless the address says other."""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        coming = Edition.objects.current_or_next()
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        return ({"edition": coming.pk} if coming else {}) | initial


def with_zone(name: Any, zone: NamedZone) -> Any:
    return _("%(hours)s (%(zone)s)") % {"hours": name, "zone": zone.label}


class HoursInline(admin.TabularInline):
    model = RoomHours
    extra = 0


@admin.register(Room)
class RoomAdmin(DeletesWithParts, OfComingEdition, KeptAdmin):
    list_display = ("name", "building", "capacity", "booths", "edition")
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter), "building")
    list_select_related = ("edition",)
    search_fields = ("name", "building")
    inlines = (HoursInline,)

    def get_inline_instances(
        self, request: HttpRequest, obj: Model | None = None
    ) -> list[InlineModelAdmin[Any, Any]]:
        """The hours are those of the venue's clock, which their heading names."""
        inlines = super().get_inline_instances(request, obj)
        zone = obj.edition.zone if isinstance(obj, Room) else geneva()
        for inline in inlines:
            inline.verbose_name_plural = with_zone(inline.verbose_name_plural, zone)
        return inlines


class ClockHoursAdmin(OfComingEdition):
    """Rows of hours by the clock of the venue, of one room or of all."""

    list_filter = (("edition", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("edition", "room")
    list_per_page = 50

    @admin.display(description=_("time"), ordering="since")
    def hours_text(self, row: Any) -> Any:
        return with_zone(row.hours_text, row.edition.zone)

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
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


@admin.register(BlockedTime)
class BlockedTimeAdmin(ClockHoursAdmin):
    """Breaks in all rooms and blocked times of one room."""

    list_display = ("title", "day_text", "hours_text", "room", "edition")
    search_fields = ("title",)

    @admin.display(description=_("day"), ordering="day")
    def day_text(self, row: BlockedTime) -> Any:
        return row.day or _("every day")


def edition_asked_for(request: HttpRequest, obj: Any) -> Edition | None:
    """The edition that the form or the address names, else that of the row, else the next one."""
    data = request.POST if request.method == "POST" else request.GET
    chosen = whole_number(data.get("edition", ""))
    if chosen is not None:
        return Edition.objects.filter(pk=chosen).first()
    return obj.edition if obj else Edition.objects.current_or_next()


class WalkInline(admin.TabularInline):
    model = Walk
    extra = 0


class CoordinatorInline(admin.TabularInline):
    model = Coordinator
    extra = 0


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
