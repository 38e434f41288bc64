"""Rate limits that are exact however many requests arrive at once: one counter in Valkey per
key."""

import ipaddress
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, NamedTuple

import redis
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.backoff import NoBackoff
from redis.retry import Retry

# Counts and sets the end of the window in one step, so that no request comes in between.
COUNT = """local seen = redis.call('INCR', KEYS[1])
if seen == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {seen, redis.call('PTTL', KEYS[1])}"""


class Verdict(NamedTuple):
    allowed: bool
    retry_after: int  # seconds until it may be tried again


@lru_cache
def store() -> redis.Redis:
    """Where the counters are, as throttle:<scope>:<key> behind the cache's prefix."""
    # once more for a connection that was cut; not while Valkey is down
    once_more = Retry(NoBackoff(), 1)
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, retry=once_more)


@lru_cache
def _counter() -> Any:
    return store().register_script(COUNT)


def allow(
    scope: str, key: str, limit: int, seconds: int, *, closed_when_down: bool = False
) -> Verdict:
    """Count a call of `key` in `scope`: at most `limit` in `seconds`.

    When Valkey is down it allows the call, unless `closed_when_down`: reading stays open, what
    could be guessed at does not.
    """
    try:
        name = cache.make_key(f"throttle:{scope}:{key}")
        seen, left = _counter()(keys=[name], args=[seconds * 1000])
    except redis.RedisError:
        return Verdict(not closed_when_down, seconds if closed_when_down else 0)
    return (
        Verdict(True, 0) if seen <= limit else Verdict(False, max(1, -(-left // 1000)))
    )


def client_ip(request: HttpRequest) -> str:
    """The reader's address (IPv6: its /64), or ""; trusts only what our own proxies wrote."""
    hops = [request.META.get("REMOTE_ADDR", "")]
    if settings.TRUSTED_PROXIES:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[
            -settings.TRUSTED_PROXIES :
        ]
    try:
        address = ipaddress.ip_interface(hops[0].strip())
    except ValueError:
        return ""
    network = (
        ipaddress.IPv6Network((int(address), 64), strict=False)
        if ":" in hops[0]
        else None
    )
    return str(network[0] if network else address.ip)


def too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    """The page that says how long to wait."""
    minutes = -(-seconds // 60)
    page = render(request, "429.html", {"minutes": minutes}, status=429)
    page["Retry-After"] = str(seconds)
    return page


def throttled(
    scope: str, limit: int, seconds: int, by: str = "ip", methods: str = ""
) -> Callable:
    """Limit a page, counted by "ip" or by "user"; `methods` ("POST") names those that count."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            key = f"user-{request.user.pk}" if by == "user" else client_ip(request)
            counted = not methods or request.method in methods.split()
            if not counted or (verdict := allow(scope, key, limit, seconds)).allowed:
                return view(request, *args, **kwargs)
            return too_often(request, verdict.retry_after)

        return limited

    return decorate
