"""Many at once: promises that only the database keeps, and proof that without it they break."""

import time
from collections import Counter
from itertools import groupby
from threading import Event

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.role.roles import Role
from common.moves.workflow import MoveRefused
from prizes.ballot.models import (
    BallotEvent,
    ChainHead,
    Vote,
    VoteRefused,
    cast,
    shard_of,
    withdraw,
    write,
)
from prizes.ballot.voter import voter_key
from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.public_record.verifying import verify
from prizes.result.counting import recount, tally
from tests.factories import UserFactory
from tests.prizes.records import (
    ContestFactory,
    EntryFactory,
    count,
    set_phases,
    voiding,
    voter,
)
from tests.reports.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 50
# `python -m benchmarks.storm` sends ten times as many, over HTTP (docs/security.md).
VOTERS, REPEATS, THREADS = 200, 10, 32


@pytest.fixture
def contest():
    return ContestFactory()


@pytest.fixture
def nominees(contest):
    return EntryFactory.create_batch(3, contest=contest)


def closing(act):
    """A thread gives its connection back."""

    def run(number):
        try:
            return act(number)
        finally:
            connection.close()

    return run


def test_fifty_members_vote_at_once(contest, nominees):
    people = [voter() for _n in range(CROWD)]

    at_once(closing(lambda n: cast(nominees[n % 3], people[n])), CROWD)

    assert Vote.objects.count() == CROWD
    assert (
        tally(contest)
        == recount(contest)
        == {nominees[0].pk: 17, nominees[1].pk: 17, nominees[2].pk: 16}
    )
    assert verify(contest).broken is None


def test_one_member_votes_fifty_times_at_once(contest, nominees):
    user = voter()

    kinds = at_once(closing(lambda n: cast(nominees[0], user).kind), CROWD)

    assert Counter(kinds) == {"cast": 1, "same": CROWD - 1}
    assert (Vote.objects.count(), BallotEvent.objects.count()) == (1, 1)


def test_one_member_changes_their_mind_fifty_times_at_once(contest, nominees):
    user = voter()

    at_once(closing(lambda n: cast(nominees[n % 3], user)), CROWD)

    last = BallotEvent.objects.order_by("-number").first()
    assert (Vote.objects.get().entry, Vote.objects.get().event) == (last.entry, last)
    assert verify(contest).broken is None


def test_one_member_votes_again_at_once_after_a_void(contest, nominees):
    user = voter()
    officers = [UserFactory(role=Role.SECRETARIAT) for _n in range(2)]
    cast(nominees[0], user)
    voiding(Vote.objects.get(), officers[0]).confirm(officers[1])

    kinds = at_once(closing(lambda n: cast(nominees[0], user).kind), CROWD)

    assert Counter(kinds) == {"cast": 1, "same": CROWD - 1}
    assert Counter(BallotEvent.objects.values_list("kind", flat=True)) == {
        "cast": 2,
        "voiding": 1,
    }
    assert tally(contest) == recount(contest) == {nominees[0].pk: 1}
    assert verify(contest).broken is None


WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def test_a_void_waits_for_whoever_has_the_contest_and_takes_no_chain_before(
    contest, nominees
):
    """A count and the void of a group lock the contest, then chains: the other way round the
    database would end one of the two."""
    user = voter()
    officers = [UserFactory(role=Role.SECRETARIAT) for _n in range(2)]
    cast(nominees[0], user)
    case = voiding(Vote.objects.get(), officers[0])
    key = voter_key(contest.pk, user.pk)
    has_the_contest = Event()

    def void(number):
        has_the_contest.wait()
        case.confirm(officers[1])

    def count_or_group(number):
        with transaction.atomic(), connection.cursor() as cursor:
            Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
            has_the_contest.set()
            for _try in range(500):
                cursor.execute(WAITING)
                if cursor.fetchone() != (0,):
                    break
                time.sleep(0.01)
            ChainHead.lock(contest.pk, key)

    at_once(closing(lambda n: (void, count_or_group)[n](n)), 2)

    assert Vote.objects.get().voided


def test_a_void_while_its_voter_changes_the_vote_leaves_one_truth(contest, nominees):
    """Either the change came first, and the case has lapsed; or the void, and the other vote is a
    new one."""
    user = voter()
    officers = [UserFactory(role=Role.SECRETARIAT) for _n in range(2)]
    cast(nominees[0], user)
    case = voiding(Vote.objects.get(), officers[0])

    def act(number):
        if number:
            return cast(nominees[1], user).kind
        try:
            case.confirm(officers[1])
        except VoteRefused:
            return "lapsed"
        return "void"

    found = at_once(closing(act), 2)

    assert found in (["void", "cast"], ["lapsed", "change"])
    assert tally(contest) == recount(contest) == {nominees[1].pk: 1}
    assert verify(contest).broken is None


def test_cap_of_nominees_holds_when_all_are_nominated_at_once(contest):
    set_phases(contest, "nomination")
    contest.nominee_cap = 5
    contest.save()
    entries = EntryFactory.create_batch(20, contest=contest, status=Status.ACCEPTED)
    officer = UserFactory(role=Role.SECRETARIAT)

    def nominate(number):
        try:
            Entry.objects.get(pk=entries[number].pk).move("nominate", officer)
        except MoveRefused:
            return "refused"
        return "nominated"

    outcomes = at_once(closing(nominate), 20)

    assert Counter(outcomes) == {"nominated": 5, "refused": 15}
    assert Entry.objects.filter(status=Status.NOMINATED).count() == 5


def test_one_entry_of_an_organization_when_colleagues_submit_at_once(contest):
    set_phases(contest, "submission")
    first = EntryFactory(contest=contest, status=Status.DRAFT)
    drafts = [first] + [
        EntryFactory(
            contest=contest,
            status=Status.DRAFT,
            project__organization=first.organization,
        )
        for _n in range(9)
    ]

    def submit(number):
        try:
            drafts[number].move("submit", drafts[number].owner)
        except (IntegrityError, ValidationError):
            return "refused"
        return "submitted"

    outcomes = Counter(at_once(closing(submit), 10))

    assert outcomes == {"submitted": 1, "refused": 9}
    assert Entry.objects.filter(status=Status.SUBMITTED).count() == 1


def test_count_waits_for_votes_that_are_being_written(contest, nominees):
    """A vote given before the close and committed after it is counted, not lost."""
    user = voter()

    def act(number):
        if number == 0:
            with transaction.atomic():
                cast(nominees[0], user)
                set_phases(contest, "selection")
        else:
            while True:
                try:
                    return count(contest)
                except MoveRefused:
                    continue
        return None

    results = at_once(closing(act), 2)[1]

    assert {row.entry_id: row.votes for row in results}[nominees[0].pk] == 1


# --- security.md no. 1: the same vote again and again, mixed with changes and withdrawals ---


def hail(act, users):
    """Every voter's REPEATS requests in a mixed order from THREADS threads; outcomes by voter."""
    work = [(user, step) for step in range(REPEATS) for user in users]

    def run(number):
        done = []
        for user, step in work[number::THREADS]:
            try:
                done.append((user.pk, act(user, step)))
            except VoteRefused as refused:
                done.append((user.pk, refused.code))
        return done

    found = [row for part in at_once(closing(run), THREADS) for row in part]
    assert len(found) == VOTERS * REPEATS
    return found


def test_no_vote_is_doubled_or_lost_in_a_hail_of_requests(contest, nominees):
    users = [voter() for _n in range(VOTERS)]

    def act(user, step):
        if step == 4:
            return "withdrawn" if withdraw(nominees[0].category, user) else "nothing"
        return cast(nominees[step % 3], user).kind

    found = Counter(kind for _user, kind in hail(act, users))

    events = Counter(BallotEvent.objects.values_list("kind", flat=True))
    assert (events["cast"], events["change"], events["withdraw"]) == (
        found["cast"],
        found["change"],
        found["withdrawn"],
    )
    standing = Vote.objects.values_list("voter", flat=True)
    assert len(standing) == len(set(standing)) == found["cast"] - found["withdrawn"]
    assert tally(contest) == recount(contest)
    assert sum(tally(contest).values()) == len(standing)
    checked = verify(contest)
    assert (checked.events, checked.broken) == (sum(events.values()), None)


def test_the_same_hail_without_lock_and_constraint_doubles_votes(contest, nominees):
    """The control: the test above can see what it says does not happen."""
    users = [voter() for _n in range(VOTERS)]
    keys = {user.pk: voter_key(contest.pk, user.pk) for user in users}
    shards = {shard_of(key) for key in keys.values()}
    ChainHead.objects.bulk_create(
        ChainHead(contest=contest, shard=shard) for shard in shards
    )

    def naive(user, step):
        there = Vote.objects.filter(
            category=nominees[0].category, voter=keys[user.pk]
        ).exists()
        if not there:
            with transaction.atomic():
                event = write(nominees[0], keys[user.pk], BallotEvent.Kind.CAST)
                Vote.objects.create(
                    category=nominees[0].category,
                    voter=keys[user.pk],
                    entry=nominees[0],
                    event=event,
                )
        return "same" if there else "cast"

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE prizes_vote DROP CONSTRAINT vote_once")
    try:
        hail_of_one(naive, users)
        rows = sorted(Vote.objects.values_list("voter", flat=True))
        doubles = sum(len(list(group)) - 1 for _key, group in groupby(rows))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM prizes_vote")
            cursor.execute(
                "ALTER TABLE prizes_vote ADD CONSTRAINT vote_once UNIQUE (category_id, voter)"
            )

    assert doubles > 0


def hail_of_one(act, users):
    """All threads send each voter's vote at the same time."""

    def run(_number):
        for user in users:
            act(user, 0)

    at_once(closing(run), THREADS)
