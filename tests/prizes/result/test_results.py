"""Counting: the tie rule, valid votes, frozen results, the embargo, checking the chains."""

import csv
import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.moves.workflow import MoveRefused
from prizes.ballot.models import Vote, VoteRefused, cast, withdraw
from prizes.entry.fields import SAID
from prizes.entry.workflow import Status
from prizes.public_record.verifying import verify
from prizes.result.counting import ranked, recount, tally
from prizes.result.models import Result
from tests.factories import UserFactory
from tests.markup import compact
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


def vote(entry, times):
    for _n in range(times):
        cast(entry, voter())


def counted(contest):
    set_phases(contest, "selection")
    return count(contest)


@pytest.mark.parametrize(
    ("votes", "champions", "expected"),
    [
        ({1: 9, 2: 8, 3: 7}, 2, [(1, 1, True), (2, 2, True), (3, 3, False)]),
        (
            {1: 9, 2: 8, 3: 8},
            2,
            [(1, 1, True), (2, 2, True), (3, 2, True)],
        ),  # level with the last
        ({1: 5, 2: 5, 3: 5}, 2, [(1, 1, True), (2, 1, True), (3, 1, True)]),
        ({1: 9, 2: 9, 3: 8}, 2, [(1, 1, True), (2, 1, True), (3, 3, False)]),
        (
            {1: 1, 2: 0, 3: 0},
            5,
            [(1, 1, True), (2, 2, False), (3, 2, False)],
        ),  # no vote, no title
        ({}, 5, []),
    ],
)
def test_tie_rule(votes, champions, expected):
    found = ranked(votes, champions)

    assert [(row.entry, row.rank, row.champion) for row in found] == expected


def test_count_freezes_results_and_names_champions(contest):
    first, second, third = EntryFactory.create_batch(3, contest=contest)
    contest.champions_per_category = 1
    contest.save()
    vote(first, 1)
    vote(second, 3)

    counted(contest)

    rows = Result.objects.order_by("rank", "pk").values_list(
        "entry", "rank", "votes", "champion"
    )
    assert list(rows) == [
        (second.pk, 1, 3, True),
        (first.pk, 2, 1, False),
        (third.pk, 3, 0, False),
    ]
    for entry in (first, second, third):
        entry.refresh_from_db()
    assert [e.status for e in (first, second, third)] == [
        "nominated",
        "champion",
        "nominated",
    ]


@pytest.mark.parametrize(
    "sql", ["UPDATE prizes_result SET votes = 9", "DELETE FROM prizes_result"]
)
def test_results_are_frozen_by_the_database(contest, sql):
    vote(EntryFactory(contest=contest), 1)
    counted(contest)

    with (
        connection.cursor() as cursor,
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        cursor.execute(sql)


def test_counting_waits_for_the_close_and_happens_once(contest):
    entry = EntryFactory(contest=contest)
    vote(entry, 1)

    with pytest.raises(MoveRefused, match="Voting is not over"):
        count(contest)
    counted(contest)
    with pytest.raises(MoveRefused, match="The votes have been counted"):
        count(contest)
    set_phases(contest, "voting")
    with pytest.raises(VoteRefused):
        cast(entry, voter())


def test_incomplete_ballots_do_not_count_where_all_categories_are_needed(contest):
    contest.all_categories_required = True
    contest.save()
    here, there = (
        EntryFactory(contest=contest),
        EntryFactory(contest=contest, line="C1"),
    )
    whole, half = voter(), voter()
    for entry, user in ((here, whole), (there, whole), (here, half)):
        cast(entry, user)

    assert tally(contest) == recount(contest) == {here.pk: 1, there.pk: 1}


def test_votes_for_an_entry_taken_out_do_not_count(contest):
    entry = EntryFactory(contest=contest)
    vote(entry, 2)

    entry.move("remove", UserFactory(role=Role.SECRETARIAT), "Plagiarism.")

    assert tally(contest) == recount(contest) == {}
    assert verify(contest).broken is None


def test_voiding_needs_two_persons_and_stays_in_the_chain(contest):
    entry, user = EntryFactory(contest=contest), voter()
    cast(entry, user)
    one, two = UserFactory(role=Role.SECRETARIAT), UserFactory(role=Role.SECRETARIAT)
    case = voiding(Vote.objects.get(), one)

    with pytest.raises(VoteRefused, match="second person"):
        case.confirm(one)
    case.confirm(two)
    case.confirm(two)

    assert Vote.objects.get().voided
    assert tally(contest) == recount(contest) == {}
    assert verify(contest)[:3] == (2, verify(contest).root, None)
    with pytest.raises(VoteRefused, match="declared void"):
        withdraw(entry.category, user)


# --- the embargo ---


def test_champions_then_winners_appear_at_their_times(client, contest):
    entries = EntryFactory.create_batch(2, contest=contest)
    for entry in entries:
        vote(entry, 1)
    counted(contest)
    entries[0].move(
        "choose", UserFactory(role=Role.SECRETARIAT), "The clearest results."
    )
    address = reverse("prizes:results", args=[contest.slug])
    certificate = reverse("prizes:certificate", args=[entries[0].code])

    def seen():
        page = client.get(address).content.decode()
        return (
            "tag-champion" in page,
            "tag-winner" in page,
            client.get(certificate).status_code,
        )

    steps = [seen()]
    contest.champions_at = timezone.now() - datetime.timedelta(minutes=1)
    contest.save()
    steps.append(seen())
    contest.winners_at = timezone.now()
    contest.save()
    steps.append(seen())

    assert steps == [(False, False, 404), (True, False, 200), (True, True, 200)]
    page = client.get(certificate).content.decode()
    assert "The clearest results." in page
    assert "1 valid vote of members" in page


def test_csv_of_results_is_safe_for_spreadsheets(client, contest):
    contest.champions_at = timezone.now()
    contest.save()
    EntryFactory(
        contest=contest, status=Status.CHAMPION, project__title="=HYPERLINK(1)"
    )

    text = client.get(
        reverse("prizes:results-csv", args=[contest.slug])
    ).content.decode()

    assert "'=HYPERLINK(1)" in text


def test_csv_and_page_say_of_an_entry_what_its_description_says(client, contest):
    contest.champions_at = timezone.now()
    contest.save()
    entry = EntryFactory(contest=contest, status=Status.CHAMPION)

    file = client.get(reverse("prizes:results-csv", args=[contest.slug]))
    (row,) = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    page = compact(client.get(entry.get_absolute_url()).content.decode())

    said = [field.name for field in SAID]
    counted = ["contest", "category", "outcome", "rank", "votes", "amendments"]
    assert list(row) == [*counted, *said]
    assert (row["title"], row["description"]) == (entry.title, entry.description)
    assert (row["country"], row["stakeholder_type"]) == (
        entry.country_id,
        entry.stakeholder_type_id,
    )
    for name, value in (
        ("Country", entry.country),
        ("Stakeholder type", entry.stakeholder_type),
    ):
        assert f'<dt>{name}</dt><dd class="match"><bdi>{value}</bdi></dd>' in page


# --- checking ---


def tampered(sql, *values):
    """Change the database behind the triggers' back."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def said(contest):
    out = io.StringIO()
    try:
        call_command("verify_ballots", contest.slug, stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def voted(contest):
    entries = EntryFactory.create_batch(2, contest=contest)
    for entry in entries:
        vote(entry, 3)
    return contest, entries


def test_whole_ballots_verify(voted):
    contest, _entries = voted

    code, text = said(contest)

    assert (code, text) == (
        0,
        f"{contest.slug}: 6 events, root hash {verify(contest).root}\n",
    )


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        (
            "UPDATE prizes_ballotevent SET entry_id = %(other)s WHERE id = %(event)s",
            "its content was changed",
        ),
        (
            "UPDATE prizes_ballotevent SET at = at + interval '1 second' WHERE id = %(event)s",
            "its content was changed",
        ),
        (
            "WITH gone AS (DELETE FROM prizes_vote WHERE event_id = %(event)s)"
            " DELETE FROM prizes_ballotevent WHERE id = %(event)s",
            "the chain does not end where its head says",
        ),
        (
            "UPDATE prizes_chainhead SET number = number + 1 WHERE shard = %(shard)s",
            "the chain does not end where its head says",
        ),
        (
            "UPDATE prizes_vote SET entry_id = %(other)s WHERE event_id = %(event)s",
            "the current vote differs from the recorded events",
        ),
        (
            "DELETE FROM prizes_vote WHERE event_id = %(event)s",
            "the current vote differs from the recorded events",
        ),
        (
            "UPDATE prizes_vote SET voided = true WHERE event_id = %(event)s",
            "the current vote differs from the recorded events",
        ),
    ],
)
def test_every_change_behind_the_portals_back_is_found(voted, sql, problem):
    contest, (first, second) = voted
    event = Vote.objects.filter(entry=first).first().event
    if (
        Vote.objects.filter(event__shard=event.shard).count() > 1
        and "DELETE FROM prizes_b" in sql
    ):
        problem = ""  # in the middle of a chain another sentence comes first
    values = {"other": second.pk, "event": event.pk, "shard": event.shard}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET LOCAL session_replication_role = origin")

    code, text = said(contest)

    assert (code, problem in text) == (1, True)
    if "ballotevent" in sql:
        assert f"chain {event.shard}, event " in text


def test_nothing_is_counted_from_a_broken_ballot(voted):
    contest, (first, second) = voted
    tampered(
        "UPDATE prizes_vote SET entry_id = %s WHERE entry_id = %s", second.pk, first.pk
    )
    set_phases(contest, "selection")

    with pytest.raises(CommandError, match="Verification of the ballot failed"):
        call_command("count_votes", contest.slug)

    assert not Result.objects.exists()


def test_event_written_by_sql_gets_its_link(voted):
    contest, (first, _second) = voted
    user = voter()
    cast(first, user)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO prizes_ballotevent (contest_id, category_id, entry_id, voter, kind,"
            " reason, hash) SELECT contest_id, category_id, entry_id, voter, 'withdraw', '', 'x'"
            " FROM prizes_ballotevent ORDER BY id DESC LIMIT 1"
        )
        cursor.execute(
            "DELETE FROM prizes_vote WHERE id = (SELECT max(id) FROM prizes_vote)"
        )

    assert verify(contest).broken is None
