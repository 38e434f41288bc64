"""The order in which a voter sees the nominees of a category: each nominee is as often on the first
screen as the others, and a voter who comes back finds the same order.

Voters get numbers as they come. Of as many voters in a row as there are nominees, each sees another
nominee first: they share one shuffled circle, and each begins one place further on. The next as
many share another circle, so that nobody has the same neighbours for ever.

How many voters were shown each card, and which ones a voter has seen, is kept in Valkey: it helps
readers and staff, no vote depends on it. While Valkey is down, nothing is counted and everything
counts as not seen.
"""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.moves.actors import AnyUser
from prizes.ballot.voter import voter_key
from prizes.contest.models import Contest, Phase
from prizes.entry.models import Entry
from prizes.entry.workflow import ON_BALLOT


class Turn(models.Model):
    """The number of a voter among those who have opened the ballot. It tells nothing about votes;
    the rows are deleted when the votes are counted."""

    contest = models.ForeignKey(
        Contest,
        models.PROTECT,
        related_name="turns",
        verbose_name=_("contest"),
        db_index=False,
    )
    key = models.CharField(_("voter"), max_length=64)

    class Meta:
        verbose_name = _("turn of a voter")
        verbose_name_plural = _("turns of voters")
        ordering = ["contest", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "key"], name="turn_once")
        ]

    def __str__(self) -> str:
        return f"{self.contest_id}: {self.key[:8]}"


def turn_of(contest: Contest, user: AnyUser) -> int:
    """The number of this voter, given at the first visit while voting is open. For readers who are
    not signed in it changes every day."""
    if not user.is_authenticated:
        return timezone.now().date().toordinal()
    key = voter_key(contest.pk, user.pk)
    turn = Turn.objects.filter(contest=contest, key=key).first()
    if turn is None and contest.is_open(Phase.Kind.VOTING):
        turn = Turn.objects.get_or_create(contest=contest, key=key)[0]
    return turn.pk if turn else 0


def arranged(entries: Iterable[int], turn: int, category: int) -> list[int]:
    """The ids of a category's nominees in the order of this turn."""
    circle = sorted(entries)
    if not circle:
        return []
    block, place = divmod(turn, len(circle))
    circle.sort(key=lambda pk: _mixed(f"{category}:{block}:{pk}"))
    return circle[place:] + circle[:place]


def _mixed(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


class Place(NamedTuple):
    """A nominee on the circle of its category."""

    pk: int
    category: int
    status: str
    country: str | None
    stakeholder_type: str | None

    @property
    def on_ballot(self) -> bool:
        return self.status in ON_BALLOT


def places_in(categories: Sequence[int]) -> list[Place]:
    """The nominees of these categories; one query.

    Nominees removed during the vote keep their places, else everybody's order would change.
    """
    there = Entry.objects.filter(category__in=categories, source="")
    there = there.filter(Q(status__in=ON_BALLOT) | Q(removals__isnull=False))
    rows = there.order_by().values_list(*Place._fields).distinct()
    return [Place(*row) for row in rows]


def order_of(places: Iterable[Place], turn: int) -> dict[int, int]:
    """Nominee → place in its category."""
    circles: dict[int, set[int]] = {}
    for place in places:
        circles.setdefault(place.category, set()).add(place.pk)
    return {
        pk: number
        for category, circle in circles.items()
        for number, pk in enumerate(arranged(circle, turn, category))
    }


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
