"""Follow-up forms in the admin."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import KeptAdmin
from common.dates.zones import in_words
from forum.base.sheets import SheetAdmin
from forum.follow_up.models import FollowUp

COLUMNS: dict[Any, Any] = {
    _("confirmation code"): lambda row: row.registration.code,
    _("name on the badge"): lambda row: row.registration.name,
    _("e-mail address"): lambda row: (
        row.registration.user.email if row.registration.user else row.registration.email
    ),
    _("organization"): lambda row: row.registration.organization_name,
    _("country"): lambda row: row.registration.country_id or "",
    _("I need a letter for my visa"): lambda row: _("yes") if row.visa_letter else "",
    _("name as in the passport"): lambda row: row.passport_name,
    _("passport number"): lambda row: row.passport_number,
    _("nationality"): lambda row: row.nationality_id or "",
    _("hotel"): lambda row: row.hotel,
    _("day of arrival"): lambda row: row.arrives_on or "",
    _("day of departure"): lambda row: row.departs_on or "",
    _("interpretation into"): lambda row: row.interpretation,
    _("accessibility at the venue"): lambda row: row.accessibility,
    _("filled in at"): lambda row: in_words(
        row.filled_at, row.registration.edition.zone
    ),
}


@admin.register(FollowUp)
class FollowUpAdmin(SheetAdmin, KeptAdmin):
    """Staff read and correct what people wrote; only they write it first."""

    sheet_name = "follow-up"
    sheet_columns = COLUMNS

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

    def sheet_rows(self, rows: models.QuerySet[FollowUp]) -> models.QuerySet[FollowUp]:
        return rows.select_related("registration__user", "registration__edition")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[FollowUp]:
        return FollowUp.objects.visible_to(request.user).filled()  # type: ignore[arg-type]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
