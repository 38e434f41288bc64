"""Counting the ballot: the tally, and the recount from raw events."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from common.moves.workflow import MoveRefused
from prizes.ballot.barring import BarredVotes, barred_votes
from prizes.ballot.models import BallotEvent, Vote
from prizes.ballot.voiding import Voiding
from prizes.contest.models import Contest, Phase
from prizes.entry.models import Entry
from prizes.public_record.chains import Chain, Standing, all_chains

Tally = dict[int, int]  # entry → valid votes


def valid_votes(contest: Contest, barred: BarredVotes) -> models.QuerySet[Vote]:
    """Votes that count: not void, not barred, for entries still on the ballot, and from complete
    ballots if the contest requires it.

    A ballot is complete when its voter has voted in every category with a nominee. A vote that was
    voided or lost its nominee does not count, but does not make the ballot incomplete.
    """
    nominees = Entry.objects.on_ballot().filter(contest=contest)
    votes = Vote.objects.filter(
        category__contest=contest, voided=False, entry__in=nominees
    )
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


# Kinds of the last event of a vote that stands; a new kind that counts is added here.
GIVEN = (BallotEvent.Kind.CAST, BallotEvent.Kind.CHANGE)


class Recounting:
    """Valid votes by entry from the raw events alone, chain by chain: a second way to the same
    numbers. All events of a voter are in one chain."""

    def __init__(self, contest: Contest, barred: BarredVotes | None = None) -> None:
        self.barred = barred or barred_votes(contest)
        rows = Entry.objects.on_ballot().filter(contest=contest)
        self.nominees = dict(rows.values_list("pk", "category"))
        self.needed = set(self.nominees.values())
        self.whole_ballots = contest.all_categories_required
        self.votes: Tally = {}

    def add(self, chain: Chain) -> None:
        for _key, last, counts in self.judged(chain):
            if counts:
                self.votes[last.entry] = self.votes.get(last.entry, 0) + 1

    def judged(self, chain: Chain) -> Iterator[tuple[tuple[int, str], Standing, bool]]:
        """Each category and voter of a chain, with their last event and whether it counts."""
        given: dict[str, set[int]] = defaultdict(set)
        if self.whole_ballots:
            for (category, voter), last in chain.standing.items():
                if last.kind != BallotEvent.Kind.WITHDRAW:
                    given[voter].add(category)
        for key, last in chain.standing.items():
            voter = key[1]
            whole = not self.whole_ballots or self.needed <= given[voter]
            yield key, last, whole and self.counts(voter, last)

    def counts(self, voter: str, last: Standing) -> bool:
        """Whether a vote counts, apart from the other votes of its ballot."""
        if last.kind not in GIVEN or last.entry not in self.nominees:
            return False
        return not self.barred.bars(voter, last.entry)


def recount(contest: Contest, barred: BarredVotes | None = None) -> Tally:
    """Valid votes by entry, from the raw events alone."""
    recounting = Recounting(contest, barred)
    for chain in all_chains(contest, {}):
        recounting.add(chain)
    return recounting.votes


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


def require_countable(contest: Contest) -> None:
    """Raises MoveRefused before the close, after the count, and while a case is open."""
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
