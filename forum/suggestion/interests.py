"""How much two sessions interest the same people: they should not be at the same time."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import combinations

from forum.agenda.models import Star
from forum.session.models import Session

SAME_TRACK, SAME_LINE, MOST_STARS = 2, 1, 20
MOST_LIKED = 40  # sessions of one person whose pairs are counted
Pairs = Counter[tuple[int, int]]


def interests(sessions: Mapping[int, Session]) -> Pairs:
    """Pairs of ids → weight: one track, the same action lines, stars of the same person."""
    of_track: dict[str, list[int]] = defaultdict(list)
    of_line: dict[str, list[int]] = defaultdict(list)
    for pk, session in sessions.items():
        if session.track_id:
            of_track[str(session.track_id)].append(pk)
        for line in session.action_lines.all():
            of_line[line.pk].append(pk)
    pairs = Pairs()
    for weight, groups in (
        (SAME_TRACK, of_track.values()),
        (SAME_LINE, of_line.values()),
    ):
        for pair, number in pairs_of(groups).items():
            pairs[pair] += weight * number
    for pair, number in pairs_of(starred(sessions)).items():
        pairs[pair] += min(number, MOST_STARS)
    return pairs


def pairs_of(groups: Iterable[Collection[int]]) -> Pairs:
    """How many groups two sessions share."""
    pairs = Pairs()
    for pks in groups:
        pairs.update(combinations(sorted(pks), 2))
    return pairs


def starred(sessions: Mapping[int, Session]) -> list[list[int]]:
    """The sessions that each person has starred, the latest of them."""
    of_user: dict[int, list[int]] = defaultdict(list)
    rows = Star.objects.filter(session__in=sessions).order_by("-pk")
    for user, pk in rows.values_list("user", "session"):
        if len(of_user[user]) < MOST_LIKED:
            of_user[user].append(pk)
    return list(of_user.values())
