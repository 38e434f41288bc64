"""What a count would freeze, from the latest verification of the record."""

import hashlib
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.moves.workflow import MoveRefused
from prizes.ballot.models import ChainHead
from prizes.contest.models import Category, Contest
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.result.counting import Ranked, Tally, ranked, require_countable, tally
from prizes.result.verification import Verification

NOT_VERIFIED = gettext_lazy(
    "The record of the vote has to be verified first, as it is now."
)
FAILED = gettext_lazy(
    "Verification of the ballot failed; do not count before this is explained."
)


class Preview(NamedTuple):
    """What the count would freeze now: the ranks of each category, and the votes left out."""

    places: dict[Category, list[tuple[Entry, Ranked]]]
    root: str
    given: int  # votes that were not withdrawn, valid or not
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
    """What would be frozen. Raises MoveRefused when the votes cannot be counted now, or while the
    record, as it is now, is not verified."""
    require_countable(contest)
    checked = Verification.objects.current(contest)
    if checked is None:
        raise MoveRefused(NOT_VERIFIED)
    if checked.problem:
        raise MoveRefused(FAILED)
    counted = checked.tally
    places = {
        category: _places(category, counted, contest.champions_per_category)
        for category in contest.categories.select_related("action_line")
    }
    return Preview(
        places,
        checked.root,
        given=checked.totals["given"],
        valid=sum(counted.values()),
        void=checked.totals["void"],
        removed=checked.totals["removed"],
        lapsed=checked.totals["lapsed"],
    )


def final_preview(contest: Contest) -> Preview:
    """The same with all chains locked until the end of the transaction, and the votes tallied once
    more: what is frozen is what was verified."""
    list(
        ChainHead.objects.select_for_update().filter(contest=contest).order_by("shard")
    )
    seen = preview(contest)
    checked = Verification.objects.current(contest)
    if checked is None or checked.tally != tally(contest):
        raise MoveRefused(
            _("The votes are not those that were verified: verify again.")
        )
    return seen


def _places(
    category: Category, counted: Tally, champions: int
) -> list[tuple[Entry, Ranked]]:
    rows = Entry.objects.filter(category=category, status=Status.NOMINATED, source="")
    nominees = {entry.pk: entry for entry in rows.defer("words")}
    votes = {pk: counted.get(pk, 0) for pk in nominees}
    return [(nominees[row.entry], row) for row in ranked(votes, champions)]
