"""A worker verifies the record; the votes are counted only as they were verified."""

import html
import re

import pytest
from django.test import Client

from accounts.role.roles import Role
from common.moves.workflow import MoveRefused
from prizes.ballot.models import Vote, cast
from prizes.result.models import count_votes
from prizes.result.preview import preview
from prizes.result.tasks import work_on_verifications
from prizes.result.verification import Verification, verified_now
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, set_phases, voter
from tests.prizes.tampering import tampered

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    return ContestFactory()


@pytest.fixture
def nominees(contest):
    """Two nominees with two votes and one."""
    both = EntryFactory.create_batch(2, contest=contest)
    for number in range(3):
        cast(both[number % 2], voter())
    return both


def officer():
    client = Client()
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    return client


def read(client, contest, page="verify"):
    answer = client.get(f"/en/admin/prizes/contest/{contest.pk}/{page}/")
    return re.sub(r"\s+", " ", html.unescape(answer.content.decode()))


def press(client, contest, button):
    client.post(f"/en/admin/prizes/contest/{contest.pk}/verify/", {button: "1"})


def test_an_officer_has_the_record_verified_by_a_worker(contest, nominees):
    client = officer()
    before = read(client, contest)
    press(client, contest, "begin")
    press(client, contest, "begin")
    waiting = read(client, contest)
    done = work_on_verifications()
    text = read(client, contest)

    assert "Nobody has verified this record yet." in before
    assert "0 % done" in waiting
    assert done == 1
    assert Verification.objects.count() == 1
    assert "Everything agrees" in text
    assert Verification.objects.get().votes == {}  # nobody knows them before the close


def test_what_was_found_names_place_and_hour(contest, nominees):
    tampered("UPDATE prizes_entry SET status = 'withdrawn'")
    client = officer()
    press(client, contest, "begin")
    work_on_verifications()

    text = read(client, contest)

    assert f"nominee {nominees[0].pk}" in text or f"nominee {nominees[1].pk}" in text
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:00 UTC", text)


def test_a_verification_can_be_stopped(contest, nominees):
    client = officer()
    press(client, contest, "begin")
    press(client, contest, "stop")

    assert work_on_verifications() == 0
    assert Verification.objects.get().state == "cancelled"


def test_votes_are_counted_only_after_the_record_was_verified(contest, nominees):
    set_phases(contest, "selection")
    client = officer()
    refused = read(client, contest, "count")
    press(client, contest, "begin")
    work_on_verifications()
    shown = read(client, contest, "count")

    assert "has to be verified first" in refused
    assert "Propose to freeze these results" in shown


def test_a_change_after_verifying_asks_for_another(contest, nominees):
    set_phases(contest, "selection")
    verified_now(contest)
    assert preview(contest).valid == 3
    nominees[0].move("remove", UserFactory(role=Role.SECRETARIAT), "Not eligible")

    with pytest.raises(MoveRefused, match="has to be verified first"):
        preview(contest)
    verified_now(contest)
    assert preview(contest).valid == 1


def test_votes_changed_behind_a_verification_are_not_frozen(contest, nominees):
    set_phases(contest, "selection")
    verified_now(contest)
    one, two = (UserFactory(role=Role.SECRETARIAT) for _n in range(2))
    digest = preview(contest).digest
    tampered(f"UPDATE prizes_vote SET entry_id = {nominees[0].pk}")

    with pytest.raises(MoveRefused, match="not those that were verified"):
        count_votes(contest, one, digest)
    assert Vote.objects.filter(entry=nominees[0]).count() == 3
    assert two.pk


def test_a_record_that_does_not_verify_is_not_counted(contest, nominees):
    set_phases(contest, "selection")
    tampered("DELETE FROM prizes_vote WHERE id = (SELECT max(id) FROM prizes_vote)")
    verified_now(contest)

    with pytest.raises(MoveRefused, match="Verification of the ballot failed"):
        preview(contest)
    assert "does not verify" in read(officer(), contest)


def test_members_do_not_reach_the_page(contest):
    client = Client()
    client.force_login(voter())

    answer = client.get(f"/en/admin/prizes/contest/{contest.pk}/verify/")

    assert answer.status_code in (302, 403, 404)
    assert "Verify now" not in answer.content.decode()
