"""Contests, entries and results for machines; and the feed."""

import pytest
from django.urls import reverse
from django.utils import timezone

from prizes.ballot.models import cast
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from tests.prizes.records import ContestFactory, EntryFactory, count, set_phases, voter

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    return ContestFactory()


def ids(client, **query):
    answer = client.get("/api/v1/prizes/entries/", query)
    return [row["id"] for row in answer.json()["results"]]


def test_contest_comes_with_rules_phases_and_categories(client, contest):
    row = client.get(f"/api/v1/prizes/contests/{contest.slug}/").json()

    assert (row["title"], row["nominee_cap"], len(row["categories"])) == (
        contest.title,
        20,
        18,
    )
    assert [p["kind"] for p in row["phases"]] == [
        "submission",
        "nomination",
        "voting",
        "selection",
        "announcement",
    ]


def test_entries_are_filtered_as_in_the_gallery(client, contest):
    one = EntryFactory(contest=contest, project__title="Fishing ports")
    two = EntryFactory(contest=contest, line="C1")
    EntryFactory(contest=contest, status=Status.ACCEPTED)

    assert ids(client) == [one.pk, two.pk]
    assert ids(client, q="fishing") == [one.pk]
    assert ids(client, action_line="C1") == [two.pk]
    assert ids(client, country="KE", contest=contest.slug) == [one.pk, two.pk]
    assert ids(client, country="FR") == []


@pytest.mark.parametrize(
    "query", ["?status=winner", "?outcome=submitted", "?action_line=C99"]
)
def test_unknown_filters_are_refused(client, contest, query):
    answer = client.get("/api/v1/prizes/entries/" + query)

    assert (answer.status_code, answer["Content-Type"]) == (
        400,
        "application/problem+json",
    )


def test_outcome_under_embargo_cannot_be_filtered_for(client, contest):
    entry = EntryFactory(contest=contest, status=Status.WINNER)

    assert ids(client, outcome="winner") == ids(client, outcome="champion") == []
    assert ids(client, outcome="nominated") == [entry.pk]
    assert (
        client.get(f"/api/v1/prizes/entries/{entry.pk}/").json()["outcome"]
        == "nominated"
    )
    contest.champions_at = contest.winners_at = timezone.now()
    contest.save()
    assert ids(client, outcome="winner") == [entry.pk]


def test_results_come_with_votes_once_they_are_public(client, contest):
    entry = EntryFactory(contest=contest)
    cast(entry, voter())
    set_phases(contest, "selection")
    count(contest)
    before = client.get("/api/v1/prizes/results/").json()["results"]
    contest.champions_at = timezone.now()
    contest.save()

    (row,) = client.get("/api/v1/prizes/results/").json()["results"]

    assert before == []
    assert (row["id"], row["outcome"], row["votes"], row["rank"]) == (
        entry.pk,
        "champion",
        1,
        1,
    )
    assert row["names"]["country"] == "Kenya"


@pytest.mark.parametrize("rows", [1, 10])
@pytest.mark.parametrize(
    ("address", "queries"), [("entries", 4), ("results", 5), ("contests", 6)]
)
def test_queries_of_the_lists(
    client, django_assert_num_queries, rows, address, queries
):
    for _n in range(rows):
        contest = ContestFactory()
        contest.champions_at = timezone.now()
        contest.save()
        EntryFactory(contest=contest, status=Status.CHAMPION)
    client.get(f"/api/v1/prizes/{address}/")

    with django_assert_num_queries(queries):
        answer = client.get(f"/api/v1/prizes/{address}/")

    assert len(answer.json()["results"]) == rows


def test_feed_tells_what_has_happened(client, contest):
    contest.champions_at = timezone.now()
    contest.save()

    text = client.get(reverse("prizes:feed")).content.decode()

    assert text.count("<entry>") == 4
    assert f"{contest.title}: nominees announced, voting is open" in text
    assert f"{contest.title}: the champions" in text


def test_questions_for_other_parts_of_the_portal(contest):
    entry = EntryFactory(contest=contest, project__title="Fishing ports", line="C1")
    EntryFactory(contest=contest)
    reader = voter()

    assert list(Entry.objects.visible_to(reader).search("fishing")) == [entry]
    assert list(Entry.objects.public().of_action_line("C1")) == [entry]
