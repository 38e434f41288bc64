"""What a superuser does by SQL with the triggers asleep is found, and its hour is named."""

import datetime
import secrets

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.role.roles import Role
from prizes.ballot.models import BallotEvent, ChainHead, Link, Vote, cast, link_hash
from prizes.contest.models import Phase
from prizes.public_record import chains
from prizes.public_record.models import FrameEvent, Root
from prizes.public_record.tasks import publish_roots
from prizes.public_record.verifying import verify
from tests.factories import UserFactory
from tests.prizes.records import (
    ContestFactory,
    EntryFactory,
    count,
    set_phases,
    voiding,
    voter,
)
from tests.prizes.tampering import published, tampered, verified

pytestmark = pytest.mark.django_db

CUT = """
DELETE FROM prizes_vote;
DELETE FROM prizes_ballotevent WHERE number > 1;
UPDATE prizes_chainhead h SET (number, hash) = (SELECT number, hash FROM prizes_ballotevent);
UPDATE prizes_voter SET events = 1;
INSERT INTO prizes_vote (category_id, voter, entry_id, event_id, voided)
    SELECT category_id, voter, entry_id, id, false FROM prizes_ballotevent;
"""
EMPTIED = """
DELETE FROM prizes_vote; DELETE FROM prizes_ballotevent; DELETE FROM prizes_chainhead;
DELETE FROM prizes_voter;
"""
TRUNCATED = (
    "TRUNCATE prizes_ballotevent, prizes_vote, prizes_chainhead, prizes_voter CASCADE"
)
WITH_THE_RECORD = f"{TRUNCATED}; TRUNCATE prizes_root, prizes_frameevent CASCADE"


def hour(at):
    return f"{at.astimezone(datetime.UTC):%Y-%m-%d %H:00} UTC"


def ago(hours):
    return datetime.timedelta(hours=hours)


@pytest.fixture
def contest():
    return ContestFactory()


@pytest.fixture
def nominees(contest):
    return EntryFactory.create_batch(3, contest=contest)


@pytest.fixture
def roots(contest, nominees):
    """One voter, who changes twice; a root after each of the three votes, an hour apart."""
    person, roots = voter(), []
    for hours, nominee in zip((5, 4, 3), nominees, strict=True):
        cast(nominee, person)
        roots.append(published(contest, ago(hours)))
    assert verified() == (0, verified()[1])
    return roots


def rewritten(contest, nominees):
    """The second vote is for another nominee, and all that follows is computed anew."""
    previous = "0" * 64
    for event in BallotEvent.objects.order_by("number"):
        entry = nominees[0].pk if event.number == 2 else event.entry_id
        link = Link(
            contest.pk,
            event.shard,
            event.number,
            event.kind,
            event.category_id,
            event.voter,
            entry,
            event.at,
            event.reason,
        )
        own = link_hash(previous, link)
        tampered(
            f"UPDATE prizes_ballotevent SET entry_id = {entry}, previous = '{previous}',"
            f" hash = '{own}' WHERE id = {event.pk}"
        )
        previous = own
    tampered(f"UPDATE prizes_chainhead SET hash = '{previous}'")


def test_a_cut_tail_is_found_with_the_hour_of_the_first_root_that_is_untrue(roots):
    tampered(CUT)

    code, said = verified()

    assert code == 1
    assert "2 events were published, 1 are there" in said
    assert f"hour {hour(roots[1].at)}" in said


def test_a_rewritten_chain_with_its_head_is_found(contest, nominees, roots):
    rewritten(contest, nominees)

    code, said = verified()

    assert code == 1
    assert "the chain is not the one of which a root was published" in said
    assert f"hour {hour(roots[1].at)}" in said


def test_a_vote_changed_in_place_is_found(nominees, roots):
    tampered(
        f"UPDATE prizes_ballotevent SET entry_id = {nominees[2].pk} WHERE number = 2"
    )

    code, said = verified()

    assert code == 1
    assert "its content was changed" in said
    assert f"hour {hour(roots[1].at)}" in said


@pytest.mark.parametrize("sql", [EMPTIED, TRUNCATED])
def test_an_emptied_box_is_found(roots, sql):
    tampered(sql)

    code, said = verified()

    assert code == 1
    assert "1 events were published, 0 are there" in said
    assert f"hour {hour(roots[0].at)}" in said


def test_who_empties_the_record_as_well_meets_the_frame_and_the_roots_outside(
    contest, roots
):
    tampered(WITH_THE_RECORD)

    found = verified()
    with_mail = verified(contest.slug, "--root", roots[1].hash)

    assert found[0] == 1
    assert "it is not what the chain of the frame says" in found[1]
    assert with_mail[0] == 1


def test_a_root_from_a_mail_must_still_be_on_record(contest, roots):
    kept = roots[2].hash
    known = verified(contest.slug, "--root", kept)
    tampered(f"DELETE FROM prizes_root WHERE id = {roots[2].pk}")

    code, said = verified(contest.slug, "--root", kept)

    assert known[0] == 0
    assert code == 1
    assert f"root {kept} is not on record" in said


def test_a_root_that_was_changed_is_found(roots):
    tampered(f"UPDATE prizes_root SET events = 1, heads = '' WHERE id = {roots[1].pk}")

    code, said = verified()

    assert code == 1
    assert (
        f"root 2: the root is not the one that was written, hour {hour(roots[1].at)}"
        in said
    )


def test_fifty_forged_votes_are_found(contest, nominees, roots):
    with connection.cursor() as cursor:
        for _n in range(50):
            forged = [
                contest.pk,
                nominees[0].category_id,
                nominees[0].pk,
                secrets.token_hex(32),
            ]
            cursor.execute("SELECT prize_vote(%s, %s, %s, %s)", forged)
    published(contest, ago(0))

    code, said = verified()

    assert code == 1
    assert "no account has this voter’s key; voters without an account: 50" in said
    assert f"hour {hour(BallotEvent.objects.latest('pk').at)}" in said


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE prizes_vote SET voided = true",
        "INSERT INTO prizes_ballotevent (contest_id, category_id, entry_id, voter, kind, reason)"
        " SELECT contest_id, category_id, entry_id, voter, 'voiding', 'x' FROM prizes_ballotevent"
        " WHERE number = 3;"
        " UPDATE prizes_vote SET voided = true,"
        " event_id = (SELECT id FROM prizes_ballotevent WHERE number = 4)",
    ],
)
def test_a_void_by_one_person_is_found(contest, roots, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)

    code, said = verified()

    assert code == 1
    assert "current vote differs" in said or "without a case that two persons" in said
    assert "hour 2" in said


def test_a_void_whose_keys_were_changed_contradicts_the_frame(contest, nominees, roots):
    one, two, three = (UserFactory(role=Role.SECRETARIAT) for _n in range(3))
    case = voiding(Vote.objects.get(), one)
    case.confirm(two)
    here = published(contest, ago(1))
    before = verified()
    tampered(f"UPDATE prizes_voiding SET confirmed_by_id = {three.pk}")

    code, said = verified()

    event = FrameEvent.objects.get(kind="void")
    assert before[0] == 0
    assert '"first_key"' in event.content
    assert str(one.pk) not in event.content.replace(
        event.content.split('"vote"')[1], ""
    )
    assert code == 1
    assert f"void {case.pk}: it is not what the chain of the frame says" in said
    assert f"hour {hour(here.at)}" in said


@pytest.mark.parametrize(
    ("thing", "sql"),
    [
        (
            "phase",
            "UPDATE prizes_phase SET closes_at = closes_at + interval '2 years'"
            " WHERE kind = 'voting'",
        ),
        (
            "nominee",
            "UPDATE prizes_entry SET category_id = (SELECT id FROM prizes_category k WHERE"
            " k.contest_id = prizes_entry.contest_id AND k.action_line_id = 'C1')",
        ),
        ("nominee", "UPDATE prizes_entry SET status = 'withdrawn'"),
        ("rules", "UPDATE prizes_contest SET all_categories_required = true"),
        ("category", "DELETE FROM prizes_category WHERE action_line_id = 'C2'"),
        (
            "extension",
            "INSERT INTO prizes_extension (phase_id, old_end, new_end, reason, source)"
            " SELECT id, closes_at, closes_at + interval '1 day', 'x', '' FROM prizes_phase"
            " WHERE kind = 'voting'",
        ),
    ],
)
def test_the_frame_changed_by_sql_is_found(roots, thing, sql):
    tampered(sql)

    code, said = verified()

    assert code == 1
    assert f"broken at {thing} " in said
    assert "it is not what the chain of the frame says" in said
    known = roots[0] if thing != "extension" else roots[2]
    assert f"hour {hour(known.at)}" in said


def test_frozen_results_changed_by_sql_are_found(contest, roots):
    set_phases(contest, "selection")
    count(contest)
    published(contest, ago(0))
    before = verified()
    tampered("UPDATE prizes_result SET votes = 0")

    code, said = verified()

    assert before[0] == 0
    assert code == 1
    assert f"count {contest.pk}: it is not what the chain of the frame says" in said


def test_accounts_slipped_onto_the_roll_are_found(contest, nominees):
    cast(nominees[0], voter())
    publish_roots()
    before = verified()
    tampered("UPDATE prizes_roll SET numbers = numbers || ',999999'")

    code, said = verified()

    assert before[0] == 0
    assert code == 1
    assert "its accounts are not those that were published" in said


def test_an_account_that_was_deleted_since_stays_on_the_roll(contest, nominees):
    gone = UserFactory()
    cast(nominees[0], voter())
    publish_roots()
    gone.delete()

    assert verified()[0] == 0


def test_garbage_written_by_sql_is_reported_and_breaks_nothing(roots):
    tampered("UPDATE prizes_ballotevent SET voter = 'x|y' WHERE number = 2")

    code, said = verified()

    assert code == 1
    assert "chain " in said


def test_the_hourly_root_is_written_once_and_never_changed(contest, nominees):
    cast(nominees[0], voter())

    done = [publish_roots(), publish_roots()]

    root = Root.objects.get(contest=contest)
    head = ChainHead.objects.get(contest=contest)
    assert done == [1, 0]
    assert root.ends[str(head.shard)] == (1, head.hash)
    assert root.ends["frame"][0] == FrameEvent.objects.filter(contest=contest).count()
    refused = pytest.raises(IntegrityError, match="never changed")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute("UPDATE prizes_root SET events = 0")


def test_contests_in_which_nobody_votes_get_a_root_only_after_a_change(
    contest, nominees
):
    set_phases(contest, "nomination")
    published(contest, ago(2))
    idle = publish_roots()
    nominees[0].move(
        "reconsider", UserFactory(role=Role.SECRETARIAT), "Look again", "For the file"
    )
    changed = publish_roots()

    assert (idle, changed) == (0, 1)


def test_the_frame_tells_what_happened(contest, nominees):
    events = FrameEvent.objects.filter(contest=contest)
    Phase.objects.filter(contest=contest, number__gt=3).update(closes_at=None)
    phase = contest.phases.get(kind="voting")
    phase.extend(timezone.now() + datetime.timedelta(days=12), "Storm", None)
    officer = UserFactory(role=Role.SECRETARIAT)
    nominees[1].move("remove", officer, "Not eligible")
    last = list(events.order_by("-number").values_list("kind", "content")[:3])

    assert [kind for kind, _content in last] == ["nominee", "extension", "phase"]
    assert last[0][1] == ""
    assert '"phase": "voting"' in last[1][1]
    assert events.filter(kind="nominee").exclude(content="").count() == 3
    assert verify(contest).broken is None


@pytest.mark.parametrize("at_once", [0, 1, 1000])
def test_chains_are_compared_one_by_one_as_well_as_many_at_once(
    contest, nominees, monkeypatch, at_once
):
    monkeypatch.setattr(chains, "EVENTS_AT_ONCE", at_once)
    for number in range(12):
        cast(nominees[number % 3], voter())
    before = verified()
    last = Vote.objects.latest("pk")
    tampered(f"UPDATE prizes_vote SET entry_id = {nominees[0].pk} WHERE id = {last.pk}")

    code, said = verified()

    assert before[0] == 0
    assert code == 1
    assert f"voter {last.voter[:12]}: the current vote differs" in said


def test_a_vote_that_no_event_tells_of_is_found(contest, nominees):
    cast(nominees[0], voter())
    tampered(
        "INSERT INTO prizes_vote (category_id, voter, entry_id, event_id, voided)"
        " SELECT category_id, repeat('ab', 32), entry_id, -1, false FROM prizes_vote"
    )

    code, said = verified()

    assert code == 1
    assert "its voter is in no chain" in said or "current vote differs" in said
    tampered("DELETE FROM prizes_vote WHERE event_id = -1")
