"""Any order of votes, changes, withdrawals, voidings, closings and extensions keeps the rules."""

import datetime
import os

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.role.roles import Role
from prizes.ballot.barring import barred_votes
from prizes.ballot.models import BallotEvent, Vote, VoteRefused, cast, withdraw
from prizes.ballot.voter import voter_key
from prizes.contest.models import Phase
from prizes.public_record.verifying import verify
from prizes.result.counting import recount, tally
from prizes.result.verification import totals
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, voiding, voter

# The full size is 1,000 runs of 50 steps: BALLOT_RUNS=1000 BALLOT_STEPS=50 (docs/security.md).
RUNS, STEPS = (
    int(os.environ.get(f"BALLOT_{name}", n))
    for name, n in (("RUNS", 20), ("STEPS", 30))
)
VOTERS, NOMINEES = 3, 4
PAST = datetime.timedelta(seconds=1)


class BallotMachine(RuleBasedStateMachine):
    """A contest with four nominees in two categories; `model` is what a clerk would write down."""

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.contest = ContestFactory()
        self.officers = [UserFactory(role=Role.SECRETARIAT) for _n in range(2)]
        self.entries = [
            EntryFactory(contest=self.contest, line="C1" if n % 2 else "C4")
            for n in range(NOMINEES)
        ]
        self.people = [voter() for _n in range(VOTERS)]
        self.open, self.model, self.voided, self.events = True, {}, set(), 0
        self.given = 0  # votes that were not withdrawn, void ones among them

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def key(self, person, entry):
        return person, entry.category_id

    def refused(self, act, *, withdraws_void=False):
        """Whether the portal refuses, and whether the rules say so."""
        try:
            with transaction.atomic():
                answer = act()
        except VoteRefused:
            assert not self.open or withdraws_void
            return None
        assert self.open
        assert not withdraws_void
        return answer

    @rule(person=st.integers(0, VOTERS - 1), nominee=st.integers(0, NOMINEES - 1))
    def vote(self, person, nominee):
        entry = self.entries[nominee]
        key = self.key(person, entry)
        done = self.refused(lambda: cast(entry, self.people[person]))
        if done:
            before = None if key in self.voided else self.model.get(key)
            expected = (
                "cast" if before is None else "same" if before == entry.pk else "change"
            )
            assert done.kind == expected
            self.events += expected != "same"
            self.given += expected == "cast"
            self.model[key] = entry.pk
            self.voided.discard(key)

    @rule(person=st.integers(0, VOTERS - 1), nominee=st.integers(0, NOMINEES - 1))
    def withdraw(self, person, nominee):
        entry = self.entries[nominee]
        act = lambda: withdraw(entry.category, self.people[person])  # noqa: E731  (as in vote)
        key = self.key(person, entry)
        taken = self.refused(act, withdraws_void=key in self.voided)
        if taken is not None:
            assert taken == (key in self.model)
            self.events += taken
            self.given -= taken
            self.model.pop(key, None)

    @rule(person=st.integers(0, VOTERS - 1), nominee=st.integers(0, NOMINEES - 1))
    def void(self, person, nominee):
        """A void vote stays written and counts no more; its voter can vote again, which may be void
        again."""
        entry = self.entries[nominee]
        voter_ = voter_key(self.contest.pk, self.people[person].pk)
        vote = Vote.objects.filter(
            category=entry.category, voter=voter_, voided=False
        ).first()
        if vote:
            voiding(vote, self.officers[0]).confirm(self.officers[1])
            self.voided.add(self.key(person, entry))
            self.events += 1

    @rule()
    def close(self):
        if self.open:
            now = timezone.now() - PAST
            Phase.objects.filter(contest=self.contest, kind="voting").update(
                closes_at=now
            )
            self.open = False

    @rule(days=st.integers(1, 3))
    def reopen(self, days):
        """By the only way there is: an extension, which stays in sight."""
        if not self.open:
            Phase.objects.filter(contest=self.contest, number__gt=3).update(
                closes_at=None
            )
            phase = self.contest.phases.get(kind="voting")
            phase.extend(timezone.now() + datetime.timedelta(days=days), "Storm", None)
            self.open = True

    @invariant()
    def tally_is_the_recount_and_the_clerks(self):
        counted = {}
        for key, entry in self.model.items():
            if key not in self.voided:
                counted[entry] = counted.get(entry, 0) + 1
        barred = barred_votes(self.contest)
        assert tally(self.contest, barred) == recount(self.contest, barred) == counted

    @invariant()
    def one_vote_stands_for_each_voter_and_category(self):
        assert Vote.objects.filter(category__contest=self.contest).count() == len(
            self.model
        )

    @invariant()
    def every_vote_is_told_once(self):
        """What stands and what is void are together what was given and not withdrawn."""
        found = totals(self.contest)
        kinds = BallotEvent.objects.filter(contest=self.contest).values_list("kind")
        assert found["given"] == self.given
        assert found["void"] == list(kinds).count(("voiding",))

    @invariant()
    def chains_hold(self):
        checked = verify(self.contest)
        assert (checked.events, checked.broken) == (self.events, None)
        assert BallotEvent.objects.filter(contest=self.contest).count() == self.events


@pytest.mark.django_db
def test_any_order_of_acts_keeps_the_rules():
    run_state_machine_as_test(
        BallotMachine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
