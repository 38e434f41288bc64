"""Verifying the ballot: every chain is computed again, and compared with all that depends on it.

The findings are for operators, in English: the command `verify_ballots` prints them.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import connection

from prizes.ballot.models import (
    GENESIS,
    BallotEvent,
    ChainHead,
    Link,
    link_hash,
    shard_of,
)
from prizes.ballot.voter import voter_key
from prizes.contest.models import Contest, Extension, Phase

# Each finds the first inconsistency: its name, and its number or key.
CHECKS: tuple[tuple[str, str, str], ...] = (
    (
        "voter",
        "the voter has not the events that were counted for them",
        """
        SELECT left(coalesce(v.key, e.voter), 12)
        FROM (SELECT key, events FROM prizes_voter WHERE contest_id = %(contest)s) v
        FULL JOIN (SELECT voter, count(*) AS events FROM prizes_ballotevent
                   WHERE contest_id = %(contest)s GROUP BY voter) e ON e.voter = v.key
        WHERE v.events IS DISTINCT FROM e.events ORDER BY 1 LIMIT 1
        """,
    ),
    (
        "voter",
        "the current vote differs from the recorded events",
        """
        SELECT left(coalesce(v.voter, e.voter), 12)
        FROM (
            SELECT DISTINCT ON (category_id, voter) id, category_id, voter, entry_id, kind
            FROM prizes_ballotevent WHERE contest_id = %(contest)s
            ORDER BY category_id, voter, number DESC
        ) e
        FULL JOIN (
            SELECT v.* FROM prizes_vote v JOIN prizes_category c ON c.id = v.category_id
            WHERE c.contest_id = %(contest)s
        ) v ON v.category_id = e.category_id AND v.voter = e.voter
        WHERE (e.id IS NULL)
           OR (v.id IS NULL AND e.kind <> 'withdraw')
           OR (v.id IS NOT NULL AND (e.kind = 'withdraw' OR v.entry_id <> e.entry_id
               OR v.event_id <> e.id OR v.voided <> (e.kind = 'voiding')))
        ORDER BY 1 LIMIT 1
        """,
    ),
    (
        "event",
        "a vote is void without a case that two persons decided",
        """
        SELECT e.id FROM prizes_ballotevent e
        WHERE e.contest_id = %(contest)s AND e.kind = 'voiding' AND NOT EXISTS (
            SELECT FROM prizes_voiding s JOIN prizes_ballotevent v ON v.id = s.event_id
            WHERE s.voided_by_id = e.id AND s.confirmed_by_id <> s.proposed_by_id
              AND v.voter = e.voter AND v.category_id = e.category_id)
        ORDER BY 1 LIMIT 1
        """,
    ),
    (
        "event",
        "its receipt is that of another event",
        """
        SELECT e.id FROM prizes_ballotevent e
        WHERE e.contest_id = %(contest)s AND e.receipt_number IS NOT NULL
          AND e.receipt_number <> prize_receipt(e.hash, 0)
          AND e.receipt_number NOT IN (prize_receipt(e.hash, 1), prize_receipt(e.hash, 2))
        ORDER BY 1 LIMIT 1
        """,
    ),
    (
        "entry",
        "it has votes in a category or contest that is not its own",
        """
        SELECT n.id FROM prizes_entry n
        WHERE EXISTS (SELECT FROM prizes_ballotevent e
                      WHERE e.contest_id = %(contest)s AND e.entry_id = n.id
                        AND (e.category_id <> n.category_id OR e.contest_id <> n.contest_id))
        ORDER BY 1 LIMIT 1
        """,
    ),
    (
        "entry",
        "it left the ballot without a decision on record",
        """
        SELECT n.id FROM prizes_entry n
        WHERE n.contest_id = %(contest)s AND n.source = ''
          AND n.status NOT IN ('nominated', 'champion', 'winner')
          AND EXISTS (SELECT FROM prizes_ballotevent e
                      WHERE e.category_id = n.category_id AND e.entry_id = n.id)
          AND NOT EXISTS (SELECT FROM common_statuschange s
                          WHERE s.record_kind = 'prizes.entry' AND s.record_id = n.id
                            AND s.move = 'remove')
        ORDER BY 1 LIMIT 1
        """,
    ),
    (
        "result",
        "results are frozen for votes that are not there",
        """
        SELECT r.id FROM prizes_result r JOIN prizes_category c ON c.id = r.category_id
        WHERE c.contest_id = %(contest)s AND r.votes > (
            SELECT count(*) FROM prizes_vote v WHERE v.entry_id = r.entry_id)
        ORDER BY 1 LIMIT 1
        """,
    ),
)


class Broken(NamedTuple):
    """The first inconsistency: where, such as a chain and a number, and what."""

    place: str
    problem: str


class Checked(NamedTuple):
    events: int
    root: str  # one hash over the heads of all chains: publish it, keep it elsewhere
    broken: Broken | None


def verify(contest: Contest) -> Checked:
    """Compute every chain again and compare it with its head, the votes that stand, the voters,
    and the records of cases, removals and extensions."""
    heads = {head.shard: head for head in ChainHead.objects.filter(contest=contest)}
    counted, broken = 0, None
    ends: dict[int, tuple[int, str]] = {}
    voters: set[str] = set()
    for link, problem in _walk(contest, ends):
        counted += 1
        voters.add(link.voter)
        if problem and broken is None:
            broken = Broken(_link(link.shard, link.number), problem)
    for shard in sorted(set(heads) | set(ends)):
        head = heads.get(shard)
        end = ends.get(shard, (0, GENESIS))
        if broken is None and (head is None or (head.number, head.hash) != end):
            broken = Broken(
                _link(shard, end[0]), "the chain does not end where its head says"
            )
        if broken is None and not end[0]:
            broken = Broken(_link(shard, 0), "the chain has been emptied")
    broken = broken or _first_misfit(contest) or _stranger(contest, voters)
    broken = broken or _longer_than_said(contest, heads.values())
    return Checked(counted, root_hash(contest), broken)


def _link(shard: int, number: int) -> str:
    return f"chain {shard}, event {number}"


CONTENT = (
    "contest_id",
    "shard",
    "number",
    "kind",
    "category_id",
    "voter",
    "entry_id",
    "at",
    "reason",
)


def _walk(
    contest: Contest, ends: dict[int, tuple[int, str]]
) -> Iterator[tuple[Link, str]]:
    """Each event with what is wrong with it (""); fills `ends` with the end of each chain."""
    events = BallotEvent.objects.filter(contest=contest).order_by("shard", "number")
    rows = events.values_list(*CONTENT, "previous", "hash")
    for *content, before, own in rows.iterator(chunk_size=10_000):
        link = Link(*content)
        number, previous = ends.get(link.shard, (0, GENESIS))
        problem = ""
        if link.number != number + 1:
            problem = "an event before it is missing"
        elif before != previous:
            problem = "it does not follow the event before it"
        elif own != link_hash(previous, link) or link.shard != shard_of(link.voter):
            problem = "its content was changed"
        ends[link.shard] = (link.number, own)
        yield link, problem


def _first_misfit(contest: Contest) -> Broken | None:
    with connection.cursor() as cursor:
        for place, problem, question in CHECKS:
            cursor.execute(question, {"contest": contest.pk})
            row = cursor.fetchone()
            if row:
                return Broken(f"{place} {row[0]}", problem)
    return None


def _stranger(contest: Contest, voters: set[str]) -> Broken | None:
    """A voter that belongs to no account that exists or ever existed. Keys of accounts can be
    computed with the portal's key, but not with access to the database alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT last_value FROM pg_sequences WHERE sequencename = %s",
            ["accounts_user_id_seq"],
        )
        row = cursor.fetchone()
    unknown = set(voters)
    for account in range(
        row[0] or 0 if row else 0, 0, -1
    ):  # who came last may have voted
        if not unknown:
            return None
        unknown.discard(voter_key(contest.pk, account))
    if not unknown:
        return None
    return Broken(f"voter {min(unknown)[:12]}", "no account has this voter’s key")


def _longer_than_said(contest: Contest, heads: Iterable[Any]) -> Broken | None:
    """Check that the end of the vote is the one recorded when the chains began, unless an
    extension changed it."""
    voting = contest.phases.filter(kind=Phase.Kind.VOTING).first()
    closes = voting and voting.closes_at
    ends = [head.voting_closes_at for head in heads if head.voting_closes_at]
    if not voting or not closes or not ends or closes <= min(ends):
        return None
    if Extension.objects.filter(phase=voting, new_end=closes).exists():
        return None
    return Broken(str(voting.kind), "voting closes later than its extensions say")


def root_hash(contest: Contest) -> str:
    """SHA-256 over the heads of the chains, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT encode(sha256(convert_to(coalesce(string_agg(hash, '' ORDER BY shard), ''),"
            " 'UTF8')), 'hex') FROM prizes_chainhead WHERE contest_id = %s",
            [contest.pk],
        )
        return str(cursor.fetchone()[0])
