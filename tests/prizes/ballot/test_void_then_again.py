"""After a void the category is open again: told on pages and by mail, and a new vote is given."""

import html
import re

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.ballot.models import BallotEvent, Vote, VoteRefused, cast, withdraw
from prizes.ballot.receipt import number_of
from prizes.ballot.voiding import Voiding
from prizes.ballot.voter import voter_of
from prizes.checking.figures import count_contest
from prizes.checking.models import HeldDay
from prizes.hold.rules import make_rules
from prizes.page.receipt_state import ReceiptState, find
from prizes.public_record.verifying import verify
from prizes.result.counting import recount, tally
from prizes.result.tasks import announce_outcomes
from prizes.result.verification import totals
from tests.factories import UserFactory
from tests.prizes.records import (
    ContestFactory,
    EntryFactory,
    set_phases,
    voiding,
    voter,
)
from tests.prizes.tampering import tampered

pytestmark = pytest.mark.django_db
TOLD = "It came from a program <3."


@pytest.fixture
def contest():
    return ContestFactory()


@pytest.fixture
def nominees(contest):
    """Two in C1, one in C4."""
    return [EntryFactory(contest=contest, line=line) for line in ("C1", "C1", "C4")]


@pytest.fixture
def officers():
    return [UserFactory(role=Role.SECRETARIAT) for _n in range(2)]


@pytest.fixture
def person():
    return voter(user__language="en")


def void(entry, person, officers):
    """Declare the vote of this person in the category of the entry void; the case."""
    key = voter_of(entry.contest_id, person)
    vote = Vote.objects.get(category=entry.category, voter=key)
    case = voiding(vote, officers[0], told=TOLD)
    case.confirm(officers[1])
    case.refresh_from_db()
    return case


def shown(client, name, contest, *more, language="en"):
    with translation.override(language):
        address = reverse(f"prizes:{name}", args=[contest.slug, *more])
    text = re.sub(r"<[^>]+>", " ", client.get(address).content.decode())
    return re.sub(r"\s+", " ", html.unescape(text))


def sent(client, name, contest, *more, **form):
    """The page after a form."""
    address = reverse(f"prizes:{name}", args=[contest.slug, *more])
    answer = client.post(address, form, follow=True)
    return re.sub(r"\s+", " ", html.unescape(answer.content.decode()))


def state(contest, words):
    return find(contest, number_of(words)).state


def test_pages_say_why_and_offer_the_category_again(
    client, contest, nominees, officers, person
):
    words = cast(nominees[0], person).receipt
    cast(nominees[2], person)
    void(nominees[0], person, officers)
    client.force_login(person)

    pages = {
        name: shown(client, name, contest, *more)
        for name, more in (
            ("my-votes", ()),
            ("ballot", ()),
            ("ballot-category", ("C1",)),
        )
    }
    here = client.get(
        reverse("prizes:ballot-category", args=[contest.slug, "C1"])
    ).content.decode()
    sheet = client.get(reverse("prizes:ballot", args=[contest.slug])).content.decode()
    card = client.get(nominees[0].get_absolute_url()).content.decode()
    mine = client.get(reverse("my-pages")).content.decode()

    for page in pages.values():
        assert f"This vote was declared void: {TOLD}" in page
        assert "1 of 2" in page
    assert "Next open category: C1" in pages["my-votes"]
    assert "Choose again" in pages["my-votes"]
    assert words in pages["my-votes"]
    for name in ("ballot", "ballot-category"):
        assert "This category is open again: choose one of the nominees." in pages[name]
    assert pages["ballot-category"].count("Vote for this") == 2
    button = f'name="entry" value="{nominees[0].pk}"'
    assert button in re.sub(r"\s+", " ", here)
    assert 'name="was-C1"' not in sheet
    assert f'name="vote-C1" value="{nominees[0].pk}"' in re.sub(r"\s+", " ", sheet)
    assert "You can vote in it again." in card
    assert "Vote for this entry" in card
    assert "1 vote does not count any more" in mine
    assert "1 of 2" in mine


def test_the_pages_say_it_in_arabic(client, contest, nominees, officers, person):
    cast(nominees[0], person)
    void(nominees[0], person, officers)
    client.force_login(person)

    page = shown(client, "ballot-category", contest, "C1", language="ar")

    assert TOLD in page
    assert "This category is open again" not in page
    assert "أُعلن بطلان هذا الصوت" in page


@pytest.mark.parametrize("number", [0, 1])
def test_a_new_vote_is_given_with_a_new_receipt(
    client, contest, nominees, officers, person, number
):
    """For another nominee as well as for the same."""
    words = cast(nominees[0], person).receipt
    case = void(nominees[0], person, officers)
    client.force_login(person)

    page = sent(client, "ballot-category", contest, "C1", entry=nominees[number].pk)

    vote = Vote.objects.with_receipt().get()
    event = BallotEvent.objects.order_by("-number").first()
    assert f"Counted. Your receipt: {vote.receipt}." in page
    assert (vote.entry, vote.event, vote.voided) == (nominees[number], event, False)
    assert [e.kind for e in BallotEvent.objects.order_by("number")] == [
        "cast",
        "voiding",
        "cast",
    ]
    assert vote.receipt != words
    assert state(contest, words) == ReceiptState.VOID
    assert state(contest, vote.receipt) == ReceiptState.COUNTED
    assert tally(contest) == recount(contest) == {nominees[number].pk: 1}
    assert verify(contest).broken is None
    assert case.state == Voiding.State.VOID
    mine = shown(client, "my-votes", contest)
    assert "does not count any more" not in mine
    assert vote.receipt in mine
    assert f"Receipt {words} This vote was declared void: {TOLD}" in mine
    assert (
        "does not count any more"
        not in client.get(reverse("my-pages")).content.decode()
    )


def test_the_whole_ballot_takes_the_same_nominee_once_more(
    client, contest, nominees, officers, person
):
    cast(nominees[0], person)
    cast(nominees[2], person)
    void(nominees[0], person, officers)
    client.force_login(person)
    form = {
        "vote-C1": nominees[0].pk,
        "vote-C4": nominees[2].pk,
        "was-C4": nominees[2].pk,
    }

    first = sent(client, "ballot", contest, **form)
    again = sent(client, "ballot", contest, **form)

    assert "1 vote is counted." in first
    assert "1 vote is counted." in again  # as it stands already
    assert BallotEvent.objects.filter(kind="cast").count() == 3
    assert tally(contest) == {nominees[0].pk: 1, nominees[2].pk: 1}


def test_after_another_vote_the_void_category_is_the_next_one(
    client, contest, nominees, officers, person
):
    cast(nominees[0], person)
    void(nominees[0], person, officers)
    client.force_login(person)
    address = reverse("prizes:ballot-category", args=[contest.slug, "C4"])

    answer = client.post(address, {"entry": nominees[2].pk})

    assert answer.url == reverse("prizes:ballot-category", args=[contest.slug, "C1"])


def test_after_the_close_nothing_is_offered(
    client, contest, nominees, officers, person
):
    words = cast(nominees[0], person).receipt
    void(nominees[0], person, officers)
    set_phases(contest, "selection")
    client.force_login(person)

    page = shown(client, "my-votes", contest)
    here = shown(client, "ballot-category", contest, "C1")

    assert f"This vote was declared void: {TOLD}" in page
    assert words in page
    assert "Choose again" not in page
    assert TOLD in here
    assert "open again" not in here
    with pytest.raises(VoteRefused, match="closed"):
        cast(nominees[0], person)


def letter():
    return OutgoingMail.objects.get(subject__contains=": your vote in C1 was declared")


def test_the_mail_says_why_and_where_to_vote_again(contest, nominees, officers, person):
    words = cast(nominees[0], person).receipt
    void(nominees[0], person, officers)

    announce_outcomes()

    body = letter().body
    address = reverse("prizes:ballot-category", args=[contest.slug, "C1"])
    assert f"Reason: {TOLD}" in body
    assert f"C1: receipt {words}" in body
    assert "You can vote there again; a new vote gets a new receipt:" in body
    assert f"{address}\n" in body
    assert "Voting closes on" in body
    assert "cannot vote" not in body
    assert str(nominees[0]) not in body


def test_the_mail_offers_nothing_that_is_not_open(contest, nominees, officers, person):
    """Who has voted again before it leaves, a category without nominees, a vote that is over."""
    others = [voter(user__language="en") for _n in range(2)]
    cast(nominees[0], person)
    void(nominees[0], person, officers)
    cast(nominees[1], person)
    announce_outcomes()
    cast(nominees[2], others[0])
    void(nominees[2], others[0], officers)
    nominees[2].move("remove", officers[0], "Plagiarism.")
    announce_outcomes()
    cast(nominees[0], others[1])
    void(nominees[0], others[1], officers)
    set_phases(contest, "selection")
    announce_outcomes()

    letters = OutgoingMail.objects.filter(subject__contains="was declared void")
    assert letters.count() == 3
    for one in letters:
        assert f"Reason: {TOLD}" in one.body
        assert "You can vote there again" not in one.body
        assert "Voting closes" not in one.body


def test_the_mail_in_french_offers_the_category_in_french(contest, nominees, officers):
    person = voter(user__language="fr")
    cast(nominees[0], person)
    void(nominees[0], person, officers)

    announce_outcomes()

    body = OutgoingMail.objects.get(to=person.email).body
    with translation.override("fr"):
        address = reverse("prizes:ballot-category", args=[contest.slug, "C1"])
    assert address in body
    assert "You can vote there again" not in body
    assert "Vous pouvez y voter de nouveau" in body


def test_the_list_of_votes_tells_void_ones_in_the_language_of_the_voter(
    client, contest, nominees, officers
):
    person = voter(user__language="fr")
    words = cast(nominees[0], person).receipt
    standing = cast(nominees[2], person).receipt
    void(nominees[0], person, officers)
    client.force_login(person)

    sent(client, "mail-votes", contest)

    body = OutgoingMail.objects.filter(to=person.email).latest("pk").body
    assert standing in body
    assert words in body
    assert TOLD in body
    assert "This vote was declared void" not in body


def test_a_void_is_never_withdrawn(client, contest, nominees, officers, person):
    cast(nominees[0], person)
    void(nominees[0], person, officers)
    client.force_login(person)

    page = sent(client, "withdraw-vote", contest, "C1")

    assert "was declared void: there is no vote to withdraw." in page
    assert BallotEvent.objects.filter(kind="withdraw").count() == 0


def test_void_again_and_again_each_with_a_case_a_mail_and_a_receipt(
    contest, nominees, officers, person
):
    words = []
    for number in range(3):
        words.append(cast(nominees[number % 2], person).receipt)
        void(nominees[0], person, officers)
        announce_outcomes()
    words.append(cast(nominees[0], person).receipt)
    words.append(cast(nominees[1], person).receipt)
    withdraw(nominees[1].category, person)

    states = [state(contest, each) for each in words]
    assert len(set(words)) == 5
    assert states == [
        ReceiptState.VOID,
        ReceiptState.VOID,
        ReceiptState.VOID,
        ReceiptState.REPLACED,
        ReceiptState.WITHDRAWN,
    ]
    assert Voiding.objects.filter(confirmed_by=officers[1]).count() == 3
    assert OutgoingMail.objects.filter(to=person.email).count() == 3
    assert not Vote.objects.exists()
    assert tally(contest) == recount(contest) == {}
    assert totals(contest) == {"given": 3, "void": 3, "removed": 0, "lapsed": 0}
    assert verify(contest).broken is None


def test_an_old_case_does_not_touch_the_new_vote(contest, nominees, officers, person):
    """Two cases about one vote were open at once; one was confirmed, and the voter voted again."""
    cast(nominees[0], person)
    first = voiding(Vote.objects.get(), officers[0])
    second = voiding(Vote.objects.get(), officers[1])
    first.confirm(officers[1])
    cast(nominees[0], person)

    with pytest.raises(VoteRefused, match="has changed or withdrawn"):
        second.confirm(officers[0])

    assert second.state == Voiding.State.LAPSED
    assert not Voiding.objects.open().exists()
    assert tally(contest) == recount(contest) == {nominees[0].pk: 1}


def test_a_void_whose_case_is_about_an_older_vote_is_found(
    contest, nominees, officers, person
):
    cast(nominees[0], person)
    void(nominees[0], person, officers)
    cast(nominees[0], person)
    case = void(nominees[0], person, officers)
    before = verify(contest).broken
    first = BallotEvent.objects.order_by("number").first()
    tampered(  # with the last event of the frame, so that its chain says the same
        f"UPDATE prizes_voiding SET event_id = {first.pk} WHERE id = {case.pk};"
        " UPDATE prizes_frameevent f SET content = n.content"
        f" FROM prize_frame_now({contest.pk}, 'void', {case.pk}) n"
        " WHERE f.kind = n.kind AND f.record = n.record;"
        " UPDATE prizes_frameevent SET hash = encode(sha256(convert_to(concat_ws('|',"
        " previous, contest_id, 'frame', number, kind, record, prize_moment(at), content),"
        f" 'UTF8')), 'hex') WHERE kind = 'void' AND record = {case.pk}"
    )

    broken = verify(contest).broken

    assert before is None
    assert "a vote is void without a case that two persons decided" in str(broken)


def test_figures_and_totals_count_the_void_and_the_new_vote(
    contest, nominees, officers, person
):
    make_rules(contest)
    cast(nominees[0], person)
    void(nominees[0], person, officers)
    count_contest(contest)
    before = HeldDay.objects.values_list("counted", "void").get()
    cast(nominees[1], person)
    cast(nominees[2], person)
    count_contest(contest)

    rows = HeldDay.objects.order_by("category__number")
    assert before == (0, 1)
    assert list(rows.values_list("counted", "void")) == [(1, 1), (1, 0)]
    assert totals(contest) == {"given": 3, "void": 1, "removed": 0, "lapsed": 0}


def test_where_every_category_is_needed_a_new_vote_keeps_the_ballot_whole(
    nominees, contest, officers, person
):
    contest.all_categories_required = True
    contest.save()
    cast(nominees[0], person)
    cast(nominees[2], person)
    void(nominees[0], person, officers)
    voided = tally(contest), recount(contest)
    cast(nominees[1], person)
    again = tally(contest), recount(contest)
    withdraw(nominees[1].category, person)

    alone, whole = {nominees[2].pk: 1}, {nominees[1].pk: 1, nominees[2].pk: 1}
    assert voided == (alone, alone)
    assert again == (whole, whole)
    assert (tally(contest), recount(contest)) == ({}, {})
