"""Values kept in Valkey for a while; when it is down, the portal works without them."""

from contextlib import suppress
from typing import Any

import redis
from django.core.cache import cache


def remembered(key: str) -> Any:
    """The value kept under this name; None when there is none or Valkey is down."""
    with suppress(redis.RedisError):
        return cache.get(key)
    return None


def remember(key: str, value: object, seconds: float) -> None:
    """Keep a value for this long; does nothing while Valkey is down."""
    with suppress(redis.RedisError):
        cache.set(key, value, seconds)
