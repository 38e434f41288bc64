"""Authentication of API requests by `Authorization: Bearer …`, and what the scopes of a key
allow."""

from typing import Any

import structlog
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

from accounts.api_key.models import ApiKey
from common.api.throttle import spend
from common.limits.throttle import client_ip

BEARER = "bearer"


class KeyRefused(exceptions.APIException):
    """The same answer for a key that is unknown, wrong, expired, or of a closed account."""

    status_code = 401
    default_code = "key_refused"
    default_detail = _("This key is not valid or has expired.")
    auth_header = 'Bearer error="invalid_token"'


class KeyAuthentication(authentication.BaseAuthentication):
    """Authentication by a key in the header. Failures are counted by address; no key is logged."""

    def authenticate_header(self, request: Request) -> str:
        """The scheme that a 401 answer names."""
        return "Bearer"

    def authenticate(self, request: Request) -> tuple[Any, ApiKey] | None:
        kind, _space, text = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != BEARER:
            return None
        key = ApiKey.objects.matching(text.strip())
        if key is None:
            spend("api-wrong-key", client_ip(request))
            raise KeyRefused
        key.note_use()
        structlog.contextvars.bind_contextvars(
            api_key=key.prefix
        )  # lines of this request's log
        return key.person() or AnonymousUser(), key


class KeyScheme(OpenApiAuthenticationExtension):
    target_class = KeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key made under “Account: API keys”. Scopes: read, read:own, "
            "write:projects, write:positions.",
        }


class WithinScope(permissions.BasePermission):
    """Allow a key to write only where the view names the scope that it needs (`write_scope`)."""

    message = _("The scopes of this key do not allow this.")

    def has_permission(self, request: Request, view: Any) -> bool:
        key = request.auth
        if not isinstance(key, ApiKey) or request.method in permissions.SAFE_METHODS:
            return True
        return getattr(view, "write_scope", None) in key.scopes
