"""Active sessions in the admin."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.http import HttpRequest

from accounts.user.admin import PrivacyAdmin


@admin.register(UserSession)
class UserSessionAdmin(PrivacyAdmin):
    fields = ["user", "created_at", "last_seen_at", "ip", "user_agent"]
    search_fields = ["user__email", "=ip"]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return self.fields
