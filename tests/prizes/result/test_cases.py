"""Cases against votes: they follow the vote that was given, and the count waits for them."""

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from accounts.role.roles import Role
from prizes.ballot.models import Vote, cast
from prizes.ballot.voiding import Voiding
from prizes.result.counting import recount, tally
from prizes.result.models import CountProposal, Result
from prizes.result.verification import verified_now
from tests.factories import UserFactory
from tests.prizes.records import (
    ContestFactory,
    EntryFactory,
    count,
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
    return EntryFactory.create_batch(2, contest=contest)


@pytest.fixture
def officers():
    return [UserFactory(role=Role.SECRETARIAT) for _n in range(2)]


def act(client, officer, model, action, *records):
    client.force_login(officer)
    data = {"action": action, "_selected_action": [record.pk for record in records]}
    address = reverse(f"admin:prizes_{model}_changelist")
    return client.post(address, data, follow=True)


def follow(client, page, text):
    """The address behind the link with this text."""
    html = client.get(page).content.decode()
    address = re.search(rf'<a href="([^"]+)">(?:(?!</a>).)*{text}', html, re.DOTALL)
    return address[1].replace("&amp;", "&")


def change(client, person, entry):
    client.force_login(person)
    line = [entry.contest.slug, entry.category.code]
    client.post(reverse("prizes:ballot-category", args=line), {"entry": entry.pk})


def withdraw(client, person, entry):
    client.force_login(person)
    line = [entry.contest.slug, entry.category.code]
    return client.post(reverse("prizes:withdraw-vote", args=line), follow=True)


@pytest.mark.parametrize("times", [1, 2])
def test_a_voter_withdraws_while_a_case_is_open(client, nominees, officers, times):
    person = voter()
    cast(nominees[0], person)
    for _n in range(times):
        voiding(Vote.objects.get(), officers[0])

    page = withdraw(client, person, nominees[0])

    assert page.status_code == 200
    assert "your vote is withdrawn" in page.content.decode()
    assert not Vote.objects.exists()


def test_a_case_does_not_void_the_vote_to_which_the_voter_changed(
    client, nominees, officers
):
    person = voter()
    cast(nominees[0], person)
    case = voiding(Vote.objects.get(), officers[0])
    change(client, person, nominees[1])

    page = act(client, officers[1], "voiding", "confirm", case).content.decode()

    assert "The voter has changed or withdrawn this vote since" in page
    assert tally(nominees[0].contest) == {nominees[1].pk: 1}
    assert recount(nominees[0].contest) == {nominees[1].pk: 1}
    assert not Vote.objects.get().voided


def test_changing_there_and_back_is_another_vote(client, nominees, officers):
    person = voter()
    cast(nominees[0], person)
    case = voiding(Vote.objects.get(), officers[0])
    change(client, person, nominees[1])
    change(client, person, nominees[0])

    act(client, officers[1], "voiding", "confirm", case)

    assert case.state == Voiding.State.LAPSED
    assert not Vote.objects.get().voided


def test_a_second_case_against_one_vote_is_refused_beside_the_field(
    client, nominees, officers
):
    receipt = cast(nominees[0], voter()).receipt
    client.force_login(officers[0])
    form = {"receipt": receipt, "reason": "A robot", "told": "It came from a program."}
    client.post(reverse("admin:prizes_voiding_add"), form)

    page = client.post(reverse("admin:prizes_voiding_add"), form).content.decode()

    assert "A case against this vote is open already." in page
    assert Voiding.objects.count() == 1


def test_two_accounts_of_one_mailbox_are_one_officer(
    client, contest, nominees, officers
):
    name, _at, domain = officers[0].email.partition("@")
    twin = UserFactory(role=Role.SECRETARIAT, email=f"{name}+2@{domain}")
    cast(nominees[0], voter())
    case = voiding(Vote.objects.get(), officers[0])

    page = act(client, twin, "voiding", "confirm", case)

    assert "A second person must confirm." in page.content.decode()
    case.dismiss(twin)
    set_phases(contest, "selection")
    verified_now(contest)
    press(client, officers[0], contest)
    refused = press(client, twin, contest).content.decode()
    assert "A second person must confirm." in refused
    assert not Result.objects.exists()
    assert not Vote.objects.filter(voided=True).exists()


def test_no_case_begins_when_the_votes_are_counted(client, contest, nominees, officers):
    """Nobody could close it."""
    cast(nominees[0], voter())
    set_phases(contest, "selection")
    count(contest, *officers)
    client.force_login(officers[0])

    page = client.post(
        reverse("admin:prizes_voiding_add"),
        {
            "receipt": Vote.objects.get().event.receipt,
            "reason": "A robot",
            "told": "A program",
        },
    ).content.decode()

    assert "The votes have been counted: the results are final." in page
    assert not Voiding.objects.exists()


def test_voters_read_the_reason_for_them_and_not_the_one_for_the_file(
    client, nominees, officers
):
    person = voter()
    cast(nominees[0], person)
    case = voiding(
        Vote.objects.get(), officers[0], "INTERNAL: tip of Ms X", "Given by a program."
    )
    act(client, officers[1], "voiding", "confirm", case)
    client.force_login(person)
    contest = nominees[0].contest
    addresses = [
        reverse("prizes:my-votes", args=[contest.slug]),
        reverse("prizes:ballot", args=[contest.slug]),
    ]

    pages = [client.get(address).content.decode() for address in addresses]

    assert ["Given by a program." in page for page in pages] == [True, True]
    assert ["INTERNAL" in page for page in pages] == [False, False]


# --- the count ---


def count_page(contest):
    return reverse("admin:prizes_contest_count", args=[contest.pk])


def press(client, officer, contest):
    """The button of the page, with what the page shows once the record is verified."""
    verified_now(contest)
    client.force_login(officer)
    seen = client.get(count_page(contest)).context["seen"]
    return client.post(count_page(contest), {"digest": seen.digest}, follow=True)


def test_the_count_waits_for_open_cases(client, nominees, officers):
    contest = nominees[0].contest
    cast(nominees[0], voter())
    case = voiding(Vote.objects.get(), officers[0])
    set_phases(contest, "selection")

    client.force_login(officers[0])
    page = client.get(count_page(contest)).content.decode()
    with pytest.raises(CommandError, match="still open: 1"):
        call_command("count_votes", contest.slug)
    act(client, officers[1], "voiding", "dismiss", case)
    verified_now(contest)
    after = client.get(count_page(contest)).content.decode()

    assert "Cases against votes that are still open: 1." in page
    assert "Propose to freeze these results" not in page
    assert "Propose to freeze these results" in after
    assert case.state == Voiding.State.OPEN  # as it was read
    assert Voiding.objects.get().state == Voiding.State.DISMISSED
    assert not Result.objects.exists()


def test_one_officer_proposes_and_another_one_counts(client, nominees, officers):
    contest = nominees[0].contest
    for _n in range(3):
        cast(nominees[1], voter())
    set_phases(contest, "selection")

    first = press(client, officers[0], contest).content.decode()
    alone = press(client, officers[0], contest).content.decode()
    nothing = Result.objects.exists()
    client.force_login(officers[1])
    waiting = follow(client, reverse("admin:index"), "has to confirm")
    shown = client.get(follow(client, waiting, "Look at the count")).content.decode()
    done = press(client, officers[1], contest).content.decode()

    assert "A second person must confirm the count." in first
    assert "A second person must confirm." in alone
    assert not nothing
    assert str(nominees[1]) in shown
    assert f"<bdi>{officers[0]}</bdi> proposed to freeze exactly this" in shown
    assert "Results frozen: 2. Champions: 1." in done
    proposal = CountProposal.objects.get()
    assert (proposal.proposed_by, proposal.confirmed_by) == tuple(officers)
    assert {row.by for row in Result.objects.all()} == {officers[1]}
    assert "has to confirm" not in client.get(reverse("admin:index")).content.decode()


def test_numbers_that_changed_since_are_proposed_anew(client, nominees, officers):
    contest = nominees[0].contest
    cast(nominees[0], voter())
    cast(nominees[1], voter())
    set_phases(contest, "selection")
    press(client, officers[0], contest)
    old = client.get(count_page(contest)).context["seen"].digest
    nominees[1].move("remove", officers[0], "Plagiarism.")
    verified_now(contest)

    client.force_login(officers[1])
    stale = client.post(count_page(contest), {"digest": old})
    fresh = press(client, officers[1], contest).content.decode()

    assert stale.status_code == 409
    assert "has changed since you saw it" in stale.content.decode()
    assert "Proposed." in fresh
    assert not Result.objects.exists()


def test_the_command_shows_and_counts_in_the_name_of_two(nominees, officers):
    contest = nominees[0].contest
    cast(nominees[0], voter())
    set_phases(contest, "selection")

    def said(**more):
        out = io.StringIO()
        call_command("count_votes", contest.slug, stdout=out, **more)
        return out.getvalue()

    shown, first = said(), said(officer=officers[0].email)
    with pytest.raises(CommandError, match="second person"):
        said(officer=officers[0].email)
    with pytest.raises(CommandError, match="no active account of the secretariat"):
        said(officer=voter().email)
    before = Result.objects.count()
    second = said(officer=officers[1].email)

    assert "1 votes given: 1 valid, 0 void, 0 for removed entries, 0 left out." in shown
    assert "Nothing was frozen" in shown
    assert "a second officer has to confirm" in first
    assert (before, Result.objects.count()) == (0, 2)
    assert "Results frozen: 2. Champions: 1." in second


def test_a_vote_that_one_person_voids_by_sql_is_found(nominees):
    cast(nominees[0], voter())
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH void AS (INSERT INTO prizes_ballotevent (contest_id, category_id, entry_id,"
            " voter, kind, reason) SELECT contest_id, category_id, entry_id, voter, 'voiding', ''"
            " FROM prizes_ballotevent RETURNING id)"
            " UPDATE prizes_vote SET voided = true, event_id = (SELECT id FROM void)"
        )

    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_ballots", stdout=out)

    assert "without a case that two persons decided" in out.getvalue()
