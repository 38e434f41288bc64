"""Values that are kept in Valkey for a while; without it, reading and writing go on."""

from contextlib import suppress
from typing import Any

import redis
from django.core.cache import cache


def remembered(key: str) -> Any:
    """What is kept under this name; None when nothing is, or Valkey is down."""
    with suppress(redis.RedisError):
        return cache.get(key)
    return None


def remember(key: str, value: object, seconds: float) -> None:
    """Keep a value for so long; while Valkey is down it is not kept."""
    with suppress(redis.RedisError):
        cache.set(key, value, seconds)
