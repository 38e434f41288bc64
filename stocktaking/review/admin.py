"""Canned reasons in the admin; assignments and saved views, read-only."""

from django.contrib import admin

from common.admin.deletion import DeletesMistakes
from common.admin.read_only import ReadOnlyAdmin
from stocktaking.review.models import DeskAssignment, Reason, ReasonText, SavedView


class TextInline(admin.TabularInline):
    model = ReasonText
    extra = 0
    max_num = 6


@admin.register(Reason)
class ReasonAdmin(DeletesMistakes):
    """A change affects new decisions only: past ones keep the text that was sent."""

    goes_along = (ReasonText,)
    list_display = ("code", "move", "order", "active")
    list_filter = ("move", "active")
    show_full_result_count = False
    search_fields = ("code", "texts__label", "texts__text")
    inlines = (TextInline,)


@admin.register(DeskAssignment)
class DeskAssignmentAdmin(ReadOnlyAdmin):
    list_display = ("project", "by", "until")
    list_select_related = ("project", "by")


@admin.register(SavedView)
class SavedViewAdmin(ReadOnlyAdmin):
    list_display = ("name", "by", "query")
    list_select_related = ("by",)
    search_fields = ("name",)
