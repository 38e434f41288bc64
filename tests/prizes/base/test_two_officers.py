"""Decisions by two officers: whatever they are about, the rule of the two is the same."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.mail.addresses import mailbox_of
from common.moves.models import StatusChange
from common.moves.workflow import CONCERNED
from prizes.ballot.group_void import GroupVoid
from prizes.ballot.models import Vote, cast
from prizes.ballot.voiding import Voiding
from prizes.base.two_officers import FIRST_GONE, TwoOfficers
from prizes.contest.models import Contest
from prizes.entry.amendment import Amendment
from prizes.entry.workflow import Status
from prizes.hold.models import Pattern
from prizes.letter.models import Letter, LetterBatch, LetterTemplate
from prizes.panel.forwarding import Forwarding
from prizes.result.models import CountProposal, Result
from prizes.result.verification import verified_now
from tests.factories import MemberFactory, OrganizationFactory, UserFactory
from tests.prizes.records import (
    ContestFactory,
    EntryFactory,
    held_vote,
    set_phases,
    voter,
)
from tests.second_factor import bring_to

pytestmark = pytest.mark.django_db


def officer(**more):
    browser = Client()
    browser.person = UserFactory(role=Role.SECRETARIAT, **more)
    bring_to(browser, browser.person, "confirmed")
    return browser


class Case:
    """A decision of one kind, with the doors by which two officers make it."""

    model: type
    keys = ("proposed_by", "confirmed_by", "confirmed_at")

    def __init__(self):
        self.entry = EntryFactory(contest=ContestFactory())
        self.contest = self.entry.contest
        self.prepare()

    def prepare(self):
        cast(self.entry, voter())

    def page(self, name):
        return reverse(f"admin:prizes_contest_{name}", args=[self.contest.pk])

    def of(self, model):
        return model.objects.latest("pk")

    def dismissed(self):
        """Who has closed the last proposal."""
        return self.of(self.model).dismissed_by


class OneVote(Case):
    model = Voiding

    def propose(self, browser):
        vote = Vote.objects.select_related("event").get()
        data = {"receipt": vote.event.receipt, "reason": "A robot", "told": "A robot"}
        return browser.post(reverse("admin:prizes_voiding_add"), data, follow=True)

    def act(self, browser, act):
        data = {"action": act, "_selected_action": [self.of(Voiding).pk]}
        address = reverse("admin:prizes_voiding_changelist")
        return browser.post(address, data, follow=True)

    def happened(self):
        return Vote.objects.filter(voided=True).exists()


class ManyVotes(Case):
    model = GroupVoid

    def prepare(self):
        held_vote(self.entry)

    def act(self, browser, act, **form):
        address = reverse("admin:prizes_pattern_group", args=[Pattern.objects.get().pk])
        return browser.post(address, {"act": act} | form, follow=True)

    def propose(self, browser):
        texts = {"void-told": "From a program.", "void-reason": "One script"}
        return self.act(browser, "void", **texts)

    def happened(self):
        return Vote.objects.filter(voided=True).exists()


class Amended(Case):
    model = Amendment

    def prepare(self):
        past = timezone.now() - timezone.timedelta(hours=1)
        Contest.objects.update(counted_at=past, champions_at=past, winners_at=past)
        set_phases(self.contest, "none")

    def propose(self, browser):
        data = {
            "entry": self.entry.pk,
            "kind": "disqualified",
            "note": "x",
            "reason": "y",
        }
        address = f"{self.page('amendments')}?line={self.entry.category.code}"
        return browser.post(address, data, follow=True)

    def act(self, browser, act):
        data = {"act": act, "amendment": self.of(Amendment).pk}
        return browser.post(self.page("amendments"), data, follow=True)

    def happened(self):
        return self.entry.standing() == "disqualified"


class Count(Case):
    model = CountProposal

    def prepare(self):
        super().prepare()
        set_phases(self.contest, "selection")

    def act(self, browser, act):
        verified_now(self.contest)
        page = browser.get(self.page("count"))
        data = {"digest": page.context["seen"].digest}
        if act == "dismiss":
            data |= {"act": act, "proposal": self.of(CountProposal).pk}
        return browser.post(self.page("count"), data, follow=True)

    def propose(self, browser):
        return self.act(browser, "propose")

    def happened(self):
        return Result.objects.exists()


class Letters(Case):
    model = Letter
    keys = ("written_by", "approved_by", "updated_at")

    def prepare(self):
        type(self.entry).objects.update(status=Status.ACCEPTED)
        LetterTemplate.objects.create(
            contest=self.contest, outcome="not_nominated", subject="Hello", text="Text"
        )
        set_phases(self.contest, "nomination")
        self.entry.refresh_from_db()
        self.entry.move("pass_over", UserFactory(role=Role.SECRETARIAT), "Weak", "")
        set_phases(self.contest, "voting")

    def propose(self, browser):
        data = {"outcome": "not_nominated"}
        return browser.post(self.page("letters"), data, follow=True)

    def act(self, browser, act):
        address = self.of(LetterBatch).get_absolute_url()
        data = {"act": {"confirm": "approve", "dismiss": "discard"}[act]}
        data["seen"] = browser.get(address).context["seen"]
        return browser.post(address, data, follow=True)

    def happened(self):
        return Letter.objects.exclude(state=Letter.State.DRAFT).exists()

    def dismissed(self):
        return StatusChange.objects.get(move="discard").by


KINDS = [OneVote, ManyVotes, Amended, Count, Letters]
CASES = KINDS[:4]


def test_these_are_all_kinds():
    assert {kind.model for kind in CASES} == set(TwoOfficers.__subclasses__())


# --- the first officer still holds the power ---


def loses_the_role(person):
    person.groups.clear()
    person.follow_roles()


def regains_the_role(person):
    person.grant(Role.SECRETARIAT)


def closes_the_account(person):
    type(person).objects.filter(pk=person.pk).update(is_active=False)


def opens_the_account(person):
    type(person).objects.filter(pk=person.pk).update(is_active=True)


def loses_the_second_factor(person):
    Authenticator.objects.filter(user=person).delete()


def regains_the_second_factor(person):
    bring_to(Client(), person, "enrolled")


LOSSES = [
    (loses_the_role, regains_the_role),
    (closes_the_account, opens_the_account),
    (loses_the_second_factor, regains_the_second_factor),
]


@pytest.mark.parametrize("kind", KINDS)
def test_who_has_lost_the_power_has_given_no_first_key(settings, kind):
    settings.REQUIRE_STAFF_MFA = True
    one, two, three = officer(), officer(), officer()
    case = kind()
    case.propose(one)
    sentence = "may not do so any more" if kind is Letters else str(FIRST_GONE)

    for lose, regain in LOSSES:
        lose(one.person)
        assert sentence in case.act(two, "confirm").content.decode(), lose
        assert not case.happened()
        regain(one.person)
    loses_the_role(one.person)
    case.act(two, "dismiss")
    assert case.dismissed() == two.person
    case.propose(two)

    assert sentence not in case.act(three, "confirm").content.decode()
    assert case.happened()


def test_who_has_the_power_again_has_given_a_key(settings):
    settings.REQUIRE_STAFF_MFA = True
    one, two = officer(), officer()
    case = OneVote()
    case.propose(one)
    loses_the_role(one.person)
    case.act(two, "confirm")
    regains_the_role(one.person)

    case.act(two, "confirm")

    assert case.happened()


@pytest.mark.parametrize("kind", [ManyVotes, Count])
def test_the_page_says_it_before_anybody_presses(kind):
    one, two = officer(), officer()
    case = kind()
    case.propose(one)
    loses_the_role(one.person)

    if kind is Count:
        page = two.get(case.page("count"))
    else:
        address = reverse("admin:prizes_pattern_group", args=[Pattern.objects.get().pk])
        page = two.get(address)
    text = page.content.decode()

    assert str(FIRST_GONE) in text
    assert "Confirm: " not in text
    assert 'value="dismiss"' in text


def test_a_proposal_to_count_that_was_dismissed_is_in_the_log_and_counts_no_more():
    one, two, three = officer(), officer(), officer()
    case = Count()
    case.propose(one)

    said = case.act(two, "dismiss").content.decode()
    again = case.act(three, "dismiss").content.decode()
    case.act(three, "propose")

    assert "Dismissed: nothing is frozen." in said
    assert "This proposal is decided already." in again
    first, second = CountProposal.objects.order_by("pk")
    assert (first.dismissed_by, first.confirmed_by) == (two.person, None)
    assert (second.proposed_by, second.dismissed_by) == (three.person, None)
    entry = LogEntry.objects.get(change_message__contains="dismiss")
    assert (entry.user, entry.object_id) == (two.person, str(case.contest.pk))
    assert not case.happened()


@pytest.mark.parametrize("key", ["", "x", "٣", "9" * 30])
def test_a_wrong_key_of_a_proposal_is_not_found(key):
    case = Count()

    data = {"act": "dismiss", "proposal": key}

    assert officer().post(case.page("count"), data).status_code == 404


# --- two different people, kept by the database ---


@pytest.mark.parametrize("kind", KINDS)
def test_the_database_takes_no_second_key_from_the_same_person(kind):
    one, two = officer(), officer()
    name, _at, domain = one.person.email.partition("@")
    twin = UserFactory(role=Role.SECRETARIAT, email=f"{name}+2@{domain}")
    case = kind()
    case.propose(one)
    first, second, at = case.keys
    row = kind.model.objects.filter(**{first: one.person})
    assert row.exists()

    for who in (one.person, twin):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**{second: who, at: Now()})
    with transaction.atomic():
        assert row.update(**{second: two.person, at: Now()}) == 1


def test_nor_for_an_entry_that_moves_to_another_category():
    one, two = officer(), officer()
    name, _at, domain = one.person.email.partition("@")
    twin = UserFactory(email=f"{name}+2@{domain}")
    entry = EntryFactory()
    row = Forwarding.objects.create(
        entry=entry,
        source=entry.category,
        target=entry.contest.categories.exclude(pk=entry.category_id).first(),
        reason="Wrong category",
        by=one.person,
    )
    decided = {"decided_at": Now(), "confirmed": False}

    for who in (one.person, twin):
        with pytest.raises(IntegrityError), transaction.atomic():
            Forwarding.objects.filter(pk=row.pk).update(decided_by=who, **decided)
    Forwarding.objects.filter(pk=row.pk).update(decided_by=two.person, **decided)


@pytest.mark.parametrize(
    "address",
    [
        "name@un.example",
        "name+prizes@un.example",
        "name+a+b@un.example",
        "+name@un.example",
        "n.a.me+x@googlemail.com",
        "n.a.me@gmail.com",
        "n.a.me@un.example",
        "имя@xn--80ak6aa92e.com",
        '"a@b+c"@un.example',
    ],
)
def test_the_database_knows_the_mailbox_that_the_portal_knows(address):
    with connection.cursor() as cursor:
        cursor.execute("SELECT prize_mailbox(%s)", [address])

        assert cursor.fetchone()[0] == mailbox_of(address)


# --- nobody decides where an own entry competes ---


@pytest.mark.parametrize("kind", CASES)
def test_an_officer_with_an_entry_there_neither_proposes_nor_decides(kind):
    one, two, concerned = officer(), officer(), officer()
    case = kind()
    EntryFactory(contest=case.contest, owner=concerned.person)
    sentence = str(CONCERNED)

    assert sentence in case.propose(concerned).content.decode()
    assert not kind.model.objects.exists()
    case.propose(one)
    assert kind.model.objects.get().proposed_by == one.person
    for act in ("confirm", "dismiss"):
        assert sentence in case.act(concerned, act).content.decode(), act
    assert kind.model.objects.open().exists()
    assert not case.happened()

    case.act(two, "confirm")
    assert case.happened()


def test_an_entry_that_is_on_no_ballot_bars_nobody_from_the_count():
    one, two = officer(), officer()
    case = Count()
    EntryFactory(contest=case.contest, owner=one.person, status=Status.REFUSED)

    case.propose(one)
    case.act(two, "confirm")

    assert case.happened()


def test_a_nominee_of_the_organizers_bars_nobody_from_the_count():
    one, two = officer(), officer()
    case = Count()
    organization = OrganizationFactory(name="Organizers of the contest")
    for who in (one, two):
        MemberFactory(user=who.person, organization=organization)
    EntryFactory(contest=case.contest, organization=organization)

    case.propose(one)
    case.act(two, "confirm")

    assert case.happened()
