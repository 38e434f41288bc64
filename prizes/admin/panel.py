"""Expert panels, conflicts and reviews."""

from django.contrib import admin

from prizes.admin.base import KeptAdmin, ReadOnlyAdmin
from prizes.models import Conflict, Panel, PanelMember, Review, Score


class SeatInline(admin.TabularInline):
    model = PanelMember
    extra = 1
    raw_id_fields = ("expert",)


@admin.register(Panel)
class PanelAdmin(KeptAdmin):
    list_display = ("category",)
    list_select_related = ("category__contest",)
    search_fields = ("category__contest__title", "category__action_line__code")
    raw_id_fields = ("category",)
    inlines = (SeatInline,)


@admin.register(PanelMember)
class PanelMemberAdmin(ReadOnlyAdmin):
    list_display = ("panel", "expert", "is_chair")
    list_filter = ("is_chair",)
    list_select_related = ("panel__category__contest", "expert")
    search_fields = ("expert__email",)


@admin.register(Conflict)
class ConflictAdmin(KeptAdmin):
    list_display = ("expert", "entry", "reason", "at")
    list_select_related = ("expert", "entry")
    search_fields = ("expert__email", "entry__title", "reason")
    raw_id_fields = ("entry", "expert")


class ScoreInline(admin.TabularInline):
    model = Score
    extra = 0


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    list_display = ("entry", "reviewer", "state", "updated_at")
    list_filter = ("state",)
    list_select_related = ("entry", "reviewer")
    search_fields = ("entry__title", "reviewer__email")
    inlines = (ScoreInline,)


@admin.register(Score)
class ScoreAdmin(ReadOnlyAdmin):
    list_display = ("review", "criterion", "value")
    list_select_related = ("review__entry", "review__reviewer", "criterion")
    search_fields = ("review__entry__title",)
