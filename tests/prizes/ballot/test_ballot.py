"""The ballot's promises, kept by the database: one vote, chains, the close, no changes."""

import pytest
from django.db import IntegrityError, connection, transaction

from prizes.ballot.models import (
    BallotEvent,
    ChainHead,
    Link,
    Vote,
    VoteRefused,
    cast,
    link_hash,
    withdraw,
    write,
)
from prizes.ballot.voter import voter_key
from prizes.public_record.verifying import verify
from prizes.result.counting import recount, tally
from tests.prizes.records import ContestFactory, EntryFactory, set_phases, voter

pytestmark = pytest.mark.django_db
# The columns of an event that its hash covers, in the order of `Link`.
LINK = (
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


@pytest.fixture
def contest():
    return ContestFactory()


@pytest.fixture
def nominees(contest):
    return EntryFactory.create_batch(3, contest=contest)


def kinds():
    return list(BallotEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_vote_change_withdraw_leave_their_events(contest, nominees):
    user = voter()
    first, second, _third = nominees

    outcomes = [cast(first, user).kind, cast(first, user).kind, cast(second, user).kind]
    standing = Vote.objects.get().entry
    taken = [withdraw(first.category, user), withdraw(first.category, user)]

    assert outcomes == ["cast", "same", "change"]
    assert standing == second
    assert taken == [True, False]
    assert kinds() == ["cast", "change", "withdraw"]
    assert verify(contest).broken is None
    assert tally(contest) == recount(contest) == {}


def test_the_trigger_computes_the_hash_that_python_computes(nominees):
    cast(nominees[0], voter())

    event = BallotEvent.objects.get()
    link = Link(*(getattr(event, name) for name in LINK))
    assert event.hash == link_hash("0" * 64, link)


@pytest.mark.parametrize("phase", ["submission", "nomination", "selection"])
def test_no_vote_outside_the_voting_phase(contest, nominees, phase):
    set_phases(contest, phase)

    with pytest.raises(VoteRefused) as refused:
        cast(nominees[0], voter())

    assert (refused.value.code, kinds()) == ("closed", [])


def test_withdrawing_after_the_close_is_refused(contest, nominees):
    user = voter()
    cast(nominees[0], user)
    set_phases(contest, "selection")

    for act in (
        lambda: withdraw(nominees[0].category, user),
        lambda: cast(nominees[0], user),
    ):
        with pytest.raises(VoteRefused) as refused:
            act()
        assert refused.value.code == "closed"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE prizes_ballotevent SET entry_id = entry_id",
        "DELETE FROM prizes_ballotevent",
    ],
)
def test_database_refuses_to_change_events(nominees, sql):
    cast(nominees[0], voter())

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM prizes_vote")
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            cursor.execute(sql)


def test_second_vote_of_a_voter_is_refused_by_the_database(contest, nominees):
    user = voter()
    cast(nominees[0], user)
    key = voter_key(contest.pk, user.pk)
    event = write(nominees[1], key, BallotEvent.Kind.CAST)

    with pytest.raises(IntegrityError, match="vote_once"), transaction.atomic():
        Vote.objects.create(
            category=nominees[0].category, voter=key, entry=nominees[1], event=event
        )


def test_heads_follow(contest, nominees):
    for _n in range(5):
        cast(nominees[0], voter())

    assert sum(ChainHead.objects.values_list("number", flat=True)) == 5
    assert verify(contest).events == 5
