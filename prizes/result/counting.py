"""Counting the ballot: the tally, the recount from raw events, and what a count would freeze."""

import hashlib
from collections import defaultdict
from typing import NamedTuple

from django.db import connection, models
from django.utils.translation import gettext as _

from common.dates.zones import in_words
from common.moves.workflow import MoveRefused
from prizes.ballot.barring import BarredVotes, barred_votes
from prizes.ballot.models import BallotEvent, ChainHead, Vote
from prizes.ballot.verifying import verify
from prizes.ballot.voiding import Voiding
from prizes.contest.models import Category, Contest, Phase
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.hold.models import Hold, SignalKey
from prizes.hold.verifying import left_out_by_log

Tally = dict[int, int]  # entry → valid votes

RECOUNT = """
SELECT DISTINCT ON (category_id, voter) category_id, voter, entry_id, kind
FROM prizes_ballotevent WHERE contest_id = %s ORDER BY category_id, voter, number DESC
"""


def valid_votes(contest: Contest, barred: BarredVotes) -> models.QuerySet[Vote]:
    """Votes that count: not void, not held, not barred, for entries still on the ballot, and from
    complete ballots if the contest requires it.

    A ballot is complete when its voter has voted in every category with a nominee. A vote that was
    voided or lost its nominee does not count, but does not make the ballot incomplete.
    """
    nominees = Entry.objects.on_ballot().filter(contest=contest)
    votes = Vote.objects.filter(
        category__contest=contest, voided=False, entry__in=nominees
    )
    held = Hold.objects.filter(contest=contest).left_out()
    votes = votes.exclude(voter__in=held.values("voter"))
    suspects = votes.filter(voter__in=barred.voters).values_list("pk", "voter", "entry")
    votes = votes.exclude(
        pk__in=[pk for pk, voter, entry in suspects if barred.bars(voter, entry)]
    )
    if contest.all_categories_required:
        needed = set(nominees.order_by().values_list("category", flat=True).distinct())
        given = Vote.objects.filter(category__in=needed).order_by().values("voter")
        whole = given.annotate(n=models.Count("pk")).filter(n=len(needed))
        votes = votes.filter(voter__in=whole.values("voter"))
    return votes


def tally(contest: Contest, barred: BarredVotes | None = None) -> Tally:
    """Valid votes by entry, from the votes that stand."""
    votes = valid_votes(contest, barred or barred_votes(contest))
    return dict(votes.order_by().values_list("entry").annotate(n=models.Count("pk")))


def recount(contest: Contest, barred: BarredVotes | None = None) -> Tally:
    """Valid votes by entry, from the raw events alone: a second way to the same numbers."""
    barred = barred or barred_votes(contest)
    nominees = dict(
        Entry.objects.on_ballot().filter(contest=contest).values_list("pk", "category")
    )
    needed = set(nominees.values())
    given: dict[str, set[int]] = defaultdict(set)
    counting: dict[str, list[int]] = defaultdict(list)
    held = left_out_by_log(contest)
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, [contest.pk])
        for category, voter, entry, kind in cursor.fetchall():
            if kind == BallotEvent.Kind.WITHDRAW or voter in held:
                continue
            given[voter].add(category)
            is_void = kind == BallotEvent.Kind.VOIDING or entry not in nominees
            if not is_void and not barred.bars(voter, entry):
                counting[voter].append(entry)
    votes: Tally = defaultdict(int)
    for voter, entries in counting.items():
        if not contest.all_categories_required or needed <= given[voter]:
            for entry in entries:
                votes[entry] += 1
    return dict(votes)


class Ranked(NamedTuple):
    entry: int
    votes: int
    rank: int
    champion: bool


def ranked(votes: Tally, champions: int) -> list[Ranked]:
    """The tie rule: equal votes share a rank (1, 2, 2, 4), and every entry with the rank of the
    last champion is a champion too. An entry without votes is not."""
    order = sorted(votes.items(), key=lambda row: (-row[1], row[0]))
    rows: list[Ranked] = []
    for number, (entry, count) in enumerate(order, start=1):
        same = rows and rows[-1].votes == count
        rank = rows[-1].rank if same else number
        rows.append(Ranked(entry, count, rank, rank <= champions and count > 0))
    return rows


class Preview(NamedTuple):
    """What the count would freeze now: the ranks of each category, and the votes left out."""

    places: dict[Category, list[tuple[Entry, Ranked]]]
    root: str
    given: int  # votes that stand, valid or not
    valid: int
    void: int
    removed: int  # for nominees that were taken out
    lapsed: int  # held, and not confirmed in time

    @property
    def left_out(self) -> int:
        """Votes of officials, votes for one's own entry, and those of incomplete ballots."""
        return self.given - self.valid - self.void - self.removed - self.lapsed

    @property
    def results(self) -> int:
        return sum(len(rows) for rows in self.places.values())

    @property
    def champions(self) -> int:
        return sum(
            row.champion for rows in self.places.values() for _entry, row in rows
        )

    @property
    def digest(self) -> str:
        """One hash over the root and every result: two people who saw it saw the same."""
        rows = [tuple(row) for rows in self.places.values() for _entry, row in rows]
        return hashlib.sha256(f"{self.root}{rows}".encode()).hexdigest()


def preview(contest: Contest) -> Preview:
    """What would be frozen. Raises MoveRefused when the votes cannot be counted now.

    When the caller's transaction has locked the chains, it is what is frozen.
    """
    require_countable(contest)
    list(
        ChainHead.objects.select_for_update().filter(contest=contest).order_by("shard")
    )
    checked, barred = verify(contest), barred_votes(contest)
    counted = tally(contest, barred)
    if checked.broken or counted != recount(contest, barred):
        raise MoveRefused(
            _(
                "Verification of the ballot failed; do not count before this is explained."
            )
        )
    places = {
        category: _places(category, counted, contest.champions_per_category)
        for category in contest.categories.select_related("action_line")
    }
    votes = Vote.objects.filter(category__contest=contest)
    removed = votes.filter(voided=False).exclude(entry__in=Entry.objects.on_ballot())
    return Preview(
        places,
        checked.root,
        given=votes.count(),
        valid=sum(counted.values()),
        void=votes.filter(voided=True).count(),
        removed=removed.count(),
        lapsed=votes.in_state(Vote.State.LAPSED).count(),
    )


def require_countable(contest: Contest) -> None:
    """Raises MoveRefused before the close, after the count, and while a case is open or voters
    can still confirm votes that are held."""
    if contest.counted_at:
        raise MoveRefused(_("The votes have been counted: the results are final."))
    if not contest.has_ended(Phase.Kind.VOTING):
        raise MoveRefused(_("Voting is not over: votes cannot be counted yet."))
    open_cases = Voiding.objects.open().filter(event__contest=contest).count()
    if open_cases:
        sentence = _(
            "Cases against votes that are still open: %(count)d. Confirm or dismiss each of them "
            "before the votes are counted."
        )
        raise MoveRefused(sentence % {"count": open_cases})
    if not SignalKey.was_swept_after_close(contest):
        raise MoveRefused(
            _("The last votes are being checked by the rules. Try again in a minute.")
        )
    held = Hold.objects.open().filter(contest=contest)
    if voters := held.count():
        sentence = _(
            "Voters whose votes are held and who can still confirm them: %(count)d. The last of"
            " them can do so until %(end)s."
        )
        last = held.order_by("-until").values_list("until", flat=True)[0]
        end = in_words(last, contest.zone)
        raise MoveRefused(sentence % {"count": voters, "end": end})


def _places(
    category: Category, counted: Tally, champions: int
) -> list[tuple[Entry, Ranked]]:
    rows = Entry.objects.filter(category=category, status=Status.NOMINATED, source="")
    nominees = {entry.pk: entry for entry in rows.defer("words")}
    votes = {pk: counted.get(pk, 0) for pk in nominees}
    return [(nominees[row.entry], row) for row in ranked(votes, champions)]
