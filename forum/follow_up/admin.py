"""Follow-up forms in the admin."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from common.admin.read_only import KeptAdmin
from forum.follow_up.models import FollowUp


@admin.register(FollowUp)
class FollowUpAdmin(KeptAdmin):
    """Staff read and correct what people wrote; only they write it first."""

    list_display = (
        "registration",
        "visa_letter",
        "hotel",
        "arrives_on",
        "departs_on",
        "interpretation",
        "filled_at",
    )
    list_filter = (
        "visa_letter",
        "interpretation",
        ("registration__edition", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("registration",)
    search_fields = ("registration__name", "registration__code", "hotel")
    readonly_fields = ("registration", "filled_at", "reminded_at")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[FollowUp]:
        return FollowUp.objects.visible_to(request.user).filled()  # type: ignore[arg-type]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
