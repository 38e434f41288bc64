"""The whole ballot on one page: many votes in one go, each judged for itself, nothing lost."""

import pytest
from django.urls import reverse

from prizes.ballot.models import BallotEvent, Vote, cast
from prizes.public_record.verifying import verify
from tests.markup import compact
from tests.prizes.records import ContestFactory, EntryFactory, set_phases, voter
from tests.test_look import weight

pytestmark = pytest.mark.django_db
LINES = ("C1", "C4", "C7-EGOV")


@pytest.fixture
def contest():
    return ContestFactory()


@pytest.fixture
def nominees(contest):
    """Two in each of three categories, by category."""
    return {
        line: EntryFactory.create_batch(2, contest=contest, line=line) for line in LINES
    }


@pytest.fixture
def member(client):
    user = voter()
    client.force_login(user)
    return user


def send(client, contest, **votes):
    """`C1=entry` chooses it; names take _ for the - of a code."""
    form = {
        f"vote-{line.replace('_', '-')}": getattr(e, "pk", e)
        for line, e in votes.items()
    }
    return client.post(reverse("prizes:ballot", args=[contest.slug]), form)


def standing():
    return {
        vote.category.code: vote.entry
        for vote in Vote.objects.select_related("category")
    }


def test_votes_in_many_categories_are_cast_at_once(client, contest, nominees, member):
    wanted = {line: nominees[line][1] for line in LINES}

    page = send(
        client, contest, **{line.replace("-", "_"): e for line, e in wanted.items()}
    )

    assert page.headers["Location"] == reverse("prizes:my-votes", args=[contest.slug])
    assert standing() == wanted
    assert [event.kind for event in BallotEvent.objects.all()] == ["cast"] * 3
    assert verify(contest).broken is None
    assert (
        "3 votes are counted." in client.get(page.headers["Location"]).content.decode()
    )


def test_page_shows_what_stands_and_what_is_open(client, contest, nominees, member):
    cast(nominees["C4"][0], member)

    response = client.get(reverse("prizes:ballot", args=[contest.slug]))

    page = compact(response.content.decode())
    assert "1 of 3" in page
    assert f'name="was-C4" value="{nominees["C4"][0].pk}"' in page
    assert f'name="vote-C4" value="{nominees["C4"][0].pk}" checked' in page
    assert 'name="vote-C1" value="" checked' in page


def test_sending_again_changes_only_what_was_changed(client, contest, nominees, member):
    send(client, contest, C1=nominees["C1"][0], C4=nominees["C4"][0])

    send(client, contest, C1=nominees["C1"][1], C4=nominees["C4"][0])

    assert standing() == {"C1": nominees["C1"][1], "C4": nominees["C4"][0]}
    assert [event.kind for event in BallotEvent.objects.order_by("pk")] == [
        "cast",
        "cast",
        "change",
    ]


def test_page_left_open_takes_back_nothing(client, contest, nominees, member):
    cast(
        nominees["C4"][1], member
    )  # elsewhere, after the page was read with the other nominee
    old = nominees["C4"][0].pk

    client.post(
        reverse("prizes:ballot", args=[contest.slug]),
        {"was-C4": old, "vote-C4": old, "vote-C1": nominees["C1"][0].pk},
    )

    assert standing() == {"C1": nominees["C1"][0], "C4": nominees["C4"][1]}


def test_refused_votes_are_told_beside_their_category_and_the_others_count(
    client, contest, nominees, member
):
    mine = nominees["C4"][0]
    mine.owner = member
    mine.save()

    page = send(
        client, contest, C1=nominees["C1"][0], C4=mine, C7_EGOV=nominees["C1"][1]
    )

    text = page.content.decode()
    assert page.status_code == 409
    assert standing() == {"C1": nominees["C1"][0]}
    assert "C4: You cannot vote for your own organization’s entry." in text
    assert "C7-EGOV: Choose one of the nominees." in text
    assert "1 vote is counted." in text
    assert 'id="place-C4" open' in text


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"vote-C1": ""},
        {"vote-C1": "0"},
        {"vote-C1": "x" * 3000},
        {"vote-C1": "9" * 40},
        {"vote-C1": "١٢"},
        {"vote-": "1"},
        {"vote-<b>": "1"},
        {"vote-C1": "' OR 1=1 --"},
    ],
)
def test_what_is_no_choice_is_refused_with_a_sentence(
    client, contest, nominees, member, sent
):
    page = client.post(reverse("prizes:ballot", args=[contest.slug]), sent)

    assert page.status_code == 400
    assert "Choose" in page.content.decode()
    assert "<b>" not in page.content.decode()
    assert Vote.objects.count() == 0


def test_after_the_close_no_vote_is_taken_and_nothing_typed_is_lost(
    client, contest, nominees, member
):
    set_phases(contest, "selection")

    page = send(client, contest, C1=nominees["C1"][0])

    assert page.status_code == 409
    assert "Voting is closed" in page.content.decode()
    assert Vote.objects.count() == 0


def test_full_ballot_is_light(client, contest, member):
    for line in LINES:
        EntryFactory.create_batch(20, contest=contest, line=line)

    page = client.get(reverse("prizes:ballot", args=[contest.slug]))

    assert weight(page.content) <= 14 * 1024
