"""Walking the chains: each event is hashed again in Python, chain by chain, so that the memory for
the largest vote is that of one chain. Nobody who votes waits: there are no locks, each chain is
read in a snapshot of its own.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import connection, transaction

from prizes.ballot.models import GENESIS, SHARDS
from prizes.contest.models import Contest
from prizes.public_record.models import FRAME

EVENTS_AT_ONCE = 50_000
PAIRS = 256  # of two hexadecimal digits, with which the keys of voters begin
# One text for many events: rows of their own would take most of the time.
EVENTS = """
SELECT string_agg(concat_ws('|', e.number, e.kind, e.category_id,
        to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        e.voter, e.entry_id, encode(convert_to(e.reason, 'UTF8'), 'hex'),
        e.id, coalesce(e.receipt_number::text, ''), e.previous, e.hash), E'\n' ORDER BY e.number)
FROM prizes_ballotevent e
WHERE e.contest_id = %(contest)s AND e.shard = %(shard)s
  AND e.number > %(after)s AND e.number <= %(until)s
"""
# The last number that is there, and the head.
END = """
SELECT (SELECT coalesce(max(number), 0) FROM prizes_ballotevent
        WHERE contest_id = %(contest)s AND shard = %(shard)s), h.number, h.hash
FROM (SELECT) one
LEFT JOIN prizes_chainhead h ON h.contest_id = %(contest)s AND h.shard = %(shard)s
"""
# Chains of which there is a head or an event.
BEGUN = """
SELECT s FROM generate_series(0, %(last)s) s
WHERE EXISTS (SELECT FROM prizes_chainhead WHERE contest_id = %(contest)s AND shard = s)
   OR EXISTS (SELECT FROM prizes_ballotevent WHERE contest_id = %(contest)s AND shard = s)
ORDER BY s
"""
# The keys of a chain's voters begin with one of four pairs of digits: an index finds them.
VOTES = """
SELECT string_agg(concat_ws('|', v.category_id, v.voter, v.entry_id, v.event_id, v.voided), E'\n')
FROM unnest(%(from)s::text[], %(to)s::text[]) AS r (a, b)
CROSS JOIN (SELECT id FROM prizes_category WHERE contest_id = %(contest)s) c
CROSS JOIN LATERAL (
    SELECT * FROM prizes_vote v
    WHERE v.category_id = c.id AND v.voter >= r.a AND v.voter < r.b) v
"""
VOTERS = """
SELECT string_agg(concat_ws('|', v.key, v.events), E'\n')
FROM unnest(%(from)s::text[], %(to)s::text[]) AS r (a, b)
CROSS JOIN LATERAL (
    SELECT * FROM prizes_voter v
    WHERE v.contest_id = %(contest)s AND v.key >= r.a AND v.key < r.b) v
"""
# `content` comes last: it may hold any sign but the one that ends a line.
FRAME_EVENTS = """
SELECT number, hash, previous, concat_ws('|', contest_id, 'frame', number, kind, record,
    public.prize_moment(at), content)
FROM prizes_frameevent WHERE contest_id = %s ORDER BY number
"""


HEADLESS = "the chain does not end where its head says"
EMPTIED = "the chain has been emptied"
MISSING = "an event before it is missing"
NOT_FOLLOWING = "it does not follow the event before it"
CHANGED = "its content was changed"
OTHER_RECEIPT = "its receipt is that of another event"


class Standing(NamedTuple):
    """The last event of a voter in a category."""

    entry: int
    kind: str
    event: int


class Fault(NamedTuple):
    number: int
    problem: str
    voter: str = ""


class Line(NamedTuple):
    """An event as it is published."""

    category: int
    event: int
    text: str
    receipt: str  # a number, "" where the event is no vote


class Chain(NamedTuple):
    """One chain as it was found; `hashes` are those at the numbers that were asked for."""

    name: str
    events: int
    end: str
    hashes: dict[int, str]
    standing: dict[tuple[int, str], Standing]
    voters: dict[str, int]  # key → events
    fault: Fault | None
    lines: list[Line] = []  # if they were asked for


def ranges_of(shard: int) -> tuple[list[str], list[str]]:
    """The beginnings of the keys of a chain's voters, from and to (exclusive)."""
    every = [f"{n:02x}" for n in range(PAIRS)]
    return every[shard::SHARDS], [*every[1:], "g"][shard::SHARDS]


@contextmanager
def snapshot() -> Iterator[Any]:
    """A cursor that sees one moment, unless the caller's transaction has begun already."""
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            yield cursor
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield cursor


def lines(cursor: Any, question: str, values: Any) -> list[str]:
    cursor.execute(question, values)
    text = cursor.fetchone()[0]
    return text.split("\n") if text else []


def read_chain(
    contest: Contest, shard: int, wanted: set[int], keeps_lines: bool = False
) -> Chain:
    """Compute one chain of votes again, and compare it with its head and the tables."""
    with snapshot() as cursor:
        cursor.execute(END, {"contest": contest.pk, "shard": shard})
        last, *head = cursor.fetchone()
        walk = Walk(contest.pk, shard, wanted, keeps_lines)
        chain = _computed(cursor, contest, last, walk)
        fault = chain.fault
        if fault is None and head != [chain.events, chain.end]:
            fault = Fault(chain.events, HEADLESS)
        if fault is None and not chain.events:
            fault = Fault(0, EMPTIED)
        fault = fault or _misfit(cursor, contest, shard, chain)
    return chain._replace(fault=fault)


def _computed(cursor: Any, contest: Contest, last: int, walk: "Walk") -> Chain:
    """The chain from its events alone."""
    for after in range(0, last, EVENTS_AT_ONCE):
        values = {
            "contest": contest.pk,
            "shard": walk.shard,
            "after": after,
            "until": after + EVENTS_AT_ONCE,
        }
        for line in lines(cursor, EVENTS, values):
            walk.take(line)
    return walk.found()


ATTEMPTS = 3  # at a receipt that no other event has (ballot/receipt.sql)


def is_receipt_of(event_hash: str, receipt: str) -> bool:
    return any(
        sha256(f"receipt|{event_hash}|{attempt}".encode()).hexdigest()[:11]
        == f"{int(receipt):011x}"
        for attempt in range(ATTEMPTS)
    )


class Walk:
    """From the beginning of a chain to its end."""

    def __init__(
        self, contest: int, shard: int, wanted: set[int], keeps_lines: bool = False
    ) -> None:
        self.shard, self.wanted = shard, wanted
        self.keeps_lines = keeps_lines
        self.lines: list[Line] = []
        self.name = f"{contest}|{shard}|"
        self.number, self.previous = 0, GENESIS
        self.fault: Fault | None = None
        self.hashes: dict[int, str] = {}
        self.standing: dict[tuple[int, str], Standing] = {}
        self.voters: dict[str, int] = {}
        self.mine = {f"{n:02x}" for n in range(shard, PAIRS, SHARDS)}

    def take(self, line: str) -> None:
        """The next event, as `EVENTS` writes it."""
        try:
            parts = line.split("|")
            n, kind, category, at, voter, entry, reason, pk, receipt, before, own = (
                parts
            )
            number = int(n)
            secret = f"{voter}|{entry}|{bytes.fromhex(reason).decode()}"
            self.standing[int(category), voter] = Standing(int(entry), kind, int(pk))
        except ValueError:
            self.fault = self.fault or Fault(self.number + 1, CHANGED)
            return
        if self.fault is None:
            leaf = sha256(secret.encode()).hexdigest()
            public = f"{self.name}{n}|{kind}|{category}|{at}|{leaf}"
            if self.keeps_lines:
                self.lines.append(Line(int(category), int(pk), public, receipt))
            if problem := self._problem(number, before, own, public, voter, receipt):
                self.fault = Fault(number, problem, voter)
        self.number, self.previous = number, own
        if number in self.wanted:
            self.hashes[number] = own
        self.voters[voter] = self.voters.get(voter, 0) + 1

    def _problem(
        self,
        number: int,
        before: str,
        own: str,
        public: str,
        voter: str,
        receipt: str,
    ) -> str:
        if number != self.number + 1:
            return MISSING
        if before != self.previous:
            return NOT_FOLLOWING
        computed = sha256(f"{before}|{public}".encode()).hexdigest()
        if own != computed or voter[:2] not in self.mine:
            return CHANGED
        return "" if not receipt or is_receipt_of(own, receipt) else OTHER_RECEIPT

    def found(self) -> Chain:
        return Chain(
            str(self.shard),
            self.number,
            self.previous,
            self.hashes,
            self.standing,
            self.voters,
            self.fault,
            self.lines,
        )


def _misfit(cursor: Any, contest: Contest, shard: int, chain: Chain) -> Fault | None:
    """What the tables of votes and voters say otherwise than the events."""
    first, above = ranges_of(shard)
    values = {"contest": contest.pk, "from": first, "to": above}
    counted = set(lines(cursor, VOTERS, values))
    expected = {f"{key}|{events}" for key, events in chain.voters.items()}
    if counted != expected:
        key = min(counted ^ expected).partition("|")[0]
        problem = "the voter has not the events that were counted for them"
        return Fault(0, problem, key)
    votes = set(lines(cursor, VOTES, values))
    given = {
        f"{category}|{voter}|{last.entry}|{last.event}|{'t' if last.kind == 'voiding' else 'f'}"
        for (category, voter), last in chain.standing.items()
        if last.kind != "withdraw"
    }
    if votes != given:
        key = min(line.split("|")[1] for line in votes ^ given)
        return Fault(0, "the current vote differs from the recorded events", key)
    return None


def read_frame(contest: Contest, wanted: set[int]) -> Chain:
    """Compute the chain of the frame again."""
    previous, number, fault = GENESIS, 0, None
    hashes: dict[int, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(FRAME_EVENTS, [contest.pk])
        for n, own, before, line in cursor.fetchall():
            computed = sha256(f"{previous}|{line}".encode()).hexdigest()
            if fault is None:
                if n != number + 1:
                    fault = Fault(n, MISSING)
                elif before != previous or own != computed:
                    fault = Fault(n, CHANGED)
            number, previous = n, own
            if number in wanted:
                hashes[number] = own
    return Chain(FRAME, number, previous, hashes, {}, {}, fault)


def begun(contest: Contest) -> list[int]:
    """The numbers of the chains of votes of which anything is there."""
    with connection.cursor() as cursor:
        cursor.execute(BEGUN, {"contest": contest.pk, "last": SHARDS - 1})
        return [shard for (shard,) in cursor.fetchall()]


def all_chains(
    contest: Contest, wanted: dict[str, set[int]], keeps_lines: bool = False
) -> Iterable[Chain]:
    """The frame, then the chains of the votes."""
    yield read_frame(contest, wanted.get(FRAME, set()))
    for shard in begun(contest):
        yield read_chain(contest, shard, wanted.get(str(shard), set()), keeps_lines)


def frame_lines(contest: Contest) -> Iterator[str]:
    """The events of the frame as they are hashed."""
    with connection.cursor() as cursor:
        cursor.execute(FRAME_EVENTS, [contest.pk])
        for _number, _hash, _previous, line in cursor.fetchall():
            yield line
