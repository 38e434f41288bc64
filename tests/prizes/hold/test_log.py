"""Held votes: what their log allows, that nobody can change it unseen, and what is counted."""

import io

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.role.roles import Role
from common.moves.workflow import MoveRefused
from prizes.ballot.models import Vote, cast
from prizes.hold.models import HoldEvent, Pattern
from prizes.hold.rules import HoldRule, make_rules
from prizes.hold.steps import confirm, hold, lapse, release
from prizes.public_record.verifying import root_hash
from prizes.result.counting import recount, require_countable, tally
from prizes.result.verification import verified_now
from tests.factories import UserFactory
from tests.prizes.records import (
    ContestFactory,
    EntryFactory,
    count,
    held_vote,
    set_phases,
    voiding,
    voter,
)
from tests.second_factor import bring_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    entry = EntryFactory(contest=ContestFactory())
    make_rules(entry.contest)
    return entry


def pattern_of(contest, number=0):
    rule = contest.hold_rules.all()[number]
    return Pattern.objects.get_or_create(contest=contest, rule=rule, shared="a" * 16)[0]


def held_voter(entry, number=0):
    """Somebody whose vote is held; the row of the state."""
    return held_vote(entry, number=number)


def run_out(held):
    """As if the hours to confirm were over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE prizes_hold SET until = clock_timestamp() - interval '1 second' WHERE id = %s",
            [held.pk],
        )


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def states(entry):
    return sorted(Vote.objects.with_state().values_list("state", flat=True))


def test_held_votes_do_not_count_until_they_are_confirmed(entry):
    cast(entry, voter())
    held = held_voter(entry)

    before = tally(entry.contest), recount(entry.contest), states(entry)
    assert confirm(held)

    assert before == ({entry.pk: 1}, {entry.pk: 1}, ["counts", "held"])
    assert tally(entry.contest) == recount(entry.contest) == {entry.pk: 2}
    assert states(entry) == ["counts", "counts"]


def test_who_confirmed_is_not_held_again_by_the_same_rule(entry):
    held = held_voter(entry)
    assert confirm(held)

    with pytest.raises(IntegrityError, match="hold_not_allowed"), transaction.atomic():
        hold(pattern_of(entry.contest), [held.voter])
    assert hold(pattern_of(entry.contest, 1), [held.voter]) == 1

    held.refresh_from_db()
    assert (held.state, held.rule.order) == ("held", 2)


def test_after_the_hours_of_the_rule_a_held_vote_lapses_once(entry):
    held = held_voter(entry)
    assert lapse() == 0
    run_out(held)

    assert not confirm(held)
    assert (lapse(), lapse()) == (1, 0)

    assert states(entry) == ["lapsed"]
    assert tally(entry.contest) == recount(entry.contest) == {}
    assert not confirm(held)


def test_the_hours_to_confirm_are_those_of_the_rule_by_the_clock_of_the_database(entry):
    HoldRule.objects.filter(contest=entry.contest, order=2).update(confirm_hours=30)

    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now = cursor.fetchone()[0]
    hours = [
        round((held_voter(entry, number).until - now).total_seconds() / 3600)
        for number in (0, 1)
    ]

    assert hours == [72, 30]


def test_the_secretariat_releases_what_lapsed_too(entry):
    one, two = held_voter(entry), held_voter(entry)
    run_out(one)
    lapse()
    officer = UserFactory(role=Role.SECRETARIAT)

    assert release(pattern_of(entry.contest), officer, "A class at school") == 2

    assert tally(entry.contest) == recount(entry.contest) == {entry.pk: 2}
    log = HoldEvent.objects.filter(kind="release").values_list("by", "reason")
    assert set(log) == {(officer.pk, "A class at school")}
    two.refresh_from_db()
    assert two.state == "released"


@pytest.mark.parametrize("kind", ["confirm", "lapse", "release", "void"])
def test_nothing_can_happen_to_votes_that_were_never_held(entry, kind):
    with pytest.raises(IntegrityError, match="hold_not_allowed"), transaction.atomic():
        HoldEvent.objects.create(
            contest=entry.contest,
            voter="1" * 64,
            kind=kind,
            pattern=pattern_of(entry.contest),
        )


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE prizes_holdevent SET reason = 'x'",
        "DELETE FROM prizes_holdevent",
        "TRUNCATE prizes_holdevent CASCADE",
    ],
)
def test_the_log_only_grows(entry, sql):
    held_voter(entry)

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        run(f"SET CONSTRAINTS ALL IMMEDIATE; {sql}")


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE prizes_hold SET state = 'confirmed'", "is not that of the log"),
        ("DELETE FROM prizes_hold", "is not that of the log"),
        ("UPDATE prizes_holdevent SET reason = 'x'", "content was changed"),
        ("DELETE FROM prizes_holdevent WHERE number = 1", "a row before it is missing"),
        ("DELETE FROM prizes_holdevent WHERE number = 2", "is not that of the log"),
        ("UPDATE prizes_holdevent SET kind = 'lapse'", "content was changed"),
    ],
)
def test_a_change_behind_the_back_of_the_portal_is_found(entry, sql, said):
    held_voter(entry)
    held_voter(entry)
    call_command("verify_ballots", entry.contest.slug, stdout=io.StringIO())
    run("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL session_replication_role = replica")
    run(sql)
    run("SET LOCAL session_replication_role = origin")
    out = io.StringIO()

    with pytest.raises(SystemExit):
        call_command("verify_ballots", entry.contest.slug, stdout=out)

    assert said in out.getvalue()


def test_the_root_covers_the_log(entry):
    held = held_voter(entry)
    before = root_hash(entry.contest)
    confirm(held)

    assert root_hash(entry.contest) != before


def test_the_count_waits_for_votes_that_can_still_be_confirmed(client, entry):
    cast(entry, voter())
    held = held_voter(entry)
    set_phases(entry.contest, "selection")
    bring_to(client, UserFactory(role=Role.SECRETARIAT), "confirmed")
    address = reverse("admin:prizes_contest_count", args=[entry.contest.pk])

    waiting = client.get(address).content.decode()
    run_out(held)
    with pytest.raises(MoveRefused):
        require_countable(entry.contest)  # nobody has noted yet that it has lapsed
    lapse()
    verified_now(entry.contest)
    ready = client.get(address).content.decode()

    assert "can still confirm them: 1" in waiting
    assert "Geneva time" in waiting
    assert "Held and not confirmed in time</dt><dd>1</dd>" in ready
    assert [row.votes for row in count(entry.contest)] == [1]


def test_nothing_is_held_or_released_after_the_count(entry):
    cast(entry, voter())
    held = held_voter(entry)
    run_out(held)
    lapse()
    set_phases(entry.contest, "selection")
    count(entry.contest)

    with pytest.raises(IntegrityError, match="hold_after_count"), transaction.atomic():
        release(held.pattern, UserFactory(role=Role.SECRETARIAT), "Too late")

    assert states(entry) == ["counts", "lapsed"]


def test_a_proposed_void_of_a_held_vote_keeps_the_count_waiting_too(entry):
    held = held_voter(entry)
    voiding(Vote.objects.get(voter=held.voter), UserFactory(role=Role.SECRETARIAT))
    confirm(held)
    set_phases(entry.contest, "selection")

    with pytest.raises(MoveRefused, match="Cases against votes"):
        require_countable(entry.contest)


def test_rules_are_published_in_six_languages_and_stand_once_people_vote(client, entry):
    rule = entry.contest.hold_rules.get(order=1)
    bring_to(client, UserFactory(role=Role.SECRETARIAT), "confirmed")
    address = reverse("admin:prizes_holdrule_change", args=[rule.pk])
    before = client.get(address).content.decode()
    cast(entry, voter())

    after = client.get(address).content.decode()

    texts = {
        getattr(rule, f"text_{code}")
        for code in ("en", "ar", "zh_hans", "fr", "ru", "es")
    }
    assert len(texts) == 6
    assert 'name="voters_min"' in before
    assert 'name="voters_min"' not in after
