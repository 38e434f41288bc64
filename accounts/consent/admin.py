"""Versions of texts, and who agreed to them, in the admin."""

from django.contrib import admin
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin

from accounts.consent.models import Consent, TextVersion
from accounts.user.admin import PrivacyAdmin


@admin.register(TextVersion)
class TextVersionAdmin(TranslationAdmin):
    """Everybody is asked to agree to a new version at the next sign-in; earlier consents stay as
    they are."""

    list_display = ["kind", "version", "published_at"]
    list_filter = ["kind"]

    def has_change_permission(
        self, request: HttpRequest, obj: TextVersion | None = None
    ) -> bool:
        return super().has_change_permission(request, obj) and (
            obj is None or not obj.consents.exists()
        )


@admin.register(Consent)
class ConsentAdmin(PrivacyAdmin):
    """Consents are kept as proof."""
