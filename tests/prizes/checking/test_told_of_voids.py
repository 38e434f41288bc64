"""The voters of a group whose votes two officers declared void: each gets one mail."""

import pytest

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.ballot import telling
from prizes.ballot.models import cast, withdraw
from prizes.ballot.voiding import VoidNotice
from prizes.checking import deciding
from prizes.hold.models import Pattern
from prizes.result.tasks import announce_outcomes
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, held_vote, voter

pytestmark = pytest.mark.django_db

TOLD = "They came from a program."


@pytest.fixture
def entry():
    return EntryFactory(contest=ContestFactory(), line="C1")


@pytest.fixture
def officers():
    return [UserFactory(role=Role.SECRETARIAT) for _n in range(2)]


def group_of(entry, people):
    """The pattern of these people, whose votes for the entry are held."""
    for person in people:
        held_vote(entry, person)
    return Pattern.objects.get()


def mails(*people):
    """The mails to these voters; owners of nominees get others."""
    to = [person.email for person in people]
    return OutgoingMail.objects.filter(to__in=to).order_by("pk")


def test_each_voter_gets_one_mail_about_all_their_votes(entry, officers):
    other = EntryFactory(contest=entry.contest, line="C4")
    english, french = voter(user__language="en"), voter(user__language="fr")
    receipt = cast(other, english).receipt
    group = group_of(entry, [english, french])
    bystander = voter()
    cast(entry, bystander)
    everybody = (english, french, bystander)

    proposed = deciding.propose(group, officers[0], "One script", TOLD)
    announce_outcomes()
    early = mails(*everybody).count()
    deciding.confirm(proposed, officers[1])
    announce_outcomes()
    announce_outcomes()

    assert early == 0
    assert mails(*everybody).count() == 2
    letters = {letter.to: letter for letter in mails(*everybody)}
    assert set(letters) == {english.email, french.email}
    mine = letters[english.email]
    assert "your votes in C1, C4 were declared void" in mine.subject
    assert f"C4: receipt {receipt}" in mine.body
    assert f"Reason: {TOLD}" in mine.body
    assert "C4" not in letters[french.email].body
    assert "nul" in letters[french.email].subject
    for letter in letters.values():
        assert "One script" not in letter.body
        assert str(entry) not in letter.body
        assert letter.leaves_no_trace
    assert VoidNotice.objects.get().told == 2


def test_a_worker_that_is_killed_between_two_mails_sends_no_second_one(
    entry, officers, monkeypatch
):
    people = [voter(user__language="en") for _n in range(5)]
    group = group_of(entry, people)
    deciding.confirm(deciding.propose(group, officers[0], "", TOLD), officers[1])
    send, sent = telling.outbox.send, []

    def until_the_kill(template, person, *more, **how):
        if len(sent) == 3:
            raise KeyboardInterrupt
        sent.append(person)
        return send(template, person, *more, **how)

    monkeypatch.setattr(telling, "ACCOUNTS_AT_ONCE", 2)
    monkeypatch.setattr(telling.outbox, "send", until_the_kill)
    with pytest.raises(KeyboardInterrupt):
        announce_outcomes()
    written = mails(*people).count()
    monkeypatch.setattr(telling.outbox, "send", send)
    announce_outcomes()
    announce_outcomes()

    assert 0 < written < 4
    addresses = mails(*people).values_list("to", flat=True)
    assert sorted(addresses) == sorted(person.email for person in people)
    assert VoidNotice.objects.get().told == 5


def test_who_has_withdrawn_the_vote_meanwhile_is_not_told_that_it_is_void(
    entry, officers
):
    people = [voter(user__language="en"), voter(user__language="en")]
    group = group_of(entry, people)
    proposed = deciding.propose(group, officers[0], "", TOLD)
    withdraw(entry.category, people[1])
    deciding.confirm(proposed, officers[1])

    announce_outcomes()

    assert [letter.to for letter in mails(*people)] == [people[0].email]
