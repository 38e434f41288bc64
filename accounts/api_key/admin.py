"""API keys in the admin."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.api_key.models import ApiKey
from accounts.user.admin import PrivacyAdmin


@admin.register(ApiKey)
class ApiKeyAdmin(PrivacyAdmin):
    """Members make their own keys; an administrator can revoke one."""

    actions = ["revoke"]
    fields = [
        "user",
        "name",
        "prefix",
        "scopes",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
        "revoked_by",
    ]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["=prefix", "user__email"]

    @admin.action(description=_("Revoke the chosen keys"))
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiKey]) -> None:
        for key in chosen:
            key.revoke(request.user)
            self.log_change(request, key, "revoked")
