"""Base class of admin pages: staff read their own records but leave changes to a colleague."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from accounts.role.roles import is_own


class NotOwnAdmin(admin.ModelAdmin):
    """A record with `roles_of`: staff who are involved in it can read it only."""

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and not (obj is not None and is_own(obj, request.user))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and not (obj is not None and is_own(obj, request.user))
