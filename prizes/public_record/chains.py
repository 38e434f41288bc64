"""Walking the chains: each event is hashed again in Python, chain by chain, so that the memory for
the largest vote is that of one chain. Nobody who votes waits: there are no locks, each chain is
read in a snapshot of its own.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext_noop as _

from prizes.ballot.models import GENESIS, SHARDS
from prizes.contest.models import Contest
from prizes.public_record.models import FRAME

EVENTS_AT_ONCE = (
    200_000  # about: whole chains are read, as many at once as have so many events
)
PAIRS = 256  # of two hexadecimal digits, with which the keys of voters begin
# Neighbours in a chain lie far apart: pages are read in their order, and then sorted.
IN_ORDER_OF_PAGES = """
SET LOCAL enable_indexscan = off; SET LOCAL work_mem = '128MB'; SET LOCAL jit = off
"""
AS_BEFORE = "RESET enable_indexscan; RESET work_mem; RESET jit"
# One text for many events: rows of their own would take most of the time.
EVENTS = """
SELECT string_agg(concat_ws('|', e.shard, e.number, e.kind, e.category_id,
        to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        e.voter, e.entry_id, encode(convert_to(e.reason, 'UTF8'), 'hex'),
        e.id, coalesce(e.receipt_number::text, ''), e.previous, e.hash),
        E'\n' ORDER BY e.shard, e.number)
FROM prizes_ballotevent e
WHERE e.contest_id = %(contest)s AND e.shard BETWEEN %(first)s AND %(last)s
"""
HEADS = """
SELECT shard, number, hash FROM prizes_chainhead
WHERE contest_id = %(contest)s AND shard BETWEEN %(first)s AND %(last)s
"""
SIZE = "SELECT coalesce(sum(number), 0) FROM prizes_chainhead WHERE contest_id = %s"
# The keys of the voters of neighbouring chains begin with one of four ranges of digits: an index
# finds them.
VOTES = """
SELECT string_agg(concat_ws('|', v.category_id, v.voter, v.entry_id, v.event_id, v.voided), E'\n')
FROM prizes_vote v
WHERE v.category_id = ANY(%(categories)s) AND v.voter >= %(a)s AND v.voter < %(z)s
"""
VOTERS = """
SELECT string_agg(concat_ws('|', v.key, v.events), E'\n')
FROM prizes_voter v WHERE v.contest_id = %(contest)s AND v.key >= %(a)s AND v.key < %(z)s
"""
# `content` comes last: it may hold any sign but the one that ends a line.
FRAME_EVENTS = """
SELECT number, hash, previous, concat_ws('|', contest_id, 'frame', number, kind, record,
    public.prize_moment(at), content)
FROM prizes_frameevent WHERE contest_id = %s ORDER BY number
"""


HEADLESS = _("the chain does not end where its head says")
EMPTIED = _("the chain has been emptied")
MISSING = _("an event before it is missing")
NOT_FOLLOWING = _("it does not follow the event before it")
CHANGED = _("its content was changed")
NOT_COUNTED = _("the voter has not the events that were counted for them")
OTHER_VOTE = _("the current vote differs from the recorded events")
OTHER_RECEIPT = _("its receipt is that of another event")


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
    kind: str
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
    chosen: set[tuple[int, int]] = set()  # category and entry of its events
    lines: list[Line] = []  # if they were asked for


def prefixes_of(shard: int) -> list[str]:
    """The two digits with which the keys of a chain's voters begin."""
    return [f"{n:02x}" for n in range(shard, PAIRS, SHARDS)]


def ranges_of(first: int, last: int) -> list[tuple[str, str]]:
    """The same of neighbouring chains, as beginnings from (inclusive) and to (exclusive)."""
    every = [*(f"{n:02x}" for n in range(PAIRS)), "g"]
    return [(every[n + first], every[n + last + 1]) for n in range(0, PAIRS, SHARDS)]


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


def read_chains(
    contest: Contest,
    span: tuple[int, int],
    wanted: dict[str, set[int]],
    keeps_lines: bool = False,
) -> list[Chain]:
    """Compute neighbouring chains of votes again, and compare them with their heads and tables;
    those of which nothing is there are left out."""
    values = {"contest": contest.pk, "first": span[0], "last": span[1]}
    walks = {
        shard: Walk(contest.pk, shard, wanted.get(str(shard), set()), keeps_lines)
        for shard in range(span[0], span[1] + 1)
    }
    with snapshot() as cursor:
        cursor.execute(IN_ORDER_OF_PAGES)
        events = lines(cursor, EVENTS, values)
        cursor.execute(AS_BEFORE)
        for line in events:
            shard, _bar, rest = line.partition("|")
            walks[int(shard)].take(rest)
        del events
        cursor.execute(HEADS, values)
        heads = {shard: (number, end) for shard, number, end in cursor.fetchall()}
        chains = {
            shard: _with_head(walk.found(), heads.get(shard))
            for shard, walk in walks.items()
            if walk.number or walk.fault or shard in heads
        }
        _compare(cursor, contest, span, chains)
    return list(chains.values())


def _with_head(chain: Chain, head: tuple[int, str] | None) -> Chain:
    fault = chain.fault
    if fault is None and head != (chain.events, chain.end):
        fault = Fault(chain.events, HEADLESS)
    if fault is None and not chain.events:
        fault = Fault(0, EMPTIED)
    return chain._replace(fault=fault)


def _compare(
    cursor: Any, contest: Contest, span: tuple[int, int], chains: dict[int, Chain]
) -> None:
    """Note what the tables of votes and voters say otherwise than the events."""
    categories = list(contest.categories.values_list("pk", flat=True))
    counted: set[str] = set()
    votes: set[str] = set()
    for a, z in ranges_of(*span):
        values = {"contest": contest.pk, "categories": categories, "a": a, "z": z}
        counted.update(lines(cursor, VOTERS, values))
        votes.update(lines(cursor, VOTES, values))
    for chain in chains.values():
        for key, events in chain.voters.items():
            _match(counted, f"{key}|{events}")
        for (category, voter), last in chain.standing.items():
            if last.kind != "withdraw":
                void = "t" if last.kind == "voiding" else "f"
                line = f"{category}|{voter}|{last.entry}|{last.event}|{void}"
                _match(votes, line)
    _note(chains, {line.partition("|")[0] for line in counted}, NOT_COUNTED)
    _note(chains, {line.split("|")[1] for line in votes}, OTHER_VOTE)


def _match(rows: set[str], line: str) -> None:
    """Take away what is on both sides; what is on one side only stays."""
    if line in rows:
        rows.remove(line)
    else:
        rows.add(line)


def _note(chains: dict[int, Chain], voters: set[str], problem: str) -> None:
    for voter in sorted(voters):
        shard = next((n for n in chains if voter[:2] in prefixes_of(n)), None)
        if shard is not None and chains[shard].fault is None:
            fault = Fault(0, problem, voter)
            chains[shard] = chains[shard]._replace(fault=fault)


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
        self.chosen: set[tuple[int, int]] = set()
        self.mine = set(prefixes_of(shard))

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
                self.lines.append(Line(int(category), int(pk), kind, public, receipt))
            if problem := self._problem(number, before, own, public, voter, receipt):
                self.fault = Fault(number, problem, voter)
        self.chosen.add((int(category), int(entry)))
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
            self.chosen,
            self.lines,
        )


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


def all_chains(
    contest: Contest, wanted: dict[str, set[int]], keeps_lines: bool = False
) -> Iterable[Chain]:
    """The frame, then the chains of the votes."""
    yield read_frame(contest, wanted.get(FRAME, set()))
    with connection.cursor() as cursor:
        cursor.execute(SIZE, [contest.pk])
        (size,) = cursor.fetchone()
    at_once = max(1, min(SHARDS, SHARDS * EVENTS_AT_ONCE // max(int(size), 1)))
    for first in range(0, SHARDS, at_once):
        span = first, min(first + at_once, SHARDS) - 1
        yield from read_chains(contest, span, wanted, keeps_lines)


def frame_lines(contest: Contest) -> Iterator[str]:
    """The events of the frame as they are hashed."""
    with connection.cursor() as cursor:
        cursor.execute(FRAME_EVENTS, [contest.pk])
        for _number, _hash, _previous, line in cursor.fetchall():
            yield line
