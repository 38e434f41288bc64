"""What is kept for a while: by others, who must not keep what the portal can take back, and in
Valkey, without which reading and writing go on."""

from contextlib import suppress
from typing import Any

import redis
from django.core.cache import cache
from django.utils.cache import patch_cache_control


def remembered(key: str) -> Any:
    """What is kept under this name; None when nothing is, or Valkey is down."""
    with suppress(redis.RedisError):
        return cache.get(key)
    return None


def remember(key: str, value: Any, seconds: float) -> None:
    """Keep a value for so long; while Valkey is down it is not kept."""
    with suppress(redis.RedisError):
        cache.set(key, value, seconds)


def revocable(response: Any) -> Any:
    """An answer such as “gone” or “moved”, which an undo makes untrue: browsers ask each time.

    Without a word of ours a browser keeps 301 and 410 for as long as it likes.
    """
    patch_cache_control(response, no_cache=True)
    return response
