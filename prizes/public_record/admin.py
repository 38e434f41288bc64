"""The public record in the admin: for reading; the witnesses of a contest are kept with it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import ReadOnlyAdmin
from common.dates.admin import ZonedAdmin
from prizes.public_record.models import FrameEvent, Roll, Root, Witness
from prizes.public_record.telling import sentence


class WitnessInline(admin.TabularInline):
    model = Witness
    extra = 0


@admin.register(Witness)
class WitnessAdmin(admin.ModelAdmin):
    list_display = ("contest", "address")
    list_filter = ("contest",)
    list_select_related = ("contest",)
    search_fields = ("address",)


@admin.register(FrameEvent)
class FrameEventAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ("contest",)
    list_display = ("contest", "number", "kind", "told", "at")
    list_filter = ("kind",)
    list_select_related = ("contest",)
    search_fields = ("hash__startswith",)

    @admin.display(description=_("what happened"))
    def told(self, event: FrameEvent) -> str:
        return sentence(event, event.contest)


@admin.register(Roll)
class RollAdmin(ReadOnlyAdmin):
    list_display = ("event", "through")
    list_select_related = ("event",)
    fields = ("event", "through")


@admin.register(Root)
class RootAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ("contest",)
    list_display = ("contest", "number", "at", "events", "hash")
    list_select_related = ("contest",)
    search_fields = ("hash__startswith",)
    fields = ("contest", "number", "at", "events", "hash", "previous")
