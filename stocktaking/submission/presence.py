"""Who has a step of a draft open at this moment. Kept in the cache only, for about a minute.

Two pages that report at the same moment may overwrite one another; the next report corrects it.
"""

import datetime
from typing import NamedTuple

from django.utils import timezone

from common.caching.values import remember, remembered
from common.moves.actors import AnyUser

BEAT = 30  # seconds between two calls of an open page
FORGOTTEN = datetime.timedelta(seconds=75)  # two beats and a slow network


class Present(NamedTuple):
    name: str
    since: datetime.datetime


def _key(kind: str, pk: int, slug: str) -> str:
    return f"presence:{kind}:{pk}:{slug}"


def arrive(kind: str, pk: int, slug: str, user: AnyUser) -> list[Present]:
    """Note that this person has the step open; returns the others who have, first come first.

    Returns nobody while the cache is down: writing continues without it.
    """
    key, now = _key(kind, pk, slug), timezone.now()
    kept = remembered(key) or {}
    there = {who: row for who, row in kept.items() if row[2] > now - FORGOTTEN}
    since = there[user.pk][1] if user.pk in there else now
    there[user.pk] = (str(user), since, now)
    remember(key, there, FORGOTTEN.seconds)
    others = [
        Present(name, at) for who, (name, at, _seen) in there.items() if who != user.pk
    ]
    return sorted(others, key=lambda other: other.since)


def leave(kind: str, pk: int, slug: str, user: AnyUser) -> None:
    """Note that this person has left the step."""
    key = _key(kind, pk, slug)
    there = remembered(key) or {}
    if there.pop(user.pk, None):
        remember(key, there, FORGOTTEN.seconds)
