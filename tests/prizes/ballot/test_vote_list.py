"""The list of votes by mail at the end, notices of voids, and what a shared phone keeps."""

import re

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.ballot.models import BallotEvent, Vote, cast
from prizes.ballot.voiding import VoidNotice
from prizes.ballot.vote_list import VoteListWish
from prizes.result.tasks import announce_outcomes
from tests.factories import UserFactory
from tests.prizes.records import (
    ContestFactory,
    EntryFactory,
    set_phases,
    voiding,
    voter,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    return ContestFactory()


@pytest.fixture
def nominees(contest):
    return [EntryFactory(contest=contest, line=line) for line in ("C1", "C4")]


@pytest.fixture
def person():
    return voter(user__language="en")


def lists(person):
    return OutgoingMail.objects.filter(to=person.email, subject__contains="your votes")


def post(client, name, contest, *more, **form):
    address = reverse(f"prizes:{name}", args=[contest.slug, *more])
    return client.post(address, form, follow=True).content.decode()


def vote(client, entry):
    line = entry.category.action_line_id
    return post(client, "ballot-category", entry.contest, line, entry=entry.pk)


def test_the_list_comes_once_when_all_categories_are_done(
    client, contest, nominees, person
):
    client.force_login(person)
    asked = post(client, "vote-list-wish", contest, wanted="1")
    vote(client, nominees[0])
    early = lists(person).count()

    done = vote(client, nominees[1])
    vote(client, nominees[1])
    client.get(reverse("prizes:my-votes", args=[contest.slug]))
    announce_outcomes()

    assert "Do not send it" in asked
    assert early == 0
    assert "We have sent you the list of your votes." in done
    letter = lists(person).get()
    assert letter.leaves_no_trace
    for event in BallotEvent.objects.all():
        assert event.receipt in letter.body
    assert reverse("prizes:verify", args=[contest.slug]) in letter.body
    assert all(str(entry) in letter.body for entry in nominees)


def test_the_list_comes_at_the_close_at_the_latest(client, contest, nominees, person):
    nobody = voter(user__language="en")
    for user in (person, nobody):
        client.force_login(user)
        post(client, "vote-list-wish", contest, wanted="1")
    cast(nominees[0], person)
    announce_outcomes()
    early = OutgoingMail.objects.filter(subject__contains="your votes").count()

    set_phases(contest, "selection")
    announce_outcomes()
    announce_outcomes()

    assert early == 0
    assert lists(person).count() == 1
    assert lists(nobody).count() == 0
    assert not VoteListWish.objects.filter(sent_at=None).exists()


def test_who_does_not_wish_it_gets_none(client, contest, nominees, person):
    client.force_login(person)
    post(client, "vote-list-wish", contest, wanted="1")
    page = post(client, "vote-list-wish", contest, wanted="")
    for entry in nominees:
        vote(client, entry)
    set_phases(contest, "selection")
    announce_outcomes()

    assert "You will not get the list" in page
    assert lists(person).count() == 0


def test_the_voter_of_a_void_vote_is_written_to_once(client, contest, nominees, person):
    words = cast(nominees[0], person).receipt
    cast(nominees[1], person)
    cast(nominees[0], voter())
    officers = [UserFactory(role=Role.SECRETARIAT) for _n in range(2)]
    case = voiding(
        Vote.objects.get(
            entry=nominees[0],
            event__receipt_number__isnull=False,
            voter=Vote.objects.get(entry=nominees[1]).voter,
        ),
        officers[0],
    )
    announce_outcomes()
    early = OutgoingMail.objects.filter(subject__contains="declared void").count()
    case.confirm(officers[1])
    person.email = "moved@other.example"
    person.save()
    announce_outcomes()
    announce_outcomes()

    client.force_login(person)
    pages = [
        client.get(
            reverse(f"prizes:{name}", args=[contest.slug, *more])
        ).content.decode()
        for name, more in (
            ("my-votes", ()),
            ("ballot", ()),
            ("ballot-category", ("C1",)),
        )
    ]
    card = client.get(nominees[0].get_absolute_url()).content.decode()
    mine = client.get(reverse("my-pages")).content.decode()

    assert early == 0
    letter = OutgoingMail.objects.get(subject__contains="declared void")
    assert letter.to == "moved@other.example"
    assert "It came from a program." in letter.body
    assert "A robot" not in letter.body
    assert words in letter.body
    assert str(nominees[0]) not in letter.body
    assert VoidNotice.objects.get().told == 1
    for page in pages:
        assert "It came from a program." in page
    assert "Your vote in this category was declared void." in card
    assert "1 vote does not count any more" in mine


def test_the_one_page_ballot_has_the_warning_only_for_who_may_vote(
    client, contest, nominees, person
):
    client.force_login(person)
    address = reverse("prizes:ballot", args=[contest.slug])
    page = client.get(address).content.decode()
    set_phases(contest, "selection")

    closed = client.get(address).content.decode()

    assert re.search(r"<script src=\"[^\"]*js/ballot[^\"]*\.js\" defer>", page)
    assert "js/ballot" not in closed


def test_signing_out_has_the_browser_forget_its_pages(
    client, contest, nominees, person
):
    client.force_login(person)
    page = client.get(reverse("prizes:my-votes", args=[contest.slug]))

    gone = client.post(reverse("account_logout"))

    assert "no-store" in page["Cache-Control"]
    assert "Are you on a shared phone?" in page.content.decode()
    assert gone["Clear-Site-Data"] == '"cache"'
    assert "_auth_user_id" not in client.session
