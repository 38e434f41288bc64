"""How many voters have been shown the card of each nominee, and which ones a voter has seen.

Both are kept in Valkey: they help readers and staff, no vote depends on them. While it is down,
nothing is counted and everything counts as not seen.
"""

from contextlib import suppress
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache

from accounts.user.models import User
from prizes.ballot.voter import voter_key
from prizes.contest.models import Contest

A_VOTE = 100 * 24 * 3600  # seconds that a voter's own list is kept
A_YEAR = 400 * 24 * 3600

# A nominee counts once for each voter, in one step, so that two tabs count no nominee twice.
SHOW = """for n = 3, #ARGV do
  if redis.call('SADD', KEYS[1], ARGV[n]) == 1 then redis.call('HINCRBY', KEYS[2], ARGV[n], 1) end
end
redis.call('EXPIRE', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[2], ARGV[2])"""


@lru_cache
def _valkey() -> Any:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=1, decode_responses=True
    )


@lru_cache
def _show() -> Any:
    return _valkey().register_script(SHOW)


def _seen_by(contest: Contest, user: User) -> str:
    return cache.make_key(f"seen:{contest.pk}:{voter_key(contest.pk, user.pk)}")


def _shown_in(contest: Contest) -> str:
    return cache.make_key(f"exposure:{contest.pk}")


def note_shown(contest: Contest, user: User, entries: list[int]) -> None:
    """This voter has these cards on the screen."""
    if entries:
        keys = [_seen_by(contest, user), _shown_in(contest)]
        with suppress(redis.RedisError):
            _show()(keys=keys, args=[A_VOTE, A_YEAR, *entries])


def seen_by(contest: Contest, user: User) -> set[int]:
    with suppress(redis.RedisError):
        return {int(pk) for pk in _valkey().smembers(_seen_by(contest, user))}
    return set()


def exposure(contest: Contest) -> dict[int, int]:
    """Nominee → to how many voters its card was shown."""
    with suppress(redis.RedisError):
        counts = _valkey().hgetall(_shown_in(contest))
        return {int(pk): int(count) for pk, count in counts.items()}
    return {}
