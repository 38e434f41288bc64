"""Expert panels: seats, who reviews what, conflicts, reviews, choices of winners."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from prizes.admin.base import KeptAdmin, ReadOnlyAdmin
from prizes.models import Assignment, Choice, Conflict, Panel, PanelMember, Review, Score
from prizes.models.decision import assign


class SeatInline(admin.TabularInline):
    model = PanelMember
    extra = 1
    raw_id_fields = ("expert",)


@admin.register(Panel)
class PanelAdmin(KeptAdmin):
    list_display = ("category", "reviews_per_entry", "load_cap")
    actions = ("share_out",)
    list_select_related = ("category__contest",)
    search_fields = ("category__contest__title", "category__action_line__code")
    raw_id_fields = ("category",)
    inlines = (SeatInline,)

    @admin.action(description=_("Share the entries out among the experts"))
    def share_out(self, request: HttpRequest, chosen: QuerySet[Panel]) -> None:
        for panel in chosen:
            shared = assign(panel)
            level = messages.WARNING if shared.short else messages.SUCCESS
            sentence = gettext("%(panel)s: %(made)d assignments made; entries without enough "
                               "experts: %(short)d.")  # fmt: skip
            values = {"panel": panel, "made": shared.made, "short": shared.short}
            messages.add_message(request, level, sentence % values)


@admin.register(Assignment)
class AssignmentAdmin(admin.ModelAdmin):
    """An expert who falls ill is replaced here; the reviews that exist stay."""

    show_full_result_count = False
    list_per_page = 50
    list_display = ("entry", "expert", "at")
    list_filter = (("entry__contest", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("entry", "expert")
    search_fields = ("entry__title", "expert__email")
    raw_id_fields = ("entry", "expert")


@admin.register(Choice)
class ChoiceAdmin(ReadOnlyAdmin):
    zone_from = ("panel", "category", "contest")
    list_display = ("panel", "expert", "entry", "reason", "at", "standing")
    list_filter = ("standing",)
    list_select_related = ("panel__category__contest", "expert", "entry")
    search_fields = ("expert__email", "entry__title", "reason")


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
