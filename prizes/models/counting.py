"""Counting and checking the ballot: the tally, the recount from raw events, the champions."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection, models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common.workflow import MoveRefused
from prizes.models.ballot import GENESIS, BallotEvent, ChainHead, Vote, shard_of
from prizes.models.contest import Category, Contest, Phase
from prizes.models.entry import Entry
from prizes.models.result import Result
from prizes.workflow import COUNT, Status

Tally = dict[int, int]  # entry → valid votes

# Where the votes that stand and the last events of each voter disagree.
DISAGREE = """
SELECT coalesce(v.category_id, e.category_id), coalesce(v.voter, e.voter)
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
       OR v.event_id <> e.id OR v.struck <> (e.kind = 'strike')))
ORDER BY 1, 2 LIMIT 1
"""
RECOUNT = """
SELECT DISTINCT ON (category_id, voter) category_id, voter, entry_id, kind
FROM prizes_ballotevent WHERE contest_id = %s ORDER BY category_id, voter, number DESC
"""


class Broken(NamedTuple):
    """The first thing that does not fit: a chain and a number, and what is wrong there."""

    place: str
    problem: str


class Checked(NamedTuple):
    events: int
    root: str  # one hash over the heads of all chains: publish it, keep it elsewhere
    broken: Broken | None


def valid_votes(contest: Contest) -> models.QuerySet[Vote]:
    """Votes that count: not struck, for entries still on the ballot, from complete ballots if the
    contest asks for that (every category that has a nominee)."""
    nominees = Entry.objects.on_ballot().filter(contest=contest)
    votes = Vote.objects.filter(category__contest=contest, struck=False, entry__in=nominees)
    if contest.all_categories_required:
        needed = nominees.values("category").distinct().count()
        whole = votes.order_by().values("voter").annotate(n=models.Count("pk")).filter(n=needed)
        votes = votes.filter(voter__in=whole.values("voter"))
    return votes


def tally(contest: Contest) -> Tally:
    """Valid votes by entry, from the votes that stand."""
    rows = valid_votes(contest).order_by().values_list("entry").annotate(n=models.Count("pk"))
    return dict(rows)


def recount(contest: Contest) -> Tally:
    """Valid votes by entry, from the raw events alone: a second way to the same numbers."""
    nominees = dict(Entry.objects.on_ballot().filter(contest=contest).values_list("pk", "category"))
    needed = set(nominees.values())
    ballots: dict[str, dict[int, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, [contest.pk])
        for category, voter, entry, kind in cursor.fetchall():
            if kind in {BallotEvent.Kind.CAST, BallotEvent.Kind.CHANGE} and entry in nominees:
                ballots[voter][category] = entry
    found: Tally = defaultdict(int)
    for ballot in ballots.values():
        if not contest.all_categories_required or needed == set(ballot):
            for entry in ballot.values():
                found[entry] += 1
    return dict(found)


def verify(contest: Contest) -> Checked:
    """Compute every chain again and compare it with its head and with the votes that stand."""
    heads = {head.shard: head for head in ChainHead.objects.filter(contest=contest)}
    counted, broken = 0, None
    ends: dict[int, tuple[int, str]] = {}
    for event, problem in _walk(contest, ends):
        counted += 1
        if problem and broken is None:
            broken = Broken(_link(event.shard, event.number), problem)
    for shard in sorted(set(heads) | set(ends)):
        head = heads.get(shard)
        end = ends.get(shard, (0, GENESIS))
        if broken is None and (head is None or (head.number, head.hash) != end):
            broken = Broken(_link(shard, end[0]), _("the chain does not end where its head says"))
    broken = broken or _disagreement(contest)
    return Checked(counted, root_hash(contest), broken)


def _link(shard: int, number: int) -> str:
    return _("chain %(shard)d, event %(number)d") % {"shard": shard, "number": number}


def _walk(contest: Contest, ends: dict[int, tuple[int, str]]) -> Iterator[tuple[BallotEvent, str]]:
    """Each event with what is wrong with it (""); `ends` learns where each chain ends."""
    events = BallotEvent.objects.filter(contest=contest).order_by("shard", "number")
    for event in events.iterator(chunk_size=5000):
        number, previous = ends.get(event.shard, (0, GENESIS))
        problem = ""
        if event.number != number + 1:
            problem = _("an event before it is missing")
        elif event.previous != previous:
            problem = _("it does not follow the event before it")
        elif event.hash != event.expected_hash(previous) or event.shard != shard_of(event.voter):
            problem = _("its content was changed")
        ends[event.shard] = (event.number, event.hash)
        yield event, problem


def _disagreement(contest: Contest) -> Broken | None:
    with connection.cursor() as cursor:
        cursor.execute(DISAGREE, {"contest": contest.pk})
        row = cursor.fetchone()
    if row is None:
        return None
    place = _("category %(category)d, voter %(voter)s") % {"category": row[0], "voter": row[1][:12]}
    return Broken(place, _("the current vote differs from the recorded events"))


def root_hash(contest: Contest) -> str:
    """SHA-256 over the heads of the chains, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT encode(sha256(convert_to(coalesce(string_agg(hash, '' ORDER BY shard), ''),"
            " 'UTF8')), 'hex') FROM prizes_chainhead WHERE contest_id = %s",
            [contest.pk],
        )
        return str(cursor.fetchone()[0])


class Placed(NamedTuple):
    entry: int
    votes: int
    rank: int
    champion: bool


def place(votes: Tally, champions: int) -> list[Placed]:
    """The tie rule: equal votes share a rank (1, 2, 2, 4); every entry with the rank of the last
    champion's place is a champion too; an entry without a vote is none."""
    order = sorted(votes.items(), key=lambda row: (-row[1], row[0]))
    found: list[Placed] = []
    for number, (entry, count) in enumerate(order, start=1):
        same = found and found[-1].votes == count
        rank = found[-1].rank if same else number
        found.append(Placed(entry, count, rank, rank <= champions and count > 0))
    return found


@transaction.atomic
def count_votes(contest: Contest, by: Any = None) -> list[Result]:
    """Count, freeze, make champions: once, after voting has closed. Raises MoveRefused.

    The chains are held meanwhile: a vote that was being written is counted, a later one refused.
    """
    contest = Contest.objects.select_for_update().get(pk=contest.pk)
    if contest.counted_at:
        raise MoveRefused(_("The votes have been counted: the results are final."))
    if not contest.has_ended(Phase.Kind.VOTING):
        raise MoveRefused(_("Voting is not over: votes cannot be counted yet."))
    list(ChainHead.objects.select_for_update().filter(contest=contest).order_by("shard"))
    checked = verify(contest)
    counted = tally(contest)
    if checked.broken or counted != recount(contest):
        raise MoveRefused(
            _("Verification of the ballot failed; do not count before this is explained.")
        )
    results: list[Result] = []
    for category in Category.objects.filter(contest=contest):
        results += _freeze(category, counted, contest, by)
    Contest.objects.filter(pk=contest.pk).update(counted_at=Now())
    return results


def _freeze(category: Category, counted: Tally, contest: Contest, by: Any) -> list[Result]:
    nominees = {e.pk: e for e in Entry.objects.filter(category=category, status=Status.NOMINATED,
                                                      source="")}  # fmt: skip
    votes = {pk: counted.get(pk, 0) for pk in nominees}
    rows = [
        Result(
            category=category, entry=nominees[row.entry], rank=row.rank, votes=row.votes,
            champion=row.champion, frozen_at=Now(), by=by if getattr(by, "pk", None) else None,
        )
        for row in place(votes, contest.champions_per_category)
    ]  # fmt: skip
    Result.objects.bulk_create(rows)
    for row in rows:
        if row.champion:
            row.entry.move("crown", COUNT)
    return rows
