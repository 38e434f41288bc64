"""No vote is lost without notice, whatever happens in whatever order: votes, changes, withdrawals,
removed nominees, cases against votes, other accounts of the mailbox, own entries, erasures."""

import itertools
import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from privacy.erasure import erase
from prizes.ballot.barring import barred_votes
from prizes.ballot.models import Vote, VoteRefused, cast, withdraw
from prizes.ballot.removal import tell_voters
from prizes.ballot.views import Ballot
from prizes.ballot.voiding import Voiding, tell_of_voids
from prizes.ballot.voter import voter_of
from prizes.checking import deciding
from prizes.entry.models import Entry
from prizes.hold.models import Hold, Pattern
from prizes.hold.rules import make_rules
from prizes.hold.steps import hold
from prizes.public_record.verifying import verify
from prizes.result.counting import recount, tally
from tests.factories import MemberFactory, UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, voiding

# The full size is 1,000 runs of 50 steps: NOTICE_RUNS=1000 NOTICE_STEPS=50 (docs/security.md).
RUNS, STEPS = (
    int(os.environ.get(f"NOTICE_{name}", n))
    for name, n in (("RUNS", 20), ("STEPS", 50))
)
VOTERS, NOMINEES = 3, 6
PEOPLE, ENTRIES = st.integers(0, VOTERS - 1), st.integers(0, NOMINEES - 1)
NUMBERS = itertools.count()
TOLD = "It came from a program."


def account(name, mark=""):
    """An account of the mailbox `name`."""
    email = f"{name}{mark}@mail.example"
    user = UserFactory(email=email, language="en")
    return MemberFactory(user=user, organization=None).user


def attempt(act):
    """The code of the refusal, or "", and the answer."""
    try:
        with transaction.atomic():
            return "", act()
    except VoteRefused as refused:
        return refused.code, None


class NoticeMachine(RuleBasedStateMachine):
    """`votes` holds what each person believes to have voted: (person, category) → nominee."""

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
        self.names = [f"notice{next(NUMBERS)}" for _n in range(VOTERS)]
        self.accounts = [[account(name)] for name in self.names]
        self.votes, self.void, self.gone, self.own = {}, set(), set(), set()
        make_rules(self.contest)
        self.held_rule = self.contest.hold_rules.first()
        self.patterns, self.released = itertools.count(), set()

    def teardown(self):
        for person in range(VOTERS):
            self.check(person)
        self.check_totals()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def user(self, person):
        return self.accounts[person][-1]

    def key(self, person, entry):
        return person, entry.category_id

    # --- what may happen ---

    @rule(person=PEOPLE, nominee=ENTRIES)
    def vote(self, person, nominee):
        entry = Entry.objects.get(pk=self.entries[nominee].pk)
        key = self.key(person, entry)
        code, _done = attempt(lambda: cast(entry, self.user(person)))
        reasons = self.reasons(person, nominee)
        assert code in (reasons or {""})
        if not code:
            self.votes[key] = nominee
            self.void.discard(key)
        self.check(person)

    def reasons(self, person, nominee):
        """Why the rules refuse this vote."""
        found = set()
        if nominee in self.gone:
            found.add("not_nominated")
        if (self.user(person).pk, nominee) in self.own:
            found.add("own")
        return found

    @rule(person=PEOPLE, nominee=ENTRIES)
    def withdraw(self, person, nominee):
        entry = self.entries[nominee]
        key = self.key(person, entry)
        standing = self.votes.get(key)
        code, taken = attempt(lambda: withdraw(entry.category, self.user(person)))
        lost = "removed" if standing in self.gone else ""
        assert code == ("voided" if key in self.void else lost)
        if not code:
            assert taken == (standing is not None)
            self.votes.pop(key, None)
        self.check(person)

    @rule(nominee=ENTRIES)
    def remove(self, nominee):
        if nominee in self.gone:
            return
        entry = Entry.objects.get(pk=self.entries[nominee].pk)
        entry.move("remove", self.officers[0], "Plagiarism.")
        self.gone.add(nominee)
        concerned = {
            person
            for (person, category), choice in self.votes.items()
            if choice == nominee and (person, category) not in self.void
        }
        self.expect_mails(tell_voters, concerned, "does not count any more")

    @rule(person=PEOPLE, nominee=ENTRIES, confirmed=st.booleans())
    def void(self, person, nominee, confirmed):
        """Two persons, or one who is not followed by the other."""
        category = self.entries[nominee].category
        key = voter_of(self.contest.pk, self.user(person))
        vote = Vote.objects.filter(category=category, voter=key, voided=False).first()
        if vote is None or Voiding.objects.open().filter(event=vote.event_id).exists():
            return
        case = voiding(vote, self.officers[0], told=TOLD)
        if confirmed:
            case.confirm(self.officers[1])
            self.void.add((person, category.pk))
            self.released.discard(key)  # any rule can hold them again
        else:
            case.dismiss(self.officers[1])
        concerned = {person} if confirmed else set()
        self.expect_mails(tell_of_voids, concerned, "was declared void")
        self.check(person)

    @rule(people=st.sets(PEOPLE, min_size=1), confirmed=st.booleans())
    def void_of_a_group(self, people, confirmed):
        """All votes of some voters together: one mail for each, however many votes it is about."""
        voters = {voter_of(self.contest.pk, self.user(p)): p for p in people}
        voters = {key: p for key, p in voters.items() if key not in self.released}
        mine = {p: self.standing_votes(p) for p in voters.values()}
        if not any(mine.values()):
            return
        pattern = Pattern.objects.create(
            contest=self.contest, rule=self.held_rule, shared=str(next(self.patterns))
        )
        hold(pattern, list(voters))
        group = deciding.propose(pattern, self.officers[0], "A script", TOLD)
        if confirmed:
            done = deciding.confirm(group, self.officers[1])
            assert done == sum(map(len, mine.values()))
            self.void |= {
                (p, category) for p, votes in mine.items() for category in votes
            }
            self.released -= set(voters)
        else:
            deciding.dismiss(group, self.officers[1])
        if Hold.objects.left_out().filter(pattern=pattern).exists():
            deciding.release(pattern, self.officers[0], "No script")
            rest = Hold.objects.filter(pattern=pattern, state=Hold.State.RELEASED)
            self.released |= set(rest.values_list("voter", flat=True))
        concerned = {p for p, votes in mine.items() if votes and confirmed}
        self.expect_mails(tell_of_voids, concerned, "declared void")
        for person in voters.values():
            self.check(person)

    def standing_votes(self, person):
        """Categories in which a vote of this person stands that was not declared void."""
        return {
            category
            for voter, category in self.votes
            if voter == person and (person, category) not in self.void
        }

    @rule(person=PEOPLE)
    def another_account(self, person):
        """A second account of the mailbox: it finds the votes of the first."""
        if len(self.accounts[person]) < 3:
            mark = f"+{next(NUMBERS)}"
            self.accounts[person].append(account(self.names[person], mark))
            self.check(person)

    @rule(person=PEOPLE, nominee=ENTRIES)
    def own(self, person, nominee):
        """The voter turns out to be the owner of an entry."""
        if nominee not in self.gone and not self.own:
            user = self.user(person)
            Entry.objects.filter(pk=self.entries[nominee].pk).update(owner=user)
            self.own.add((user.pk, nominee))
            self.check(person)

    @rule(person=PEOPLE)
    def erase(self, person):
        """The account goes and comes back; the votes stay with the mailbox."""
        user = self.user(person)
        if len(self.accounts[person]) > 1 or (user.pk in {pk for pk, _n in self.own}):
            return
        erase(user)
        self.accounts[person] = [account(self.names[person])]
        self.check(person)

    # --- what must hold ---

    def expect_mails(self, tell, people, words):
        """Everybody whom it concerns is written to once, on each account; nobody else is."""
        OutgoingMail.objects.all().delete()
        tell()
        tell()
        letters = OutgoingMail.objects.filter(subject__contains=words)
        expected = [user.email for person in people for user in self.accounts[person]]
        assert sorted(letters.values_list("to", flat=True)) == sorted(expected)

    def check(self, person):
        """The pages say of each vote that it counts, or that it does not and why."""
        user = self.user(person)
        ballot = Ballot(self.contest, user)
        lost = {row.category.pk: row for row in ballot.lost}
        for category in {entry.category_id for entry in self.entries}:
            choice = self.votes.get((person, category))
            vote, gone = ballot.votes.get(category), lost.get(category)
            if choice is None:
                assert (vote, gone) == (None, None)
            elif (person, category) in self.void:
                assert gone.vote.voided
                assert gone.vote.event.reason == TOLD
                assert gone.can_be_replaced == self.has_nominee(category)
                assert vote is None
            elif choice in self.gone or (user.pk, choice) in self.own:
                assert gone.why
                assert gone.vote.entry_id == self.entries[choice].pk
                assert gone.can_be_replaced == self.has_nominee(category)
            else:
                assert vote.entry_id == self.entries[choice].pk
                assert not vote.voided
        open_ones = {c.pk for c in ballot.categories} - set(ballot.votes)
        assert (ballot.next_open() is not None) == bool(open_ones)

    def has_nominee(self, category):
        return any(
            entry.category_id == category and n not in self.gone
            for n, entry in enumerate(self.entries)
        )

    def check_totals(self):
        """What counts is what the pages say counts."""
        counted = {}
        for (person, category), choice in self.votes.items():
            users = {user.pk for user in self.accounts[person]}
            barred = any((pk, choice) in self.own for pk in users)
            if (person, category) not in self.void and choice not in self.gone | (
                {choice} if barred else set()
            ):
                pk = self.entries[choice].pk
                counted[pk] = counted.get(pk, 0) + 1
        barred = barred_votes(self.contest)
        assert tally(self.contest, barred) == recount(self.contest, barred) == counted
        assert verify(self.contest).broken is None
        assert Vote.objects.filter(category__contest=self.contest).count() == len(
            self.votes
        )


@pytest.mark.django_db
def test_no_vote_is_lost_without_notice():
    run_state_machine_as_test(
        NoticeMachine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
