"""A nominee is taken out while people vote: voters are told, asked again, and lose nothing else."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.ballot.models import Vote, VoteRefused, cast, withdraw
from prizes.ballot.removal import Removal
from prizes.ballot.voiding import Voiding
from prizes.result.counting import recount, tally
from prizes.result.tasks import announce_outcomes
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, count, set_phases, voter

pytestmark = pytest.mark.django_db
LINES = ("C1", "C4", "C7-EGOV")


@pytest.fixture
def contest():
    return ContestFactory(all_categories_required=True)


@pytest.fixture
def nominees(contest):
    """Two nominees in each of three categories: line → the first, the second."""
    return {
        line: [EntryFactory(contest=contest, line=line) for _n in range(2)]
        for line in LINES
    }


def remove(entry):
    entry.move("remove", UserFactory(role=Role.SECRETARIAT), "Plagiarism.")


def whole_ballot(nominees, place=0):
    person = voter()
    for line in LINES:
        cast(nominees[line][place], person)
    return person


def page(client, name, contest, *more):
    response = client.get(reverse(f"prizes:{name}", args=[contest.slug, *more]))
    return response.content.decode()


def test_whole_ballots_stay_whole_without_the_nominee(contest, nominees):
    people = [whole_ballot(nominees) for _n in range(5)]

    remove(nominees["C4"][0])

    expected = {nominees["C1"][0].pk: 5, nominees["C7-EGOV"][0].pk: 5}
    assert len(people) == 5
    assert tally(contest) == recount(contest) == expected
    out = io.StringIO()
    call_command("verify_ballots", contest.slug, stdout=out)
    assert "15 events" in out.getvalue()


def test_a_category_that_lost_its_last_nominee_is_needed_no_more(contest, nominees):
    whole_ballot(nominees)
    half = voter()
    cast(nominees["C1"][1], half)

    for entry in nominees["C4"]:
        remove(entry)

    assert (
        tally(contest)
        == recount(contest)
        == {
            nominees["C1"][0].pk: 1,
            nominees["C7-EGOV"][0].pk: 1,
        }
    )


def test_a_void_vote_takes_the_rest_of_the_ballot_not_along(contest, nominees, client):
    person = whole_ballot(nominees)
    receipt = Vote.objects.with_receipt().get(entry=nominees["C4"][0]).receipt
    one, two = (UserFactory(role=Role.SECRETARIAT) for _n in range(2))
    client.force_login(one)
    form = {
        "receipt": receipt,
        "reason": "Script no. 7",
        "told": "It came from a program.",
    }
    client.post(reverse("admin:prizes_voiding_add"), form)
    client.force_login(two)
    case = {"action": "confirm", "_selected_action": [Voiding.objects.get().pk]}
    client.post(reverse("admin:prizes_voiding_changelist"), case)

    client.force_login(person)
    votes = page(client, "my-votes", contest)

    assert (
        tally(contest)
        == recount(contest)
        == {
            nominees["C1"][0].pk: 1,
            nominees["C7-EGOV"][0].pk: 1,
        }
    )
    assert "It came from a program." in votes
    assert "Script no. 7" not in votes


def test_pages_ask_again_and_say_what_happened(client, contest, nominees):
    person = whole_ballot(nominees)
    client.force_login(person)
    before = page(client, "my-votes", contest)

    remove(nominees["C4"][0])

    votes = page(client, "my-votes", contest)
    sheet = page(client, "ballot", contest)
    here = page(client, "ballot-category", contest, "C4")
    mine = client.get(reverse("my-pages")).content.decode()
    assert "3 of 3" in before
    assert "2 of 3" in votes
    assert "2 of 3" in sheet
    assert "2 of 3" in mine
    title = str(nominees["C4"][0])
    for text in (votes, sheet, here):
        assert f"Your vote for “<bdi>{title}</bdi>” does not count any more." in text
    assert "The entry was removed from the contest." in votes
    assert (
        f'href="{reverse("prizes:ballot-category", args=[contest.slug, "C4"])}"'
        in votes
    )
    assert "Vote for this" in here
    assert "Change my vote to this" not in here


def test_the_next_category_is_the_one_that_is_asked_again(client, contest, nominees):
    person = whole_ballot(nominees)
    remove(nominees["C4"][0])
    client.force_login(person)

    address = reverse("prizes:ballot-category", args=[contest.slug, "C1"])
    onward = client.post(address, {"entry": nominees["C1"][1].pk})
    again = reverse("prizes:ballot-category", args=[contest.slug, "C4"])
    done = client.post(
        again, {"entry": nominees["C4"][1].pk}, follow=True
    ).content.decode()

    assert onward["Location"].endswith(again)
    assert "3 of 3" in done
    assert "does not count any more" not in done
    assert tally(contest)[nominees["C4"][1].pk] == 1


def test_only_its_voters_are_told_by_mail_once(contest, nominees):
    told = whole_ballot(nominees)
    whole_ballot(nominees, place=1)
    told.language = "en"
    told.save()

    remove(nominees["C4"][0])
    announce_outcomes()
    announce_outcomes()

    mails = OutgoingMail.objects.filter(subject__contains="your vote in C4")
    assert list(mails.values_list("to", flat=True)) == [told.email]
    letter = mails.get()
    assert str(nominees["C4"][0]) in letter.body
    assert "You can vote again in this category" in letter.body
    assert reverse("prizes:ballot-category", args=[contest.slug, "C4"]) in letter.body
    assert letter.leaves_no_trace
    assert Removal.objects.get().told == 1


def test_nobody_is_told_of_what_left_before_the_vote(contest, nominees):
    set_phases(contest, "nomination")

    remove(nominees["C4"][0])
    announce_outcomes()

    assert not Removal.objects.exists()


def test_withdrawing_a_lost_vote_is_refused_with_a_sentence(client, contest, nominees):
    person = whole_ballot(nominees)
    remove(nominees["C4"][0])

    with pytest.raises(VoteRefused, match="was removed"):
        withdraw(nominees["C4"][0].category, person)
    with pytest.raises(VoteRefused, match="not on the ballot"):
        cast(type(nominees["C4"][0]).objects.get(pk=nominees["C4"][0].pk), voter())

    client.force_login(person)
    address = reverse("prizes:withdraw-vote", args=[contest.slug, "C4"])
    assert (
        "was removed from the contest"
        in client.post(address, follow=True).content.decode()
    )
    assert tally(contest) == recount(contest)


def test_the_count_names_the_votes_that_lost_their_nominee(contest, nominees):
    whole_ballot(nominees)
    remove(nominees["C4"][0])
    set_phases(contest, "selection")

    results = {row.entry_id: row.votes for row in count(contest)}

    assert results == {
        nominees["C1"][0].pk: 1,
        nominees["C1"][1].pk: 0,
        nominees["C4"][1].pk: 0,
        nominees["C7-EGOV"][0].pk: 1,
        nominees["C7-EGOV"][1].pk: 0,
    }
