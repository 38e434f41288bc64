"""What was done to the ballot box behind the portal's back is found, with and without a year."""

import datetime
import secrets

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from prizes.ballot.models import BallotEvent, Vote, cast
from prizes.ballot.voter import voter_key
from prizes.contest.models import Phase
from tests.prizes.records import ContestFactory, EntryFactory, count, set_phases, voter
from tests.prizes.tampering import tampered, verified

pytestmark = pytest.mark.django_db

DELETED = """
DELETE FROM prizes_vote; DELETE FROM prizes_ballotevent;
UPDATE prizes_chainhead SET number = 0, hash = repeat('0', 64);
"""
WITH_HEADS = "DELETE FROM prizes_vote; DELETE FROM prizes_ballotevent; DELETE FROM prizes_chainhead"
TRUNCATED = "TRUNCATE prizes_ballotevent, prizes_vote, prizes_chainhead CASCADE"
TAIL = """
DELETE FROM prizes_vote; DELETE FROM prizes_ballotevent WHERE kind = 'change';
UPDATE prizes_chainhead h SET (number, hash) = (
    SELECT e.number, e.hash FROM prizes_ballotevent e
    WHERE e.contest_id = h.contest_id AND e.shard = h.shard ORDER BY e.number DESC LIMIT 1);
INSERT INTO prizes_vote (category_id, voter, entry_id, event_id, voided)
    SELECT category_id, voter, entry_id, id, false FROM prizes_ballotevent;
"""


@pytest.fixture
def contest():
    return ContestFactory()


@pytest.fixture
def entries(contest):
    """Two nominees; four people voted for the first, one of them changed to the second."""
    both = EntryFactory.create_batch(2, contest=contest)
    people = [voter() for _n in range(4)]
    for person in people:
        cast(both[0], person)
    cast(both[1], people[0])
    return both


@pytest.mark.parametrize("sql", [DELETED, WITH_HEADS, TRUNCATED, TAIL])
@pytest.mark.parametrize("named", [True, False])
def test_an_emptied_or_cut_box_is_reported(contest, entries, sql, named):
    whole = verified()
    tampered(sql)

    code, said = verified(*([contest.slug] if named else []))

    assert whole[0] == 0
    assert code == 1
    assert f"{contest.slug}: broken at " in said


def test_a_box_cannot_be_emptied_at_once(entries):
    refused = pytest.raises(IntegrityError, match="never changed")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; {TRUNCATED}")

    assert BallotEvent.objects.count() == 5


def test_without_a_year_it_says_what_it_has_checked(contest, entries):
    empty = ContestFactory()

    code, said = verified()

    assert code == 0
    assert f"{contest.slug}: 5 events, root hash " in said
    assert f"{empty.slug}: no vote was ever given here" in said
    assert said.splitlines()[-1].endswith("contests checked, 0 broken.")


def test_votes_of_voters_whom_no_account_has_are_found(contest, entries):
    with connection.cursor() as cursor:
        for _n in range(3):
            forged = [
                contest.pk,
                entries[0].category_id,
                entries[0].pk,
                secrets.token_hex(32),
            ]
            cursor.execute("SELECT prize_vote(%s, %s, %s, %s)", forged)

    code, said = verified()

    assert Vote.objects.count() == 7
    assert code == 1
    assert "no account has this voter’s key" in said


FRAME = {
    "without a decision on record": "UPDATE prizes_entry SET status = 'withdrawn'",
    "in a category or contest that is not its own": (
        "UPDATE prizes_entry SET category_id = (SELECT id FROM prizes_category k WHERE"
        " k.contest_id = prizes_entry.contest_id AND k.action_line_id = 'C1')"
    ),
    "voting closes later than its extensions say": (
        "UPDATE prizes_phase SET closes_at = closes_at + interval '2 years'"
        " WHERE kind = 'voting'"
    ),
}


@pytest.mark.parametrize("problem", FRAME)
def test_the_frame_of_the_vote_is_checked_too(contest, entries, problem):
    with connection.cursor() as cursor:
        cursor.execute(FRAME[problem])

    code, said = verified()

    assert code == 1
    assert problem in said


@pytest.mark.parametrize("problem", FRAME)
def test_a_frame_changed_with_sleeping_triggers_contradicts_its_chain(
    contest, entries, problem
):
    tampered(FRAME[problem])

    code, said = verified()

    assert code == 1
    assert "it is not what the chain of the frame says" in said


def test_extensions_are_no_fault(contest, entries):
    Phase.objects.filter(contest=contest, number__gt=3).update(closes_at=None)
    for days in (12, 15):
        phase = contest.phases.get(kind="voting")
        phase.extend(timezone.now() + datetime.timedelta(days=days), "Storm", None)

    assert verified()[0] == 0


def test_a_box_emptied_after_the_count_is_reported(contest, entries):
    set_phases(contest, "selection")
    count(contest)
    tampered(DELETED + "DELETE FROM prizes_voter; DELETE FROM prizes_chainhead;")
    tampered("DELETE FROM prizes_root")  # or it is found by the root of the count

    code, said = verified()

    assert code == 1
    assert "results are frozen for votes that are not there" in said


# --- secrecy ---


def test_events_tell_the_hour_and_not_the_moment(client, contest, entries):
    hours = set(BallotEvent.objects.values_list("at", flat=True))

    now = timezone.now()
    assert {(at.minute, at.second, at.microsecond) for at in hours} == {(0, 0, 0)}
    assert all(now - datetime.timedelta(hours=2) < at <= now for at in hours)


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/St_Johns", "UTC"])
def test_the_hour_does_not_depend_on_the_zone_of_the_session(contest, zone):
    entry, person = EntryFactory(contest=contest), voter()
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL TimeZone = '{zone}'")
        voted = [
            contest.pk,
            entry.category_id,
            entry.pk,
            voter_key(contest.pk, person.pk),
        ]
        cursor.execute("SELECT prize_vote(%s, %s, %s, %s)", voted)
        cursor.execute("SET LOCAL TimeZone = 'UTC'")

    assert BallotEvent.objects.get().at.minute == 0
    assert verified()[0] == 0
