"""Votes that are given again after a void pass the same rules: what was before it counts neither
against their voters nor for them."""

import hashlib

import pytest

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.ballot.models import Vote, cast
from prizes.ballot.voter import voter_of
from prizes.checking import deciding
from prizes.checking.group import Group
from prizes.checking.sweeping import sweep
from prizes.checking.tasks import check_votes
from prizes.hold.models import Hold, HoldEvent, Pattern, Signal, SignalKey
from prizes.hold.steps import confirm
from prizes.public_record.verifying import verify
from prizes.result.counting import recount, tally
from tests.factories import UserFactory
from tests.prizes.checking.crowds import (
    CHROME,
    account,
    at_random,
    browser,
    contest_with_nominees,
    dice,
    nominees_of,
    send,
)
from tests.prizes.records import (
    ContestFactory,
    EntryFactory,
    held_vote,
    voiding,
    voter,
)

pytestmark = pytest.mark.django_db
ROBOTS = 16
THROWS = dice()
TOLD = "They came from a program."


@pytest.fixture
def contest():
    return contest_with_nominees()


@pytest.fixture
def nominees(contest):
    return nominees_of(contest)


@pytest.fixture
def officers():
    return [UserFactory(role=Role.SECRETARIAT) for _n in range(2)]


@pytest.fixture
def robots(contest, nominees):
    """A script with 16 accounts in one network, whose votes are held."""
    people = [account(f"r{n}@mail{n}.example") for n in range(ROBOTS)]
    for person in people:
        votes_again(person, contest, nominees, 0)
    assert sweep() == ROBOTS
    return people


def votes_again(person, contest, nominees, seconds, network="203.0.113.7"):
    """Ten votes in so many seconds, hardly the same as anybody else's."""
    choices = at_random(nominees, THROWS)
    send(browser(person, network, CHROME), person, contest, choices, seconds)


def others_than_now(person, contest, nominees):
    """In each category a nominee for whom this person has not voted."""
    votes = Vote.objects.filter(voter=voter_of(contest.pk, person))
    now = dict(votes.values_list("category__action_line", "entry"))
    return {
        code: next(pk for pk in entries if pk != now[code])
        for code, entries in nominees.items()
    }


def void_all(officers):
    group = deciding.propose(Pattern.objects.get(), officers[0], "One script", TOLD)
    return deciding.confirm(group, officers[1])


def state(contest, person):
    return Hold.objects.get(contest=contest, voter=voter_of(contest.pk, person)).state


def test_who_votes_again_as_people_do_is_counted_and_the_script_is_held_again(
    contest, nominees, robots, officers
):
    void_all(officers)
    after_void = sweep()
    people, script = robots[:4], robots[4:]
    for person in people:
        votes_again(person, contest, nominees, 60)  # six seconds a vote
    for robot in script:
        votes_again(robot, contest, nominees, 0)
    OutgoingMail.objects.all().delete()

    check_votes()

    assert after_void == 0
    assert {state(contest, person) for person in people} == {"void"}
    assert {state(contest, robot) for robot in script} == {"held"}
    assert sum(tally(contest).values()) == len(people) * len(nominees)
    assert tally(contest) == recount(contest)
    asked = OutgoingMail.objects.filter(subject__contains="confirm your votes")
    assert sorted(asked.values_list("to", flat=True)) == sorted(r.email for r in script)
    assert Pattern.objects.count() == 1
    # what the officers see of those who are held is what came after the void
    held = Hold.objects.filter(state="held").values("voter")
    signals = Group(Pattern.objects.get()).signals.filter(voter__in=held)
    assert sum(signals.values_list("votes", flat=True)) == len(script) * len(nominees)
    # a second void is possible, of the new votes only
    assert void_all(officers) == len(script) * len(nominees)
    assert {state(contest, robot) for robot in script} == {"void"}
    assert verify(contest).broken is None


def test_no_new_crowd_is_needed_for_the_known_pattern(
    contest, nominees, robots, officers
):
    void_all(officers)
    votes_again(robots[0], contest, nominees, 0)

    assert sweep() == 1
    assert state(contest, robots[0]) == "held"


def test_who_had_confirmed_is_held_again_by_the_same_rule_and_can_confirm_again(
    contest, nominees, robots, officers
):
    for hold in Hold.objects.all():
        assert confirm(hold)
    void_all(officers)
    for robot in robots:
        votes_again(robot, contest, nominees, 0)

    again = sweep()
    for hold in Hold.objects.all():
        assert confirm(hold)
    once_more = sweep()

    assert (again, once_more) == (ROBOTS, 0)
    assert set(Hold.objects.values_list("state", flat=True)) == {"confirmed"}
    assert sum(tally(contest).values()) == ROBOTS * len(nominees)
    assert verify(contest).broken is None


def test_what_was_released_is_not_held_for_what_was_before_the_void(
    contest, nominees, robots, officers
):
    """One vote of somebody who was released is declared void: the others stay released."""
    deciding.release(Pattern.objects.get(), officers[0], "A class")
    person = robots[0]
    vote = Vote.objects.filter(voter=voter_of(contest.pk, person)).first()
    voiding(vote, officers[0]).confirm(officers[1])

    before = sweep()
    cast(vote.entry, person)
    counting = sum(tally(contest).values())
    slow = sweep()
    choices = others_than_now(person, contest, nominees)
    client = browser(person, "203.0.113.7", CHROME)
    first = next(iter(choices))
    send(client, person, contest, {first: choices[first]}, 0)
    one_fast = sweep()
    send(client, person, contest, choices, 0)
    fast = sweep()

    assert (before, slow, one_fast, fast) == (0, 0, 0, 1)
    assert counting == ROBOTS * len(nominees)
    assert state(contest, person) == "held"
    assert state(contest, robots[1]) == "released"


def test_a_void_of_one_vote_washes_nothing_that_was_never_confirmed(
    contest, nominees, officers
):
    """The crowd comes together only after one vote of its first member was declared void."""
    robots = [account(f"r{n}@mail{n}.example") for n in range(15)]
    votes_again(robots[0], contest, nominees, 0)
    vote = Vote.objects.first()
    voiding(vote, officers[0]).confirm(officers[1])
    alone = sweep()
    for robot in robots[1:]:
        votes_again(robot, contest, nominees, 0)

    assert alone == 0
    assert sweep() == len(robots)


def test_signals_of_the_same_hour_are_kept_apart(contest, nominees, robots, officers):
    void_all(officers)
    for _twice in range(2):
        votes_again(robots[0], contest, nominees, 20)
    key = voter_of(contest.pk, robots[0])
    rows = Signal.objects.filter(voter=key).order_by("-before_void")
    first = list(rows.values_list("before_void", "votes"))
    for vote in Vote.objects.filter(voter=key, voided=False):
        voiding(vote, officers[0]).confirm(officers[1])
    votes_again(robots[0], contest, nominees, 20)

    assert first[0] == (True, 10)
    assert first[-1][0] is False
    assert rows.filter(before_void=False).get().votes == 10
    assert rows.filter(before_void=True).count() == 2


def test_a_held_vote_that_was_changed_meanwhile_stays_held(officers):
    """Else a script would change one vote while the group is decided about, and it would count."""
    contest = ContestFactory()
    one, other = (EntryFactory(contest=contest, line=line) for line in ("C1", "C4"))
    person = voter()
    cast(other, person)
    held = held_vote(one, person)
    late = EntryFactory(contest=contest, line="C4")
    group = deciding.propose(Pattern.objects.get(), officers[0], "", TOLD)
    cast(late, person)

    count = deciding.confirm(group, officers[1])

    held.refresh_from_db()
    assert count == 1
    assert held.state == "held"
    assert tally(contest) == recount(contest) == {}
    assert not HoldEvent.objects.filter(kind="void").exists()
    assert confirm(held)
    assert tally(contest) == recount(contest) == {late.pk: 1}


def test_the_code_of_a_shared_ballot_cannot_be_computed_without_the_key(contest):
    """Staff see its beginning: a plain hash of the choices would tell them a known ballot."""
    nominees = nominees_of(contest)
    choices = {code: entries[0] for code, entries in nominees.items()}
    robots = [account(f"b{n}@house{n}.example") for n in range(15)]
    for n, robot in enumerate(robots):
        client = browser(robot, f"10.{n}.7.9", CHROME)
        send(client, robot, contest, choices, 0)

    assert sweep() == 15

    shared = Pattern.objects.get(rule__order=3).shared
    entries = ",".join(
        str(vote.entry_id)
        for vote in Vote.objects.filter(voter=voter_of(contest.pk, robots[0])).order_by(
            "category_id"
        )
    )
    plain = hashlib.sha256(entries.encode()).hexdigest()
    key = SignalKey.objects.get(contest=contest).key
    keyed = hashlib.sha256(f"{key}|ballot {entries}".encode()).hexdigest()
    assert not shared.startswith(plain[:8])
    assert shared == keyed[:16]
