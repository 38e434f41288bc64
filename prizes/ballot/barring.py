"""Who may not vote: for an entry, because it is their own; in a contest, because they run it.

The database decides (functions in .sql files) for the page, the vote and the count, so that the
three cannot differ.
"""

from typing import NamedTuple

from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from prizes.ballot.voter import keys_of
from prizes.contest.models import Contest

OF_ONE = "SELECT kind, entry_id FROM prize_bars(%(contest)s, %(user)s)"
OF_ALL = """
SELECT t.entry_id, u.id, u.email FROM prize_ties(%(contest)s) t
JOIN accounts_user u ON u.id = t.user_id
UNION ALL
SELECT NULL, u.id, u.email FROM prize_officials(%(contest)s) o
JOIN accounts_user u ON u.id = o.user_id
"""


class FormerMembership(models.Model):
    """An organization that a member's profile named before. A trigger writes these rows, so that
    nobody clears the profile in order to vote; they are deleted after a year (retention)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("account"),
    )
    organization = models.ForeignKey(
        "stocktaking.Organization",
        models.CASCADE,
        related_name="+",
        verbose_name=_("organization"),
    )
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("former organization of a member")
        verbose_name_plural = _("former organizations of members")
        ordering = ["-until", "-pk"]

    def __str__(self) -> str:
        return f"{self.user}: {self.organization}"


class Bars(NamedTuple):
    """What one person may not vote for: entries of their own; nothing at all (`official`);
    nothing yet, because the profile lacks something (`incomplete`)."""

    own: frozenset[int]
    official: bool
    incomplete: bool


def bars_of(contest_id: int, user_id: int) -> Bars:
    with connection.cursor() as cursor:
        cursor.execute(OF_ONE, {"contest": contest_id, "user": user_id})
        rows = cursor.fetchall()
    kinds = {kind for kind, _entry in rows}
    own = frozenset(entry for kind, entry in rows if kind == "own")
    return Bars(own, "official" in kinds, "profile" in kinds)


OF_ENTRY = """
SELECT u.id, u.email FROM accounts_user u
JOIN (
    SELECT user_id FROM prize_ties(%(contest)s) WHERE entry_id = %(entry)s
    UNION SELECT user_id FROM prize_officials(%(contest)s)
) barred ON barred.user_id = u.id
"""


def is_barred(contest_id: int, entry_id: int, voter: str) -> bool:
    """Whether the voter with this key may not vote for the entry, as things stand now."""
    with connection.cursor() as cursor:
        cursor.execute(OF_ENTRY, {"contest": contest_id, "entry": entry_id})
        accounts = cursor.fetchall()
    return voter in keys_of(contest_id, accounts).values()


class BarredVotes(NamedTuple):
    """Votes that the count leaves out, by the keys of the ballot."""

    own: frozenset[tuple[str, int]]  # voter and entry
    officials: frozenset[str]

    def bars(self, voter: str, entry: int) -> bool:
        return voter in self.officials or (voter, entry) in self.own

    @property
    def voters(self) -> set[str]:
        return {voter for voter, _entry in self.own} | self.officials


def barred_votes(contest: Contest) -> BarredVotes:
    """Votes of people who may not vote for the entry, as things stand now: a link that was
    hidden at the time of the vote, or discovered since, counts as well."""
    with connection.cursor() as cursor:
        cursor.execute(OF_ALL, {"contest": contest.pk})
        rows = cursor.fetchall()
    keys = keys_of(
        contest.pk, {user: address for _entry, user, address in rows}.items()
    )
    return BarredVotes(
        frozenset(
            (keys[user], entry) for entry, user, _address in rows if entry is not None
        ),
        frozenset(keys[user] for entry, user, _address in rows if entry is None),
    )
