"""Reviews of action lines in the admin."""

from django.contrib import admin

from roadmap.record.admin import PublicRecordAdmin
from roadmap.review.models import ActionLineReview


@admin.register(ActionLineReview)
class ActionLineReviewAdmin(PublicRecordAdmin):
    list_display = ("action_line", "section", "agency", "version")
    list_filter = ("section", "agency")
    list_select_related = ("action_line", "agency")
    search_fields = ("text", "source")
    autocomplete_fields = ("action_line", "agency")
