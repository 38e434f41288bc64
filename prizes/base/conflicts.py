"""Conflicts of interest as the database finds them (prizes/panel/conflicts.sql)."""

from collections.abc import Iterable

from django.db import connection
from django.db.models.expressions import RawSQL

from accounts.user.domains import PUBLIC_MAIL

OF_ONE = "SELECT entry_id FROM public.prize_conflicts(%s::bigint[], %s::text[])"
PAIRS = "SELECT entry_id, user_id, kind FROM public.prize_conflicts(%s::bigint[], %s::text[])"


def conflicting_with(person: int) -> RawSQL:
    """Keys of the entries in which this person has a conflict of interest, as a subquery."""
    return RawSQL(OF_ONE, ([person], sorted(PUBLIC_MAIL)))  # noqa: S611  (constant text)


def kinds_of_conflicts(people: Iterable[int]) -> dict[tuple[int, int], set[str]]:
    """Entry and person → kinds of conflict: declared, own, organization, relative, partner, domain,
    country. One query for everybody."""
    kinds: dict[tuple[int, int], set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, (list(people), sorted(PUBLIC_MAIL)))
        for entry, person, kind in cursor.fetchall():
            kinds.setdefault((entry, person), set()).add(kind)
    return kinds
