"""Rate limits of the API."""

from typing import Any

from django.conf import settings
from rest_framework import exceptions, throttling
from rest_framework.request import Request

from common.limits.throttle import allow, client_ip


def spend(scope: str, key: str) -> None:
    """Count one request against settings.LIMITS. Raises Throttled (429) above the limit."""
    allowed, retry_after = allow(scope, key, *settings.LIMITS[scope])
    if not allowed:
        raise exceptions.Throttled(retry_after)


class Throttle(throttling.BaseThrottle):
    """Requests a minute by address, by key, or by account when signed in (settings.LIMITS)."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.auth is not None:
            spend("api-user", f"key-{request.auth.pk}")
        elif request.user.is_authenticated:
            spend("api-user", f"user-{request.user.pk}")
        else:
            spend("api-anonymous", client_ip(request))
        return True
