"""The desk of held votes: what a group shares, release, and a void that two persons sign."""

import re

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from common.moves.workflow import MoveRefused
from prizes.ballot.group_void import GroupVoid
from prizes.ballot.models import BallotEvent, Vote, cast, withdraw
from prizes.ballot.voiding import Voiding, tell_of_voids
from prizes.checking.sweeping import sweep
from prizes.checking.telling import tell_voters
from prizes.hold.models import Hold, HoldEvent, Pattern, Signal
from prizes.hold.steps import confirm
from prizes.public_record.verifying import verify
from prizes.result.counting import recount, require_countable, tally
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
    count,
    held_vote,
    set_phases,
    voter,
)
from tests.second_factor import bring_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    return EntryFactory(contest=ContestFactory())


@pytest.fixture
def officers(client):
    return [UserFactory(role=Role.SECRETARIAT) for _n in range(2)]


def group_page(client, officer, pattern, **form):
    """The page of the group as this officer reads it, or what follows the form."""
    bring_to(client, officer, "confirmed")
    address = reverse("admin:prizes_pattern_group", args=[pattern.pk])
    if form:
        return client.post(address, form, follow=True)
    return client.get(address)


def propose(client, officer, pattern):
    return group_page(
        client,
        officer,
        pattern,
        act="void",
        **{"void-told": "They came from a program.", "void-reason": "One script"},
    ).content.decode()


def test_two_officers_declare_a_group_void_and_all_of_it_is_on_record(
    client, entry, officers
):
    one, two = officers
    people = [voter(), voter(), voter()]
    holds = [held_vote(entry, person) for person in people]
    confirm(holds[2])
    cast(entry, voter())
    pattern = Pattern.objects.get()

    proposed = propose(client, one, pattern)
    own = group_page(client, one, pattern).content.decode()
    by_one = group_page(client, one, pattern, act="confirm").content.decode()
    done = group_page(client, two, pattern, act="confirm").content.decode()

    assert "Proposed to declare 3 votes void. A second person must confirm." in proposed
    assert "Confirm: declare these votes void" not in own
    assert "A second person must confirm." in by_one
    assert "3 votes are declared void." in done
    assert tally(entry.contest) == recount(entry.contest) == {entry.pk: 1}
    assert verify(entry.contest).broken is None
    assert Vote.objects.filter(voided=True).count() == 3
    assert Voiding.objects.filter(proposed_by=one, confirmed_by=two).count() == 3
    assert GroupVoid.objects.get().votes == 3
    events = BallotEvent.objects.filter(kind="voiding")
    assert set(events.values_list("reason", flat=True)) == {"They came from a program."}
    log = HoldEvent.objects.filter(kind="void").values_list("by", "reason")
    assert set(log) == {(two.pk, "One script")}
    assert set(Hold.objects.values_list("state", flat=True)) == {"void"}
    client.force_login(people[0])
    address = reverse("prizes:my-votes", args=[entry.contest.slug])
    mine = client.get(address).content.decode()
    assert "They came from a program." in mine
    assert "One script" not in mine


def test_the_voters_of_a_group_that_is_void_are_told_so_by_mail_once(
    client, entry, officers
):
    one, two = officers
    people = [voter(), voter()]
    for person in people:
        held_vote(entry, person)
    tell_voters()
    pattern = Pattern.objects.get()
    OutgoingMail.objects.all().delete()

    propose(client, one, pattern)
    assert tell_voters() == tell_of_voids() == 0
    group_page(client, two, pattern, act="confirm")
    for _twice in range(2):
        tell_voters()
        tell_of_voids()

    mails = list(OutgoingMail.objects.order_by("pk"))
    assert {mail.to for mail in mails} == {person.email for person in people}
    assert len(mails) == 2
    code = entry.category.code
    said = f"{entry.contest}: your vote in {code} was declared void"
    assert mails[0].subject == said
    assert "Reason: They came from a program." in mails[0].body
    assert "One script" not in mails[0].body


def test_two_accounts_of_one_mailbox_are_one_officer(client, entry, officers):
    one, _two = officers
    name, _at, domain = one.email.partition("@")
    twin = UserFactory(role=Role.SECRETARIAT, email=f"{name}+2@{domain}")
    held_vote(entry)
    pattern = Pattern.objects.get()
    propose(client, one, pattern)

    shown = group_page(client, twin, pattern).content.decode()
    pressed = group_page(client, twin, pattern, act="confirm").content.decode()

    assert "Confirm: declare these votes void" not in shown
    assert "A second person must confirm." in pressed
    assert not Vote.objects.filter(voided=True).exists()


def test_the_count_waits_for_a_proposed_void_of_a_group(client, entry, officers):
    confirm(held_vote(entry))
    propose(client, officers[0], Pattern.objects.get())
    set_phases(entry.contest, "selection")

    with pytest.raises(MoveRefused, match="Cases against votes"):
        require_countable(entry.contest)


def test_a_vote_that_its_voter_changes_meanwhile_is_not_declared_void(
    client, entry, officers
):
    people = [voter(), voter(), voter()]
    for person in people:
        held_vote(entry, person)
    pattern = Pattern.objects.get()
    propose(client, officers[0], pattern)
    cast(other := EntryFactory(contest=entry.contest), people[0])
    withdraw(entry.category, people[1])

    done = group_page(client, officers[1], pattern, act="confirm").content.decode()

    assert "1 vote is declared void." in done
    assert list(Vote.objects.filter(voided=False).values_list("entry", flat=True)) == [
        other.pk
    ]
    assert verify(entry.contest).broken is None


def test_a_dismissed_proposal_leaves_the_votes_held(client, entry, officers):
    held_vote(entry)
    pattern = Pattern.objects.get()
    propose(client, officers[0], pattern)

    again = propose(client, officers[1], pattern)
    said = group_page(client, officers[1], pattern, act="dismiss").content.decode()
    late = group_page(client, officers[0], pattern, act="confirm").content.decode()

    assert "A void of this group is proposed already" in again
    assert "The proposal is dismissed." in said
    assert "This case is closed already." in late
    assert Hold.objects.get().state == "held"
    assert not Voiding.objects.open().exists()


def test_an_innocent_group_is_released_with_a_reason_and_told(client, entry, officers):
    person = voter()
    held_vote(entry, person)
    held_vote(entry)
    pattern = Pattern.objects.get()

    without = group_page(client, officers[0], pattern, act="release")
    said = group_page(
        client,
        officers[0],
        pattern,
        act="release",
        **{"release-reason": "A class at school"},
    ).content.decode()
    tell_voters()

    assert without.status_code == 400
    assert "This field is required." in without.content.decode()
    assert "The votes of 2 voters are released: they count." in said
    assert tally(entry.contest) == recount(entry.contest) == {entry.pk: 2}
    mail = OutgoingMail.objects.get(to=person.email)
    assert "The secretariat has checked and released them" in mail.body
    assert "A class at school" not in mail.body


def test_nobody_decides_about_votes_that_compete_with_their_own_entry(
    client, entry, officers
):
    held_vote(entry)
    pattern = Pattern.objects.get()
    EntryFactory(contest=entry.contest, owner=officers[0])

    refused = propose(client, officers[0], pattern)
    released = group_page(
        client, officers[0], pattern, act="release", **{"release-reason": "Mine"}
    )

    assert not GroupVoid.objects.exists()
    assert 'class="errornote"' in refused
    assert released.status_code == 409
    assert Hold.objects.get().state == "held"


def test_nothing_is_decided_after_the_count(client, entry, officers):
    cast(entry, voter())
    confirm(held_vote(entry))
    pattern = Pattern.objects.get()
    set_phases(entry.contest, "selection")
    count(entry.contest)

    page = group_page(client, officers[0], pattern).content.decode()
    refused = propose(client, officers[0], pattern)

    assert "the results are final" in page
    assert "Propose to declare them void" not in page
    assert "the results are final" in refused
    assert tally(entry.contest) == {entry.pk: 2}


def test_the_group_says_what_it_shares_and_never_who_or_for_whom(client, officers):
    contest = contest_with_nominees()
    nominees, throws = nominees_of(contest), dice()
    robots = [account(f"robot{n}@farm.example", 0) for n in range(16)]
    for robot in robots:
        send(
            browser(robot, "203.0.113.5", CHROME),
            robot,
            contest,
            at_random(nominees, throws),
            20,
        )
    stranger = account("awa.diop@diop-family.example", 0)
    send(
        browser(stranger, "203.0.113.5", CHROME),
        stranger,
        contest,
        at_random(nominees, throws),
        20,
    )
    sweep()
    pattern = Pattern.objects.get(rule__order=1)

    page = group_page(client, officers[0], pattern).content.decode()
    bring_to(client, officers[0], "confirmed")
    listed = client.get(reverse("admin:prizes_pattern_changelist")).content.decode()

    assert "windows chrome" in page
    assert "farm.example" in page
    assert "diop" not in page
    assert "robot1" not in page
    assert re.search(r"<td>17</td>\s*<td>170</td>\s*<td>2[.,]0</td>", page)
    assert "Geneva time" in page
    titles = {str(vote.entry) for vote in Vote.objects.select_related("entry")}
    assert not [title for title in titles if title in page]
    assert "Look at the group" in listed


def test_the_log_of_votes_is_for_staff_and_has_no_choice_and_no_name(client, officers):
    contest = contest_with_nominees()
    nominees = nominees_of(contest)
    people = [account(f"awa{n}@house.example") for n in range(2)]
    for person in people:
        send(
            browser(person, "203.0.113.5", CHROME),
            person,
            contest,
            at_random(nominees, dice()),
            70,
        )
    address = reverse("admin:prizes_signal_export")
    client.force_login(people[0])
    refused = client.get(address, {"contest": contest.pk})
    bring_to(client, officers[0], "confirmed")

    sheet = client.get(address, {"contest": contest.pk}).content.decode("utf-8-sig")
    listed = client.get(reverse("admin:prizes_signal_changelist")).content.decode()
    header, *rows = sheet.splitlines()

    assert refused.status_code == 403
    assert header.startswith(
        "contest,voter_in_this_file,hour_utc,device,network,domain"
    )
    assert [row.split(",")[1] for row in rows] == ["1", "2"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:00Z", rows[0].split(",")[2])
    assert "windows chrome" in sheet
    assert "never held" in sheet
    assert "awa" not in sheet
    assert "203.0.113" not in sheet
    assert Signal.objects.first().voter[:12] not in sheet
    assert "three months after they were given" in listed
    assert client.get(address, {"contest": "x"}).status_code == 404


def test_a_member_reads_no_group(client, entry):
    held_vote(entry)
    client.force_login(voter())
    address = reverse("admin:prizes_pattern_group", args=[Pattern.objects.get().pk])

    assert client.get(address).status_code == 403
