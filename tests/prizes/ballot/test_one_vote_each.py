"""One mailbox and one person have one vote; and those who run the contest have none."""

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from common.mail.addresses import mailbox_of
from privacy.erasure import erase
from prizes.ballot.models import Vote, VoteRefused, cast
from prizes.ballot.voter import Mailbox
from prizes.panel.decision import Assignment
from prizes.panel.models import Panel, PanelMember, Review
from prizes.result.counting import recount, tally
from stocktaking.coeditor.models import CoEditor
from tests.factories import MemberFactory, OrganizationFactory, UserFactory
from tests.prizes.records import (
    ContestFactory,
    EntryFactory,
    count,
    expert,
    set_phases,
    voter,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    return ContestFactory()


@pytest.fixture
def nominees(contest):
    return EntryFactory.create_batch(2, contest=contest)


def person(address):
    return MemberFactory(user=UserFactory(email=address)).user


def vote(client, user, entry):
    """By the page of the category; what the voter reads then."""
    client.force_login(user)
    line = [entry.contest.slug, entry.category.code]
    address = reverse("prizes:ballot-category", args=line)
    return client.post(address, {"entry": entry.pk}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("ringleader+12@mail.example", "ringleader@mail.example"),
        ("Ring.Leader+a+b@Gmail.com", "ringleader@gmail.com"),
        ("r.i.n.g@googlemail.com", "ring@gmail.com"),
        (
            "first.last@un.example",
            "first.last@un.example",
        ),  # dots tell people apart elsewhere
        ("+@un.example", "+@un.example"),
    ],
)
def test_mailbox_of_an_address(address, mailbox):
    assert mailbox_of(address) == mailbox


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("ringleader@mail.example", "ringleader+12@mail.example"),
        ("ring+1@mail.example", "ring+2@mail.example"),
        ("r.ing@gmail.com", "ring@googlemail.com"),
    ],
)
def test_accounts_of_one_mailbox_share_one_vote(client, nominees, one, two):
    vote(client, person(one), nominees[0])

    second = vote(client, person(two), nominees[1])

    assert "is now for" in second
    assert (
        tally(nominees[0].contest)
        == recount(nominees[0].contest)
        == {nominees[1].pk: 1}
    )


def test_people_whose_addresses_differ_by_dots_have_a_vote_each(client, nominees):
    vote(client, person("annlee@un.example"), nominees[0])
    vote(client, person("ann.lee@un.example"), nominees[0])

    assert tally(nominees[0].contest) == {nominees[0].pk: 2}


def test_whoever_erases_the_account_and_comes_back_finds_the_old_vote(client, nominees):
    first = person("someone@mail.example")
    vote(client, first, nominees[0])
    erase(first)

    again = person("someone@mail.example")
    client.force_login(again)
    votes = client.get(reverse("prizes:my-votes", args=[nominees[0].contest.slug]))
    page = vote(client, again, nominees[0])

    assert str(nominees[0]) in votes.content.decode()
    assert "Counted already." in page
    assert Vote.objects.count() == 1
    assert tally(nominees[0].contest) == {nominees[0].pk: 1}


def test_a_new_address_of_the_same_account_brings_no_second_vote(client, nominees):
    user = person("before@mail.example")
    vote(client, user, nominees[0])
    user.email = "after@other.example"
    user.save()

    vote(client, user, nominees[1])

    assert tally(nominees[0].contest) == {nominees[1].pk: 1}


def test_mailboxes_are_forgotten_when_the_votes_are_counted(client, contest, nominees):
    vote(client, person("someone@mail.example"), nominees[0])
    kept = Mailbox.objects.count()
    set_phases(contest, "selection")

    count(contest)

    assert (kept, Mailbox.objects.count()) == (1, 0)


# --- one's own entry ---


def test_blanking_the_organization_for_a_moment_does_not_help(client, contest):
    house = OrganizationFactory()
    entry = EntryFactory(contest=contest, organization=house)
    member = MemberFactory(organization=house)
    member.organization = None
    member.save()

    page = vote(client, member.user, entry)

    assert "You cannot vote for your own organization’s entry." in page
    assert not Vote.objects.exists()


def test_a_vote_given_before_joining_the_organization_is_not_counted(client, contest):
    house = OrganizationFactory()
    entry, other = (
        EntryFactory(contest=contest, organization=o) for o in (house, None)
    )
    member, stranger = MemberFactory(), voter()
    vote(client, member.user, entry)
    vote(client, stranger, entry)
    member.organization = house
    member.save()

    client.force_login(member.user)
    page = client.get(reverse("prizes:my-votes", args=[contest.slug])).content.decode()
    set_phases(contest, "selection")
    results = {row.entry_id: row.votes for row in count(contest)}

    assert "does not count any more" in page
    assert results == {entry.pk: 1, other.pk: 0}


def test_an_alias_of_the_owner_does_not_count_for_the_own_entry(client, contest):
    owner = UserFactory(email="owner@house.example")
    entry = EntryFactory(contest=contest, owner=owner)

    vote(client, person("owner+friend@house.example"), entry)
    vote(client, person("somebody@house.example"), entry)

    assert Vote.objects.count() == 2
    assert tally(contest) == recount(contest) == {entry.pk: 1}


def test_a_coeditor_of_the_project_does_not_vote_for_it(client, contest):
    entry, user = EntryFactory(contest=contest), voter()
    _made, token = CoEditor.objects.invite(
        entry.project, user.email, entry.project.owner
    )
    CoEditor.objects.accept(token, user)

    page = vote(client, user, entry)

    assert "You cannot vote for your own organization’s entry." in page
    assert not Vote.objects.exists()


# --- those who run the contest ---


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.ADMINISTRATOR])
def test_the_secretariat_does_not_vote(client, contest, nominees, role):
    officer = UserFactory(role=role)

    page = vote(client, officer, nominees[0])
    sheet = client.post(
        reverse("prizes:ballot", args=[contest.slug]), {"vote-C7-EGOV": nominees[0].pk}
    )
    shown = client.get(reverse("prizes:ballot", args=[contest.slug])).content.decode()

    for text in (page, sheet.content.decode(), shown):
        assert "You cannot vote in this contest" in text
    assert "Send my choices" not in shown
    assert not Vote.objects.exists()


def test_an_expert_of_a_panel_does_not_vote_in_the_contest(client, contest, nominees):
    judge = expert(nominees[0].category)

    assert "You cannot vote in this contest" in vote(client, judge, nominees[0])


def test_who_is_seated_after_voting_is_left_out_of_the_count(client, contest, nominees):
    person_ = voter()
    vote(client, person_, nominees[0])
    panel = Panel.objects.create(category=nominees[0].category)
    PanelMember.objects.create(panel=panel, expert=person_)

    assert tally(contest) == recount(contest) == {}


def test_a_contest_may_let_them_vote(client, contest, nominees):
    contest.officials_barred = False
    contest.save()

    officer = MemberFactory(user=UserFactory(role=Role.SECRETARIAT)).user
    page = vote(client, officer, nominees[0])

    assert "Counted. Your receipt:" in page


def test_an_officer_does_not_read_reviews_of_the_own_entry_at_the_desk(client, contest):
    officer = UserFactory(role=Role.SECRETARIAT)
    own = EntryFactory(contest=contest, owner=officer, status="accepted")
    judge = expert(own.category)
    Review.objects.create(entry=own, reviewer=judge, state="abstained", comment="Weak.")
    Assignment.objects.create(entry=own, expert=judge)
    client.force_login(officer)

    pages = [
        client.get(reverse(f"admin:prizes_{name}_changelist")).content.decode()
        for name in ("review", "assignment")
    ]
    review = reverse("admin:prizes_review_change", args=[Review.objects.get().pk])

    assert [judge.email in page for page in pages] == [False, False]
    assert "Weak." not in client.get(review, follow=True).content.decode()
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    assert "Weak." in client.get(review).content.decode()


def test_refused_votes_leave_no_chain(contest, nominees):
    with pytest.raises(VoteRefused):
        cast(nominees[0], nominees[0].owner)

    assert not contest.chains.exists()
