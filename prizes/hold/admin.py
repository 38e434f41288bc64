"""Held votes in the admin: the rules, and what is on record.

Nothing here tells who a voter is, or for whom anybody voted.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from modeltranslation.admin import TranslationAdmin

from common.admin.deletion import DeletesMistakes
from common.admin.read_only import KeptAdmin, ReadOnlyAdmin
from common.dates.admin import ZonedAdmin
from prizes.hold.models import Hold, HoldEvent, SignalKey
from prizes.hold.rules import HoldRule, are_in_use


@admin.register(HoldRule)
class HoldRuleAdmin(DeletesMistakes, KeptAdmin, TranslationAdmin):
    """The rules of a contest stand from the first vote on."""

    list_display = ("contest", "order", "text", "voters_min", "confirm_hours")
    list_filter = (("contest", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("contest",)
    search_fields = ("text_en", "contest__title")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        in_use = obj is not None and are_in_use(obj.contest_id)
        return super().has_change_permission(request, obj) and not in_use

    def kept_because(self, record: HoldRule) -> str:
        if are_in_use(record.contest_id):
            return gettext(
                "Voting has begun: the rules for holding votes can no longer change."
            )
        return ""


@admin.register(SignalKey)
class SignalKeyAdmin(ZonedAdmin, ReadOnlyAdmin):
    """When votes were judged last; the key itself is shown to nobody."""

    zone_from = ("contest",)
    list_display = ("contest", "swept_at")
    list_select_related = ("contest",)
    fields = ("contest", "swept_at")


@admin.register(Hold)
class HoldAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ("contest",)
    list_display = ("contest", "pattern", "state", "until", "told")
    list_filter = ("state",)
    list_select_related = ("contest", "pattern__rule")
    fields = ("contest", "rule", "pattern", "state", "until", "told")


@admin.register(HoldEvent)
class HoldEventAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ("contest",)
    list_display = ("contest", "number", "kind", "pattern", "at", "by", "reason")
    list_filter = ("kind",)
    list_select_related = ("contest", "pattern__rule", "by")
    search_fields = ("reason",)
    fields = (
        "contest",
        "number",
        "kind",
        "pattern",
        "at",
        "by",
        "reason",
        "previous",
        "hash",
    )
