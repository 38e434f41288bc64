"""The roll: a commitment to the accounts that could vote, added to the frame each hour.

The event says how many accounts there are and hashes the voter keys of those that joined since the
last one. Who adds accounts later, or votes with keys of none, contradicts what was published.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Max

from prizes.ballot.voter import voter_keys
from prizes.contest.models import Contest
from prizes.public_record.models import FrameEvent, Roll


def keys_hash(keys: Iterable[str]) -> str:
    """SHA-256 over the keys in alphabetical order: the order of accounts is not told."""
    return hashlib.sha256("".join(sorted(keys)).encode()).hexdigest()


@transaction.atomic
def commit_roll(contest: Contest) -> FrameEvent | None:
    """Add the accounts that joined since the last time to the roll; None when there are none."""
    Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
    rolls = Roll.objects.filter(event__contest=contest)
    after = rolls.aggregate(last=Max("through"))["last"] or 0
    people = get_user_model().objects.filter(pk__gt=after).order_by("pk")
    numbers = list(people.values_list("pk", flat=True))
    if not numbers:
        return None
    known = rolls.order_by("-event__number").values_list("event__content", flat=True)
    before = known.first()
    content = {
        "accounts": (json.loads(before)["accounts"] if before else 0) + len(numbers),
        "added": len(numbers),
        "keys": keys_hash(voter_keys(contest.pk, numbers)),
    }
    event = FrameEvent.objects.create(
        contest=contest,
        kind=FrameEvent.Kind.ROLL,
        record=numbers[-1],
        content=json.dumps(content),
    )
    Roll.objects.create(event=event, numbers=as_ranges(numbers), through=numbers[-1])
    return event


def as_ranges(numbers: Iterable[int]) -> str:
    """Rising numbers as text: 1, 2, 3, 7 → "1-3,7"."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(f"{a}-{b}" if a < b else f"{a}" for a, b in parts)


def of_ranges(text: str) -> Iterator[int]:
    for part in text.split(",") if text else ():
        first, _hyphen, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)
