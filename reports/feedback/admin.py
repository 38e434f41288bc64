"""What readers said, for the secretariat."""

from django.contrib import admin

from common.admin.deletion import DeletesMistakes
from common.admin.read_only import KeptAdmin
from reports.feedback.models import Feedback


@admin.register(Feedback)
class FeedbackAdmin(DeletesMistakes, KeptAdmin):
    """Read here, and deleted when somebody entered what does not belong there."""

    list_display = ("publication", "version", "answer", "text", "language", "at")
    list_filter = ("answer", "language", "publication__series")
    list_select_related = ("publication",)
    search_fields = ("text",)
    readonly_fields = ("publication", "version", "answer", "text", "language", "at")
